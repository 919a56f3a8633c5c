"""Studies that nobody has measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tokstat.tokenizer.single_words import CONVENTIONS
from tokstat.wordsim.study_results import Study, packaged_study


def make_study(x: Sequence[float], y: Sequence[float]) -> Study:
    """Give tokenizers that there are not, two rows each, a coverage and a WordSim."""
    study = packaged_study()
    rows = tuple(
        replace(
            study.rows[0],
            tokenizer=f"t{number // 2}",
            family=f"t{number // 2}",
            convention=CONVENTIONS[number % 2],
            coverage=value,
            wordsim=wordsim,
        )
        for number, (value, wordsim) in enumerate(zip(x, y, strict=True))
    )
    return replace(study, rows=rows)

"""The WordSim to expect of a tokenizer, from a study of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tokstat.wordsim.statistics import Interval, fit_line, left_out_errors, root_mean_square
from tokstat.wordsim.study_results import Study, column, rows_by_tokenizer

_CONFIDENCE = 0.95

_BEYOND = 0.1


@dataclass(frozen=True)
class Expectation:
    """Hold the predicted WordSim and its prediction interval.

    `confidence` is that of the interval: 0.95, or n / (n + 1) if n tokenizers allow no more.
    """

    value: float
    interval: Interval
    confidence: float
    predictor: str
    teacher: str
    tokenizers: int


def expect(study: Study, score: str, value: float) -> Expectation | None:
    """Predict WordSim from a score by the line through all rows of a study.

    The result is None for a score outside those of the study by more than a tenth of their range:
    the line is not valid there.

    The interval is by jackknife: around the line, to the 95% quantile of the largest error of each
    left-out tokenizer, with one more for the new tokenizer. Its confidence is approximate (Barber
    et al. 2021, jackknife+), for tokenizers like those of the study.
    """
    x, y = column(study.rows, score), column(study.rows, "wordsim")
    margin = _BEYOND * float(np.ptp(x))
    if not x.min() - margin <= value <= x.max() + margin:
        return None
    groups = rows_by_tokenizer(study.rows)
    slope, intercept = fit_line(x, y)
    errors = np.abs(left_out_errors(x, y, groups))
    largest = np.sort([errors[rows].max() for rows in groups])
    place = min(int(np.ceil(_CONFIDENCE * (len(largest) + 1))), len(largest)) - 1
    expected = float(intercept + slope * value)
    reach = float(largest[place])
    return Expectation(
        value=expected,
        interval=Interval(expected - reach, expected + reach),
        confidence=min(_CONFIDENCE, len(largest) / (len(largest) + 1)),
        predictor=score,
        teacher=study.teacher,
        tokenizers=len(groups),
    )


def best_predictor(study: Study, scores: Sequence[str]) -> str:
    """Return the score whose line has the least error on tokenizers left out."""
    y, groups = column(study.rows, "wordsim"), rows_by_tokenizer(study.rows)
    return min(
        scores,
        key=lambda score: root_mean_square(left_out_errors(column(study.rows, score), y, groups)),
    )

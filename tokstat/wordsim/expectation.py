"""The WordSim to expect of a tokenizer, from a study of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tokstat.wordsim.statistics import (
    Floats,
    Interval,
    fit,
    left_out_errors,
    powers,
    root_mean_square,
)
from tokstat.wordsim.study_results import Study, column, rows_by_family

_CONFIDENCE = 0.95

_BEYOND = 0.1

_FLOOR = 0.25
"""Least expected error at any score, as a share of the mean error."""

FORMS: Mapping[str, tuple[int, ...]] = {"line": (1,), "square": (2,), "quadratic": (1, 2)}
"""Powers of the score that WordSim is fitted with, beside a constant."""


PREDICTORS = ("coverage", "wordsim353_coverage")
"""Scores of the study that packaged data suffices to compute for any tokenizer."""


@dataclass(frozen=True)
class Curve:
    """Hold the score that WordSim is predicted from, the form, and its error.

    `error` is the root mean square over tokenizers left out of the fit, with all of their family.
    """

    score: str
    form: str
    error: float


@dataclass(frozen=True)
class Expectation:
    """Hold the predicted WordSim and its prediction interval.

    `confidence` is that of the interval: 0.95, or n / (n + 1) if n families allow no more.
    """

    value: float
    interval: Interval
    confidence: float
    predictor: str
    form: str
    teacher: str
    tokenizers: int


def best_curve(study: Study, scores: Sequence[str]) -> Curve:
    """Return the score and the form with the least error on families of tokenizers left out.

    A form that falls anywhere in the range of its score is left out.
    """
    y, families = column(study.rows, "wordsim"), rows_by_family(study.rows)
    curves = []
    for score in scores:
        x = column(study.rows, score)
        for form, exponents in FORMS.items():
            columns = powers(x, exponents)
            if rises(fit(columns, y), exponents, x):
                error = root_mean_square(left_out_errors(columns, y, families))
                curves.append(Curve(score, form, error))
    line = Curve(scores[0], "line", float("inf"))
    return min(curves, key=lambda curve: curve.error, default=line)


def rises(coefficients: Floats, exponents: Sequence[int], x: Floats) -> bool:
    """Tell whether a fitted form falls nowhere in the range of x."""
    steps = np.diff(powers(np.linspace(x.min(), x.max(), 50), exponents) @ coefficients)
    return bool((steps >= 0).all())


def expect(study: Study, curve: Curve, value: float) -> Expectation | None:
    """Predict WordSim from a score by the curve through all rows of a study.

    The result is None for a score outside those of the study by more than a tenth of their range:
    the curve is not valid there.

    The interval comes from the errors on families left out. It is as wide as such errors are near
    the score (locally weighted conformal inference, arXiv 1604.04173, over a jackknife, arXiv
    1905.02928): at each score the error is compared with the mean error expected there, and the
    interval reaches to the 95% quantile of the largest ratio in each family.
    """
    x, y = column(study.rows, curve.score), column(study.rows, "wordsim")
    margin = _BEYOND * float(np.ptp(x))
    if not x.min() - margin <= value <= x.max() + margin:
        return None
    families = rows_by_family(study.rows)
    columns = powers(x, FORMS[curve.form])
    errors = np.abs(left_out_errors(columns, y, families))
    at = np.array([value])
    size = _size_of_errors(x, errors, np.append(x, at))
    ratios = errors / size[:-1] if errors.any() else errors
    largest = np.sort([ratios[rows].max() for rows in families])
    place = min(int(np.ceil(_CONFIDENCE * (len(largest) + 1))), len(largest)) - 1
    expected = float((powers(at, FORMS[curve.form]) @ fit(columns, y))[0])
    reach = float(largest[place] * size[-1])
    return Expectation(
        value=expected,
        interval=Interval(expected - reach, expected + reach),
        confidence=min(_CONFIDENCE, len(largest) / (len(largest) + 1)),
        predictor=curve.score,
        form=curve.form,
        teacher=study.teacher,
        tokenizers=len({row.tokenizer for row in study.rows}),
    )


def _size_of_errors(x: Floats, errors: Floats, at: Floats) -> Floats:
    """Return the error to expect at given scores: a line through all errors, with a floor."""
    line = powers(x, (1,))
    size: Floats = np.maximum(powers(at, (1,)) @ fit(line, errors), _FLOOR * errors.mean())
    return size


@dataclass(frozen=True)
class Check:
    """Hold how well a study predicts tokenizers whose whole family is left out of everything.

    `held` of `rows` have their WordSim inside the interval. `error` is the root mean square error,
    `low_error` that of the rows whose score is below 0.6.
    """

    held: int
    rows: int
    error: float
    low_error: float | None


LOW = 0.6
"""Scores below this are low: most words are split."""


def check(study: Study, scores: Sequence[str]) -> Check:
    """Leave out each family, choose the curve anew, and predict the rows of the family."""
    errors: list[float] = []
    low: list[float] = []
    held = 0
    for places in rows_by_family(study.rows):
        left_out = [study.rows[place] for place in places]
        rest = replace(study, rows=tuple(row for row in study.rows if row not in left_out))
        curve = best_curve(rest, scores)
        for row in left_out:
            score = float(getattr(row, curve.score))
            found = expect(rest, curve, score)
            if found is None:
                continue
            errors.append(row.wordsim - found.value)
            low += [errors[-1]] if score < LOW else []
            held += found.interval.low <= row.wordsim <= found.interval.high
    return Check(
        held,
        len(errors),
        root_mean_square(np.array(errors)),
        root_mean_square(np.array(low)) if low else None,
    )

"""What WordSim goes with over the tokenizers of a study, and what to expect of another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tokstat.errors import DataError
from tokstat.experiments.results import SCORES, Study, StudyRow
from tokstat.results import SCHEMA_VERSION
from tokstat.segmentation import CONVENTIONS
from tokstat.statistics import Floats, Interval, pearson, percentile_interval, spearman

_PACKAGED = Path(__file__).parents[1] / "data" / "study.json"

_RESAMPLES = 2000
_PERMUTATIONS = 5000
_CONFIDENCE = 0.95

_FEWEST_TOKENIZERS = 3
"""So many that a line can be drawn without one of them."""


@dataclass(frozen=True)
class ScoreLink:
    """Hold how WordSim goes with one score over the rows of a study.

    Coefficients are over all rows; the interval is of Spearman's rho, by bootstrap over tokenizers,
    whose rows are drawn together. `p` is of a permutation test of rho that exchanges whole
    tokenizers, `p_holm` corrected for the number of scores tried (Holm 1979). `left_out_error` is
    the root mean square error of WordSim, predicted by a line fitted to the other tokenizers;
    `unexplained` the share of the variance that the line through all rows leaves. A score that is
    the same in all rows has no coefficients, and explains nothing.

    Most of the variance is between the conventions of one tokenizer, where scores of the vocabulary
    alone are equal and can explain nothing; `pearson_bare` and `pearson_spaced` are within each.
    """

    score: str
    spearman: float | None
    interval: Interval | None
    pearson: float | None
    pearson_bare: float | None
    pearson_spaced: float | None
    p: float
    p_holm: float
    left_out_error: float
    unexplained: float


@dataclass(frozen=True)
class PartialEffect:
    """Hold the correlation of a score with what the best predictor leaves of WordSim."""

    score: str
    given: str
    pearson: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Pair:
    """Hold one tokenizer's WordSim under both conventions: what changes with all scores equal."""

    tokenizer: str
    bare: float
    spaced: float


@dataclass(frozen=True)
class StudyLink:
    """Hold the statistics of a study; `scores` has the best predictor of left-out ones first."""

    teacher: str
    mode: str
    tokenizers: int
    rows: int
    seed: int
    baseline_error: float
    scores: tuple[ScoreLink, ...]
    partial: tuple[PartialEffect, ...]
    conventions: tuple[Pair, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}


_BEYOND = 0.1


@dataclass(frozen=True)
class Expectation:
    """Hold the WordSim to expect, and its prediction interval.

    `confidence` is that of the interval: 0.95, or n / (n + 1) where n tokenizers cannot carry more.
    """

    value: float
    interval: Interval
    confidence: float
    predictor: str
    teacher: str
    tokenizers: int


@cache
def packaged_study() -> Study:
    """Return the packaged study; `python tests/tools/build_study.py` measures it again."""
    return Study.from_json(_PACKAGED.read_text("utf-8"))


def link_study(study: Study, seed: int = 0) -> StudyLink:
    """Hold the rows' WordSim against every score.

    Raises:
        DataError: fewer than three tokenizers, or one that lacks a convention.
    """
    _check(study)
    generator = np.random.default_rng(seed)
    y = _column(study.rows, "wordsim")
    groups = _groups(study.rows)
    found = [_score_link(score, study.rows, y, groups, generator) for score in SCORES]
    corrected = _holm([each.p for each in found])
    scores = sorted(
        (
            ScoreLink(**{**vars(each), "p_holm": p})
            for each, p in zip(found, corrected, strict=True)
        ),
        key=lambda each: each.left_out_error,
    )
    best = scores[0].score
    return StudyLink(
        teacher=study.teacher,
        mode=study.mode,
        tokenizers=len(groups),
        rows=len(study.rows),
        seed=seed,
        baseline_error=_rms(_left_out_errors(np.zeros(len(y)), y, groups)),
        scores=tuple(scores),
        partial=tuple(
            _partial(score, best, study.rows, y, groups, generator)
            for score in SCORES
            if score != best
        ),
        conventions=tuple(_pairs(study.rows)),
    )


def expect(study: Study, score: str, value: float) -> Expectation | None:
    """Predict WordSim from a score by the line through all rows of a study.

    None for a score further beyond those of the study than a tenth of their range: a line is no
    knowledge of what it never met.

    The interval is a jackknife's: around the line, as far as the 95 % quantile of the largest error
    of each left-out tokenizer, with one more for the tokenizer to come. Its confidence is about
    what it says, and no guarantee (Barber et al. 2021, jackknife+), for tokenizers like these.
    """
    x, y = _column(study.rows, score), _column(study.rows, "wordsim")
    margin = _BEYOND * float(np.ptp(x))
    if not x.min() - margin <= value <= x.max() + margin:
        return None
    groups = _groups(study.rows)
    slope, intercept = _line(x, y)
    errors = np.abs(_left_out_errors(x, y, groups))
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
    """Return the score whose line does best on tokenizers left out."""
    y, groups = _column(study.rows, "wordsim"), _groups(study.rows)
    return min(
        scores, key=lambda score: _rms(_left_out_errors(_column(study.rows, score), y, groups))
    )


def _column(rows: Sequence[StudyRow], name: str) -> Floats:
    return np.array([getattr(row, name) for row in rows], np.float64)


def _groups(rows: Sequence[StudyRow]) -> list[list[int]]:
    """Return the places of each tokenizer's rows."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.tokenizer, []).append(place)
    return list(places.values())


def _check(study: Study) -> None:
    pairs: dict[str, list[str]] = {}
    for row in study.rows:
        pairs.setdefault(row.tokenizer, []).append(row.convention)
    if len(pairs) < _FEWEST_TOKENIZERS:
        raise DataError(
            f"The study's tokenizers are {len(pairs)}, and statistics need {_FEWEST_TOKENIZERS}",
            "Measure more: tokstat study.",
        )
    for name, conventions in pairs.items():
        if sorted(conventions) != sorted(CONVENTIONS):
            raise DataError(
                f"The study has {name} {' and '.join(conventions)}, and each tokenizer must be"
                f" {' and '.join(CONVENTIONS)} once",
                "Measure it again: tokstat study.",
            )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def _score_link(
    score: str,
    rows: Sequence[StudyRow],
    y: Floats,
    groups: list[list[int]],
    generator: np.random.Generator,
) -> ScoreLink:
    x = _column(rows, score)
    rho, r = spearman(x, y), pearson(x, y)
    return ScoreLink(
        score=score,
        spearman=_number(rho),
        interval=_interval_over_groups(x, y, groups, spearman, generator),
        pearson=_number(r),
        pearson_bare=_pearson_within(score, rows, "bare"),
        pearson_spaced=_pearson_within(score, rows, "spaced"),
        p=_permutation_p(x, y, groups, rho, generator),
        p_holm=1.0,
        left_out_error=_rms(_left_out_errors(x, y, groups)),
        unexplained=1.0 if np.isnan(r) else 1 - r**2,
    )


def _pearson_within(score: str, rows: Sequence[StudyRow], convention: str) -> float | None:
    some = [row for row in rows if row.convention == convention]
    return _number(pearson(_column(some, score), _column(some, "wordsim")))


def _interval_over_groups(
    x: Floats,
    y: Floats,
    groups: list[list[int]],
    statistic: Any,
    generator: np.random.Generator,
) -> Interval | None:
    samples = np.empty(_RESAMPLES)
    for number in range(_RESAMPLES):
        drawn = generator.integers(0, len(groups), len(groups))
        rows = [row for group in drawn for row in groups[group]]
        samples[number] = statistic(x[rows], y[rows])
    return percentile_interval(samples)


def _permutation_p(
    x: Floats,
    y: Floats,
    groups: list[list[int]],
    observed: float,
    generator: np.random.Generator,
) -> float:
    """Exchange the WordSim of whole tokenizers, each with as many rows; 1 without a rho."""
    if np.isnan(observed):
        return 1.0
    blocks = np.array(groups)
    hits = 0
    for _ in range(_PERMUTATIONS):
        shuffled = np.empty_like(y)
        shuffled[blocks] = y[blocks[generator.permutation(len(blocks))]]
        hits += abs(spearman(x, shuffled)) >= abs(observed) - 1e-12
    return (hits + 1) / (_PERMUTATIONS + 1)


def _holm(p_values: Sequence[float]) -> list[float]:
    order = np.argsort(p_values)
    corrected = np.empty(len(p_values))
    highest = 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = highest
    return [float(value) for value in corrected]


def _left_out_errors(x: Floats, y: Floats, groups: list[list[int]]) -> Floats:
    """Predict each tokenizer's rows by a line (or, of a constant, the mean) through the others."""
    errors = np.empty_like(y)
    for rows in groups:
        others = np.ones(len(y), np.bool_)
        others[rows] = False
        slope, intercept = _line(x[others], y[others])
        errors[rows] = y[rows] - (intercept + slope * x[rows])
    return errors


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Return slope and intercept of the least-squares line; slope 0 where x is constant."""
    centred = x - x.mean()
    # Asked of the values, as those of a constant may not be exactly zero less their mean.
    slope = float(centred @ y) / float(centred @ centred) if np.ptp(x) else 0.0
    return slope, float(y.mean() - slope * x.mean())


def _partial(
    score: str,
    given: str,
    rows: Sequence[StudyRow],
    y: Floats,
    groups: list[list[int]],
    generator: np.random.Generator,
) -> PartialEffect:
    base = _column(rows, given)
    rest_of_x = _residuals(base, _column(rows, score))
    rest_of_y = _residuals(base, y)
    return PartialEffect(
        score=score,
        given=given,
        pearson=_number(pearson(rest_of_x, rest_of_y)),
        interval=_interval_over_groups(rest_of_x, rest_of_y, groups, pearson, generator),
    )


def _residuals(x: Floats, y: Floats) -> Floats:
    slope, intercept = _line(x, y)
    # Rounded, so that nothing is left of what the line gives exactly.
    rest: Floats = (y - (intercept + slope * x)).round(12)
    return rest


def _pairs(rows: Sequence[StudyRow]) -> list[Pair]:
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        found.setdefault(row.tokenizer, {})[row.convention] = row.wordsim
    return [
        Pair(name, by_convention["bare"], by_convention["spaced"])
        for name, by_convention in found.items()
    ]


def _rms(errors: Floats) -> float:
    return float(np.sqrt(np.mean(errors**2)))

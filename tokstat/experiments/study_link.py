"""Correlations of WordSim over the tokenizers of a study, and predictions for other tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tokstat.errors import DataError
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted
from tokstat.tokenizer.single_words import CONVENTIONS
from tokstat.wordsim.statistics import (
    Floats,
    Interval,
    fit_line,
    left_out_errors,
    pearson,
    percentile_interval,
    root_mean_square,
    spearman,
)
from tokstat.wordsim.study_results import SCORES, Study, StudyRow, column, rows_by_tokenizer

_RESAMPLES = 2000
_PERMUTATIONS = 5000

_FEWEST_TOKENIZERS = 3
"""Fewest tokenizers: a line needs two points, and one tokenizer is left out."""


@dataclass(frozen=True)
class ScoreLink:
    """Hold the correlation of WordSim with one score over the rows of a study.

    Coefficients are over all rows. The interval is that of Spearman's rho, by bootstrap over
    tokenizers, whose rows are drawn together. `p` is that of a permutation test of rho which
    exchanges whole tokenizers, `p_holm` is corrected for the number of scores (Holm 1979).
    `left_out_error` is the root mean square error of WordSim, predicted by a line through the other
    tokenizers. `unexplained` is the share of the variance that the line through all rows leaves. A
    score that is equal in all rows has no coefficients, and explains nothing.

    Most of the variance is between the two conventions of one tokenizer, where vocabulary scores
    are equal and explain nothing. `pearson_bare` and `pearson_spaced` are within each convention.
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
    """Hold the partial correlation of a score with WordSim, given the best predictor."""

    score: str
    given: str
    pearson: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Pair:
    """Hold one tokenizer's WordSim under both conventions, where vocabulary scores are equal."""

    tokenizer: str
    bare: float
    spaced: float


@dataclass(frozen=True)
class StudyLink(Written):
    """Hold the statistics of a study; `scores` has the best predictor first."""

    teacher: str
    mode: str
    tokenizers: int
    rows: int
    seed: int
    baseline_error: float
    scores: tuple[ScoreLink, ...]
    partial: tuple[PartialEffect, ...]
    conventions: tuple[Pair, ...]

    def __repr__(self) -> str:
        return (
            f"<StudyLink with {quoted(self.teacher)}: {counted(self.rows, 'row')} of"
            f" {counted(self.tokenizers, 'tokenizer')};"
            f" scores {listed([each.score for each in self.scores])}>"
        )

    def to_table(self) -> Table:
        """Return a row for each score, with its interval in two columns."""
        names = [each for each in ScoreLink.__dataclass_fields__ if each != "interval"]
        plain = Table.of("scores", "Scores and WordSim", self.scores, names)
        ends = {
            f"spearman_{end}": tuple(getattr(each.interval, end, None) for each in self.scores)
            for end in ("low", "high")
        }
        return Table(plain.name, plain.title, {**plain.columns, **ends})

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}


def link_study(study: Study, seed: int = 0) -> StudyLink:
    """Correlate the rows' WordSim with every score.

    Raises:
        DataError: there are fewer than three tokenizers, or one lacks a convention.
    """
    _check(study)
    generator = np.random.default_rng(seed)
    y = column(study.rows, "wordsim")
    groups = rows_by_tokenizer(study.rows)
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
        baseline_error=root_mean_square(left_out_errors(np.zeros(len(y)), y, groups)),
        scores=tuple(scores),
        partial=tuple(
            _partial(score, best, study.rows, y, groups, generator)
            for score in SCORES
            if score != best
        ),
        conventions=tuple(_pairs(study.rows)),
    )


def _check(study: Study) -> None:
    pairs: dict[str, list[str]] = {}
    for row in study.rows:
        pairs.setdefault(row.tokenizer, []).append(row.convention)
    if len(pairs) < _FEWEST_TOKENIZERS:
        raise DataError(
            f"The study has {counted(len(pairs), 'tokenizer')}, and statistics need at least"
            f" {_FEWEST_TOKENIZERS}",
            "Measure more: tokstat study SPEC... -o FILE.",
        )
    for name, conventions in pairs.items():
        if sorted(conventions) != sorted(CONVENTIONS):
            raise DataError(
                f"The study needs {name} once {' and once '.join(CONVENTIONS)}, and has it"
                f" {' and '.join(conventions)}",
                "Measure it again: tokstat study SPEC... -o FILE.",
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
    x = column(rows, score)
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
        left_out_error=root_mean_square(left_out_errors(x, y, groups)),
        unexplained=1.0 if np.isnan(r) else 1 - r**2,
    )


def _pearson_within(score: str, rows: Sequence[StudyRow], convention: str) -> float | None:
    some = [row for row in rows if row.convention == convention]
    return _number(pearson(column(some, score), column(some, "wordsim")))


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
    """Exchange the WordSim of whole tokenizers, all with equally many rows; 1 without a rho."""
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


def _partial(
    score: str,
    given: str,
    rows: Sequence[StudyRow],
    y: Floats,
    groups: list[list[int]],
    generator: np.random.Generator,
) -> PartialEffect:
    base = column(rows, given)
    rest_of_x = _residuals(base, column(rows, score))
    rest_of_y = _residuals(base, y)
    return PartialEffect(
        score=score,
        given=given,
        pearson=_number(pearson(rest_of_x, rest_of_y)),
        interval=_interval_over_groups(rest_of_x, rest_of_y, groups, pearson, generator),
    )


def _residuals(x: Floats, y: Floats) -> Floats:
    slope, intercept = fit_line(x, y)
    # Rounding removes what is left where the line is exact.
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

"""Published WordSim results, and the vocabulary scores of their tokenizers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tokstat.results.references import references_by_name
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted
from tokstat.wordsim.published import (
    CASE,
    DISTIL,
    PublishedResult,
    published_results,
)
from tokstat.wordsim.statistics import (
    Floats,
    Interval,
    bootstrap_statistic,
    pearson,
    percentile_interval,
    spearman,
)

SCORES = (
    "whole_word_ratio",
    "casing_duplicate_ratio",
    "fragment_ratio",
    "coverage_bare",
    "coverage_spaced",
    "wordsim_coverage_bare",
    "wordsim_coverage_spaced",
)
"""The vocabulary scores that WordSim is correlated with."""

FEWEST_TOKENIZERS = 8
"""Fewest distinct tokenizers for a verdict on a correlation.

With 7 points, Spearman's rho must exceed 0.78 to differ from 0 at the 5% level, and a single
tokenizer can reverse it.
"""

_RESAMPLES = 2000


@dataclass(frozen=True)
class LinkRow:
    """Hold one published model and the scores of its tokenizer, None if that is not known."""

    model: str
    teacher: str
    kind: str
    family: str
    tokenizer: str | None
    wordsim: float
    scores: dict[str, float] | None
    source: str

    def is_of(self, group: str) -> bool:
        """Tell whether the model is in a group: "static" (all), or "distils" (distilled ones)."""
        return group == "static" or self.kind.startswith(DISTIL)


@dataclass(frozen=True)
class CaseRow:
    """Hold one row of the case, and its difference from the first row."""

    row: LinkRow
    difference: float


@dataclass(frozen=True)
class Correlation:
    """Hold the correlation of WordSim with one score, over distinct tokenizers.

    Rows of one tokenizer share every score, so they count once, by their mean WordSim;
    `tokenizers` is the n of the coefficients. The interval is of Pearson's r, by bootstrap over
    tokenizers. It is -1 to 1 if fewer than half of the samples have three distinct tokenizers.
    """

    group: str
    score: str
    rows: int
    tokenizers: int
    pearson: float | None
    spearman: float | None
    interval: Interval | None
    verdict: str


@dataclass(frozen=True)
class SameTokenizer:
    """Hold the range of WordSim over the static models of one tokenizer."""

    tokenizer: str
    rows: int
    lowest: LinkRow
    highest: LinkRow


@dataclass(frozen=True)
class PublishedLink(Written):
    """Hold what the published results can and cannot show about tokenizers.

    `boundary` is the middle between the rows of the case. `counter_examples` are static models
    with a BPE tokenizer above it, or with WordPiece below it.
    """

    case: tuple[CaseRow, ...]
    rows: tuple[LinkRow, ...]
    correlations: tuple[Correlation, ...]
    boundary: float
    counter_examples: tuple[LinkRow, ...]
    same_tokenizer: tuple[SameTokenizer, ...]

    def __repr__(self) -> str:
        return (
            f"<PublishedLink of {counted(len(self.rows), 'model')}:"
            f" {counted(len(self.correlations), 'correlation')}>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def points(self, score: str, group: str = "static") -> list[tuple[LinkRow, float]]:
        """Return the rows of a group whose tokenizer's score is known, and that score."""
        return [
            (row, row.scores[score])
            for row in self.rows
            if row.scores is not None and row.is_of(group)
        ]

    def correlation(self, group: str, score: str) -> Correlation:
        """Return the correlation of a group with a score. Raises KeyError if there is none."""
        for found in self.correlations:
            if (found.group, found.score) == (group, score):
                return found
        raise KeyError((group, score))

    def to_table(self) -> Table:
        """Return the rows with all scores, None for scores that are not known."""
        columns: dict[str, tuple[Any, ...]] = {
            name: tuple(getattr(row, name) for row in self.rows)
            for name in ("model", "teacher", "kind", "family", "tokenizer", "wordsim")
        }
        for score in SCORES:
            columns[score] = tuple((row.scores or {}).get(score) for row in self.rows)
        return Table("published", "Published results and vocabulary scores", columns)


def link_published(seed: int = 0) -> PublishedLink:
    """Join the published results with the packaged scores, and correlate them.

    All data are packaged; `seed` is that of the bootstrap.
    """
    results = [result for result in published_results() if result.is_static]
    rows = tuple(_row(result) for result in sorted(results, key=lambda result: -result.wordsim))
    by_name = {row.model: row for row in rows}
    first = by_name[CASE[0]]
    case = tuple(
        CaseRow(by_name[name], round(by_name[name].wordsim - first.wordsim, 2)) for name in CASE
    )
    boundary = (first.wordsim + max(each.row.wordsim for each in case[1:])) / 2
    groups = {
        group: [row for row in rows if row.scores and row.is_of(group)]
        for group in ("static", "distils")
    }
    generator = np.random.default_rng(seed)
    return PublishedLink(
        case=case,
        rows=rows,
        correlations=tuple(
            _correlation(group, score, members, generator)
            for group, members in groups.items()
            for score in SCORES
        ),
        boundary=boundary,
        counter_examples=tuple(row for row in rows if _contradicts(row, boundary)),
        same_tokenizer=tuple(_spreads(rows)),
    )


def _row(result: PublishedResult) -> LinkRow:
    entry = references_by_name().get(result.score_key or "")
    return LinkRow(
        model=result.model,
        teacher=result.teacher,
        kind=result.kind,
        family=result.family,
        tokenizer=result.score_key,
        wordsim=result.wordsim,
        scores={score: entry.scores[score] for score in SCORES} if entry else None,
        source=result.source,
    )


def _contradicts(row: LinkRow, boundary: float) -> bool:
    if row.family == "BPE":
        return row.wordsim > boundary
    return row.family == "WordPiece" and row.wordsim < boundary


def _spreads(rows: Sequence[LinkRow]) -> list[SameTokenizer]:
    """Return the tokenizers with several rows, the widest range first."""
    groups: dict[str, list[LinkRow]] = defaultdict(list)
    for row in rows:
        if row.tokenizer:
            groups[row.tokenizer].append(row)
    spreads = [
        SameTokenizer(
            tokenizer,
            len(members),
            min(members, key=lambda row: row.wordsim),
            max(members, key=lambda row: row.wordsim),
        )
        for tokenizer, members in groups.items()
        if len(members) > 1
    ]
    return sorted(spreads, key=lambda found: found.lowest.wordsim - found.highest.wordsim)


def _correlation(
    group: str, score: str, rows: Sequence[LinkRow], generator: np.random.Generator
) -> Correlation:
    members: dict[str, list[LinkRow]] = defaultdict(list)
    for row in rows:
        members[row.tokenizer or ""].append(row)
    x = np.array([(found[0].scores or {})[score] for found in members.values()])
    y = np.array([np.mean([row.wordsim for row in found]) for found in members.values()])
    r, rho = _number(pearson(x, y)), _number(spearman(x, y))
    interval = _interval(x, y, generator)
    return Correlation(
        group=group,
        score=score,
        rows=len(rows),
        tokenizers=len(members),
        # Two points always lie on a line: their coefficient would mean nothing.
        pearson=r if len(members) > 2 else None,
        spearman=rho if len(members) > 2 else None,
        interval=interval if len(members) > 2 else None,
        verdict=_verdict(len(members), interval),
    )


def _interval(x: Floats, y: Floats, generator: np.random.Generator) -> Interval | None:
    samples = bootstrap_statistic(x, y, _pearson_of_three, _RESAMPLES, generator)
    if np.isfinite(samples).mean() < 0.5:
        return Interval(-1.0, 1.0)
    return percentile_interval(samples)


def _pearson_of_three(x: Floats, y: Floats) -> float:
    """Return Pearson's r, NaN for fewer than three distinct points: two always lie on a line."""
    distinct = len({*zip(x.tolist(), y.tolist(), strict=True)})
    return pearson(x, y) if distinct > 2 else float("nan")


def _verdict(tokenizers: int, interval: Interval | None) -> str:
    if tokenizers < FEWEST_TOKENIZERS:
        return f"{counted(tokenizers, 'tokenizer')}: too few for a correlation"
    if interval is None or interval.low <= 0 <= interval.high:
        return "no correlation: the interval contains 0"
    return "correlated with WordSim; this shows no cause"


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None

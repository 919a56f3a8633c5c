"""The reference tokenizers: packaged scores, and the rank of a score among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tokstat.io.files import PACKAGED_DATA
from tokstat.results.report import LexiconInfo, Report, Section, Table

_FILE = PACKAGED_DATA / "reference_tokenizers.json"

SCORES = (
    "whole_word_ratio",
    "casing_duplicate_ratio",
    "family_duplicate_ratio",
    "fragment_ratio",
    "coverage_bare",
    "coverage_spaced",
    "leading_space_gap",
    "expected_wordsim_bare",
    "expected_wordsim_spaced",
    "one_token_numbers_bare",
    "one_token_numbers_spaced",
    "indentation_cost",
    "debris_ratio",
)
"""The scores that are ranked among the reference tokenizers."""

OVER_SEVEN_SETS = ("wordsim_coverage_bare", "wordsim_coverage_spaced")
"""Scores that are packaged but not ranked: over word sets that a user may not have."""


@dataclass(frozen=True)
class ReferenceTokenizer:
    """Hold the scores of one reference tokenizer, and its source.

    `sha256` is of the tokenizer.json that was read. `source` names the package and its version.
    """

    name: str
    source: str
    sha256: str
    model_type: str
    scheme: str
    vocab_size: int
    scores: dict[str, float]


@dataclass(frozen=True)
class LeftOut:
    """Name a tokenizer that is no reference, and the reference tokenizer that is nearly equal.

    `jaccard` compares the content tokens of both vocabularies by text and word boundary.
    """

    name: str
    source: str
    sha256: str
    like: str
    jaccard: float


@dataclass(frozen=True)
class Rank:
    """Count the reference tokenizers with a lower and with an equal score.

    `total` counts all of them, without the tokenizer itself if it is one of them.
    """

    lower: int
    equal: int
    total: int

    @property
    def number(self) -> int:
        """The rank among `of` tokenizers: 1 is the highest score, equal scores share one."""
        return self.total - self.lower - self.equal + 1

    @property
    def of(self) -> int:
        """The number of ranked tokenizers: the references, and the tokenizer itself."""
        return self.total + 1


@cache
def reference_tokenizers() -> tuple[ReferenceTokenizer, ...]:
    """Return the reference tokenizers; tests/tools/build_reference_tokenizers.py measures them.

    Their vocabularies are distinct: of tokenizers that share nearly all tokens one is here.
    """
    return tuple(ReferenceTokenizer(**entry) for entry in _content()["tokenizers"])


def left_out() -> tuple[LeftOut, ...]:
    """Return the tokenizers that are left out, as they are nearly equal to a reference."""
    return tuple(LeftOut(**entry) for entry in _content()["left_out"])


@cache
def references_by_name() -> dict[str, ReferenceTokenizer]:
    """Return the reference tokenizers by their names."""
    return {entry.name: entry for entry in reference_tokenizers()}


@cache
def _content() -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = json.loads(_FILE.read_text("utf-8"))
    return content


def is_comparable(lexicon: LexiconInfo) -> bool:
    """Tell whether a lexicon is that of the reference scores: wordfreq's English list."""
    return lexicon.languages == ("en",) and lexicon.source.startswith("wordfreq ")


def rank_of(score: str, value: float, sha256: str = "") -> Rank | None:
    """Return the rank of a score among the reference tokenizers; None for a score without ranks.

    `sha256` is of the tokenizer's own file, which is not counted.
    """
    if score not in SCORES:
        return None
    others = [entry.scores[score] for entry in reference_tokenizers() if entry.sha256 != sha256]
    return Rank(
        lower=sum(other < value for other in others),
        equal=sum(other == value for other in others),
        total=len(others),
    )


def ranks_of(report: Report) -> dict[str, Rank]:
    """Return the rank of each score of a report among the reference tokenizers.

    The result is empty for a report with another lexicon, as its scores cannot be compared.
    """
    if not is_comparable(report.lexicon):
        return {}
    found = {}
    for section in report.sections:
        for metric in section.metrics:
            if metric.value is not None:
                at = rank_of(metric.name, metric.value, report.tokenizer.sha256)
                if at is not None:
                    found[metric.name] = at
    return found


def rank_section(report: Report) -> Section:
    """Return the section that compares the scores of a report with the reference tokenizers."""
    found = ranks_of(report)
    title = f"Rank among {len(reference_tokenizers())} reference tokenizers"
    if not found:
        reason = "the reference scores are by wordfreq's English list only"
        return Section("reference_tokenizers", title, skipped=reason)
    columns = {
        name: sorted(entry.scores[name] for entry in reference_tokenizers()) for name in found
    }
    return Section(
        "reference_tokenizers",
        title,
        tables=(
            Table(
                "ranks",
                "Scores beside those of the reference tokenizers",
                {
                    "score": tuple(found),
                    "value": tuple(_rounded(report.metric(name).value) for name in found),
                    "higher_than": tuple(each.lower for each in found.values()),
                    "equal": tuple(each.equal for each in found.values()),
                    "of": tuple(each.total for each in found.values()),
                    "lowest": tuple(_rounded(column[0]) for column in columns.values()),
                    "median": tuple(_rounded(_median(column)) for column in columns.values()),
                    "highest": tuple(_rounded(column[-1]) for column in columns.values()),
                },
            ),
        ),
    )


def _median(column: list[float]) -> float:
    """Return the median of a sorted column; importing the module `statistics` would be slow."""
    half = len(column) // 2
    return column[half] if len(column) % 2 else (column[half - 1] + column[half]) / 2


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

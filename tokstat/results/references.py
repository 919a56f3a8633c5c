"""The reference tokenizers: packaged scores, and the rank of a score among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tokstat.io.files import PACKAGED_DATA
from tokstat.results.reference_languages import (
    LANGUAGE_DECIMALS,
    LANGUAGE_SCORES,
    language_scores,
)
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

    `sha256` is of the file that was read. `source` names the package and its version, `licence`
    that of the package by its own metadata.
    """

    name: str
    source: str
    licence: str
    sha256: str
    model_type: str
    scheme: str
    vocab_size: int
    scores: dict[str, float | None]


@dataclass(frozen=True)
class LeftOut:
    """Name a tokenizer that is no reference, and the reference tokenizer that is nearly equal.

    `jaccard` compares the content tokens of both vocabularies by text and word boundary.
    """

    name: str
    source: str
    licence: str
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


def usual_coverage(language: str) -> float | None:
    """Return the median coverage of the reference tokenizers for a language, None if not known."""
    values = values_of("coverage_spaced", language)
    return _median(sorted(values)) if values else None


def language_of(lexicon: LexiconInfo) -> str | None:
    """Return the language whose reference scores a report can be compared with.

    It is that of a lexicon of one wordfreq list; with another lexicon there is none.
    """
    if len(lexicon.languages) != 1 or not lexicon.source.startswith("wordfreq "):
        return None
    return lexicon.languages[0]


def rank_of(score: str, value: float, sha256: str = "", language: str = "en") -> Rank | None:
    """Return the rank of a score among the reference tokenizers; None for a score without ranks.

    `sha256` is of the tokenizer's own file, which is not counted.
    """
    others = values_of(score, language, sha256)
    if not others:
        return None
    return Rank(
        lower=sum(other < value for other in others),
        equal=sum(other == value for other in others),
        total=len(others),
    )


def values_of(score: str, language: str, without: str = "") -> list[float]:
    """Return the reference tokenizers' values of a score, where they have one."""
    entries = [entry for entry in reference_tokenizers() if entry.sha256 != without]
    if language == "en" and score in SCORES:
        found = [entry.scores[score] for entry in entries]
    elif score in LANGUAGE_SCORES:
        scores = language_scores(language)
        found = [scores[entry.name][score] for entry in entries if entry.name in scores]
    else:
        found = []
    return [value for value in found if value is not None]


def ranks_of(report: Report) -> dict[str, Rank]:
    """Return the rank of each score of a report among the reference tokenizers.

    The result is empty for a report whose lexicon is not one of wordfreq's lists.
    """
    language = language_of(report.lexicon)
    if language is None:
        return {}
    found = {}
    for section in report.sections:
        for metric in section.metrics:
            if metric.value is not None:
                value = _comparable(metric.name, metric.value, language)
                at = rank_of(metric.name, value, report.tokenizer.sha256, language)
                if at is not None:
                    found[metric.name] = at
    return found


def _comparable(score: str, value: float, language: str) -> float:
    """Round a value just as the packaged scores of languages are, so that equal ones are equal."""
    is_rounded = score in LANGUAGE_SCORES and not (language == "en" and score in SCORES)
    return round(value, LANGUAGE_DECIMALS) if is_rounded else value


def rank_section(report: Report) -> Section:
    """Return the section that compares the scores of a report with the reference tokenizers."""
    found = ranks_of(report)
    language = language_of(report.lexicon)
    title = f"Rank among {len(reference_tokenizers())} reference tokenizers"
    if not found or language is None:
        reason = "reference scores are only known for a single language of wordfreq"
        return Section("reference_tokenizers", title, skipped=reason)
    columns = {name: sorted(values_of(name, language)) for name in found}
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

"""The head of every rendering of a report: headline scores, and numbers for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from tokstat.render.terminal.tables import interval
from tokstat.results.from_json import is_number
from tokstat.results.language_names import named
from tokstat.results.references import Rank
from tokstat.results.report import SEVERITIES, Metric, Report, Section, Severity, TokenizerInfo
from tokstat.results.verdict import Statement
from tokstat.text.visible import shortened
from tokstat.text.wording import counted

Better = Literal["higher", "lower"]
"""Which end of a score is better; a score without a better end has none."""


@dataclass(frozen=True)
class Headline:
    """Name the metric of a headline score, its label, and the table of its examples."""

    metric: str
    label: str
    section: str
    table: str
    column: str


WORDSIM = "rank correlation of word-pair similarity with human judgement, x 100"

TERMS = (
    ("content tokens", "all tokens but special, added, byte and unused ones"),
    ("in-script tokens", "content tokens of letters in the scripts of the word list"),
    ("alone, in text", "a word encoded by itself, or after a space"),
    ("WordSim", WORDSIM),
    ("distilled model", "static embeddings made from a teacher, one vector a token"),
    ("Model2Vec", "library that distills such static embeddings"),
)
"""Terms of every report, and their meanings."""

_LONGEST_EXAMPLE = 32
_MOST_LANGUAGES = 3
_MOST_CODES = 3
_PLACE = {"higher_than", "equal", "of", "median"}

HEADLINES = (
    Headline("whole_word_ratio", "whole words", "whole_words", "frequent_whole_words", "token"),
    Headline(
        "casing_duplicate_ratio", "duplicates by case", "casing", "duplicate_families", "members"
    ),
    Headline("fragment_ratio", "fragments", "fragments", "frequent_fragments", "token"),
    Headline("leading_space_gap", "leading-space gap", "coverage", "lost_alone", "alone"),
)


@dataclass(frozen=True)
class HeadlineScore:
    """Hold the strings of one headline score.

    `metrics` are its numbers, for charts; `standing` is its rank among the reference tokenizers,
    if that is known; `beside` is what the score leaves out.
    """

    label: str
    value: str
    fraction: str
    definition: str
    examples: tuple[str, ...]
    metrics: tuple[Metric, ...]
    standing: str = ""
    beside: str = ""


def scores(report: Report, examples: int) -> list[HeadlineScore]:
    """Return the headline scores of the analyzers that ran."""
    by_id = {section.analyzer: section for section in report.sections}
    found, ranks = [], _ranks(report)
    for headline in HEADLINES:
        section = by_id.get(headline.section)
        if section is None or section.skipped:
            continue
        metric = section.metric(headline.metric)
        # A score of 0 has no examples, whatever its table lists.
        column = (
            section.table(headline.table).columns.get(headline.column, ())
            if (metric.value or 0) > 0
            else ()
        )
        found.append(
            HeadlineScore(
                label=headline.label,
                value=number(metric),
                fraction=_fraction(report, metric),
                definition=metric.definition,
                examples=tuple(
                    shortened(str(example), _LONGEST_EXAMPLE) for example in column[:examples]
                ),
                metrics=(metric, *_parts(report, metric)),
                standing=_standing(metric, ranks),
                beside=_beside(section) if headline.metric == "fragment_ratio" else "",
            )
        )
    if "expected_wordsim" in by_id and not by_id["expected_wordsim"].skipped:
        found.append(_expectation(by_id["expected_wordsim"], ranks))
    return found


def standings(report: Report) -> dict[str, str]:
    """Return the rank of each ranked score among the reference tokenizers, by its metric."""
    ranks = _ranks(report)
    return {name: _standing(report.metric(name), ranks) for name in _known(report, ranks)}


def _known(report: Report, ranks: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    return (metric.name for metric in report.metrics if metric.name in ranks)


def _beside(section: Section) -> str:
    """Say what the unknown tokens beside the fragments are."""
    counts = {metric.name: int(metric.value or 0) for metric in section.metrics}
    parts = []
    if joined := counts.get("joined_word_tokens"):
        parts.append(f"{counted(joined, 'token')} of joined words")
    if words := counts.get("other_language_tokens"):
        parts.append(f"{counted(words, 'word')} of {_languages(section)}")
    return f"not fragments: {', '.join(parts)}" if parts else ""


def _languages(section: Section) -> str:
    """Name the languages of most in-script words of other languages."""
    found = next((each for each in section.tables if each.name == "other_languages"), None)
    names = [named(str(code)) for code in (found.columns.get("language", ()) if found else ())]
    shown = ", ".join(names[:_MOST_LANGUAGES])
    more = ", …" if len(names) > _MOST_LANGUAGES else ""
    return f"other languages ({shown}{more})" if names else "other languages"


def _expectation(section: Section, ranks: Mapping[str, Mapping[str, Any]]) -> HeadlineScore:
    alone = section.metric("expected_wordsim_bare")
    after = section.metric("expected_wordsim_spaced")
    return HeadlineScore(
        label="expected WordSim",
        value=number(alone),
        fraction=f"alone, {number(after)} in text",
        definition=(after if after.value is not None else alone).scope or "",
        examples=(),
        metrics=(alone, after),
        standing=_standing(alone, ranks),
    )


def _ranks(report: Report) -> dict[str, dict[str, Any]]:
    """Return the rows of the report's table of reference tokenizers, by their scores."""
    for section in report.sections:
        for table in section.tables:
            if (section.analyzer, table.name) == ("reference_tokenizers", "ranks"):
                rows = (dict(zip(table.columns, row, strict=True)) for row in table.rows())
                return {str(row.get("score")): row for row in rows if row.keys() >= _PLACE}
    return {}


def _standing(metric: Metric, ranks: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the rank of a score among the reference tokenizers, and their median."""
    rank = ranks.get(metric.name)
    counts = ("higher_than", "equal", "of", "median")
    if rank is None or not all(is_number(rank[name]) for name in counts):
        return ""
    at = Rank(rank["higher_than"], rank["equal"], rank["of"])
    usual = rank["median"]
    around = None if metric.interval is None else (usual, usual)
    median = number(replace(metric, value=usual, interval=around)).partition(" [")[0]
    return f"rank {at.number} of {at.of} among reference tokenizers (1: highest; median {median})"


def _fraction(report: Report, metric: Metric) -> str:
    if metric.denominator is not None:
        return f"{metric.numerator:,} of {metric.denominator:,}"
    if metric.value is None and metric.name == "leading_space_gap":
        return "not applicable: no spaces between words"
    parts = _parts(report, metric)
    pairs = zip(parts, ("in text", "alone"), strict=False)
    return " − ".join(f"{number(part)} {name}" for part, name in pairs)


def _parts(report: Report, metric: Metric) -> tuple[Metric, ...]:
    """Return the two metrics whose difference a metric is."""
    if metric.name != "leading_space_gap":
        return ()
    return report.metric("coverage_spaced"), report.metric("coverage_bare")


def cited(statement: Statement) -> str:
    """Return the codes of a statement as they stand after its sentence."""
    shown = ", ".join(statement.codes[:_MOST_CODES])
    return f"{shown}, …" if len(statement.codes) > _MOST_CODES else shown


def tally(report: Report) -> str:
    """Count the findings by severity, the worst first: "1 warning, 2 info"."""
    return severities(Counter(finding.severity for finding in report.findings))


def severities(counts: Mapping[Severity, int]) -> str:
    """Write how many findings there are of each severity."""
    found = [
        (severity, counts[severity]) for severity in reversed(SEVERITIES) if counts.get(severity)
    ]
    if not found:
        return "no findings"
    return ", ".join(
        f"{count:,} {severity}{'s' if count > 1 and severity != 'info' else ''}"
        for severity, count in found
    )


def number(metric: Metric) -> str:
    """Write a metric's value for people: percent, points, or a count."""
    if metric.value is None:
        return "n/a"
    if metric.unit == "ratio":
        return f"{metric.value:.1%}"
    if metric.unit == "difference":
        return f"{metric.value * 100:+.1f} points"
    if metric.interval is not None:
        return f"{metric.value:.1f} {interval(metric.interval)}"
    return f"{metric.value:,.0f}"


def identity(tokenizer: TokenizerInfo) -> list[tuple[str, str]]:
    """Return what identifies a tokenizer, as pairs of label and value."""
    casing = "lower-cases text" if tokenizer.lowercases else "keeps case"
    scheme = "" if tokenizer.scheme == tokenizer.model_type else f", {tokenizer.scheme}"
    space = ", adds a leading space" if tokenizer.adds_leading_space else ""
    return [
        ("model", f"{tokenizer.model_type}{scheme}; {casing}{space}"),
        ("tokens", f"{tokenizer.vocab_size:,}, of them {tokenizer.added_tokens:,} added"),
        ("purpose", tokenizer.purpose or "unknown: give --purpose"),
        ("source", tokenizer.source),
        ("revision", tokenizer.revision or "none"),
        ("sha256", tokenizer.sha256),
        ("loader", tokenizer.loader),
    ]

"""What every rendering of a report leads with: headline scores, and numbers as people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tokstat.results.from_json import is_number
from tokstat.results.report import SEVERITIES, Metric, Report, Section, Severity, TokenizerInfo
from tokstat.text.unicode import shortened


@dataclass(frozen=True)
class Headline:
    """Say how one score is shown: the metric, its label, and the table its examples are from."""

    metric: str
    label: str
    section: str
    table: str
    column: str


_LONGEST_EXAMPLE = 32
_PLACE = {"higher_than", "of", "median"}

HEADLINES = (
    Headline("whole_word_ratio", "whole words", "whole_words", "frequent_whole_words", "token"),
    Headline(
        "casing_duplicate_ratio", "casing duplicates", "casing", "duplicate_families", "members"
    ),
    Headline("fragment_ratio", "fragments", "fragments", "longest_fragments", "token"),
    Headline("leading_space_gap", "leading-space gap", "coverage", "lost_alone", "alone"),
)


@dataclass(frozen=True)
class Score:
    """Hold one headline score, ready to be laid out: all strings, and the examples apart.

    `metrics` are the numbers themselves, for those who draw them; `standing` says where the score
    stands among reference tokenizers, if that is known.
    """

    label: str
    value: str
    fraction: str
    definition: str
    examples: tuple[str, ...]
    metrics: tuple[Metric, ...]
    standing: str = ""


def scores(report: Report, examples: int) -> list[Score]:
    """Return the headline scores of the analyzers that ran."""
    by_id = {section.analyzer: section for section in report.sections}
    found, places = [], _places(report)
    for headline in HEADLINES:
        section = by_id.get(headline.section)
        if section is None or section.skipped:
            continue
        metric = section.metric(headline.metric)
        # A score of nothing has no examples, whatever else its table lists.
        column = (
            section.table(headline.table).columns.get(headline.column, ())
            if (metric.value or 0) > 0
            else ()
        )
        found.append(
            Score(
                label=headline.label,
                value=number(metric),
                fraction=_fraction(report, metric),
                definition=metric.definition,
                examples=tuple(
                    shortened(str(example), _LONGEST_EXAMPLE) for example in column[:examples]
                ),
                metrics=(metric, *_parts(report, metric)),
                standing=_standing(metric, places),
            )
        )
    if "expected_wordsim" in by_id and not by_id["expected_wordsim"].skipped:
        found.append(_expectation(by_id["expected_wordsim"], places))
    return found


def _expectation(section: Section, places: Mapping[str, Mapping[str, Any]]) -> Score:
    alone = section.metric("expected_wordsim_bare")
    after = section.metric("expected_wordsim_spaced")
    return Score(
        label="expected WordSim",
        value=number(alone),
        fraction=f"alone, {number(after)} after a blank",
        definition=(after if after.value is not None else alone).scope or "",
        examples=(),
        metrics=(alone, after),
        standing=_standing(alone, places),
    )


def _places(report: Report) -> dict[str, dict[str, Any]]:
    """Return the rows of the report's table on the atlas by their scores, if it has that table."""
    for section in report.sections:
        for table in section.tables:
            if (section.analyzer, table.name) == ("atlas", "places"):
                rows = (dict(zip(table.columns, row, strict=True)) for row in table.rows())
                return {str(row.get("score")): row for row in rows if row.keys() >= _PLACE}
    return {}


def _standing(metric: Metric, places: Mapping[str, Mapping[str, Any]]) -> str:
    """Say where a score stands in the atlas, and what is usual there."""
    place = places.get(metric.name)
    if place is None or not is_number(place["median"]):
        return ""
    usual = place["median"]
    interval = None if metric.interval is None else (usual, usual)
    median = number(replace(metric, value=usual, interval=interval)).partition(" [")[0]
    return f"higher than {place['higher_than']} of {place['of']} in the atlas (median {median})"


def _fraction(report: Report, metric: Metric) -> str:
    if metric.denominator is not None:
        return f"{metric.numerator:,} of {metric.denominator:,}"
    parts = _parts(report, metric)
    return " − ".join(f"{number(part)} {part.name.partition('_')[2]}" for part in parts)


def _parts(report: Report, metric: Metric) -> tuple[Metric, ...]:
    """Return the metrics that one is the difference of."""
    if metric.name != "leading_space_gap":
        return ()
    return report.metric("coverage_spaced"), report.metric("coverage_bare")


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
        low, high = metric.interval
        return f"{metric.value:.1f} [{low:.1f}, {high:.1f}]"
    return f"{metric.value:,.0f}"


def identity(tokenizer: TokenizerInfo) -> list[tuple[str, str]]:
    """Return what identifies a tokenizer, as labels and values."""
    casing = "lower-cases text" if tokenizer.lowercases else "keeps case"
    scheme = "" if tokenizer.scheme == tokenizer.model_type else f", {tokenizer.scheme}"
    space = ", adds a leading blank" if tokenizer.adds_leading_space else ""
    return [
        ("model", f"{tokenizer.model_type}{scheme}; {casing}{space}"),
        ("tokens", f"{tokenizer.vocab_size:,}, {tokenizer.added_tokens:,} of them added"),
        ("source", tokenizer.source),
        ("revision", tokenizer.revision or "none"),
        ("sha256", tokenizer.sha256),
        ("loader", tokenizer.loader),
    ]

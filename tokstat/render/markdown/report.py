"""A report as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from tokstat.io.limits import limits
from tokstat.render.headlines import TERMS, cited, identity, number, scores
from tokstat.render.panel import short_tables
from tokstat.results.language_names import named
from tokstat.results.report import Report, Section, Table
from tokstat.results.verdict import Statement
from tokstat.text.visible import visible_line
from tokstat.text.wording import counted

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&$])")
_REFERENCE = re.compile(
    r"@(?=\w)|#(?=\d)|(?<![A-Z\d])GH-(?=\d)|(?:https?|ftp|mailto|xmpp):|www(?=\.)", re.IGNORECASE
)
_EXAMPLES = 6


def render_markdown(report: Report) -> str:
    """Write a report as GitHub-flavoured Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escape(report.tokenizer.spec)}"
    yield ""
    yield from sentences(report.verdict)
    for label, value in identity(report.tokenizer):
        yield f"- {label}: {escape(value)}"
    lexicon = report.lexicon
    languages = named(*lexicon.languages)
    words = f"{languages}: {counted(lexicon.words, 'known word')} ({lexicon.source})"
    yield f"- lexicon: {escape(words)}"
    for note in report.tokenizer.notes:
        yield f"- **note**: {escape(note)}"
    yield ""
    yield from rows(
        ("score", "value", "of", "meaning", "examples"),
        (
            (
                score.label,
                score.value,
                "; ".join(filter(None, (score.fraction, score.beside))),
                score.definition,
                "  ".join(score.examples),
            )
            for score in scores(report, _EXAMPLES)
        ),
    )
    yield from terms()
    yield "## Findings"
    yield ""
    most = limits().findings
    for finding in report.findings[:most]:
        yield f"- **{finding.severity} {escape(finding.code)}**: {escape(finding.message)}"
        yield f"  {escape(finding.hint)}"
    if len(report.findings) > most:
        yield f"- {counted(len(report.findings) - most, 'more finding')}: see --json."
    if not report.findings:
        yield "No findings."
    yield ""
    for section in report.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"## {escape(section.title)}"
    yield ""
    if section.skipped:
        yield f"Skipped: {escape(section.skipped)}."
        yield ""
        return
    if section.metrics:
        yield from rows(
            ("metric", "value", "numerator", "denominator", "definition"),
            (
                (
                    metric.name,
                    number(metric),
                    "" if metric.numerator is None else f"{metric.numerator:,}",
                    "" if metric.denominator is None else f"{metric.denominator:,}",
                    metric.definition,
                )
                for metric in section.metrics
            ),
        )
    for table in short_tables(section):
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if len(table):
        yield f"### {escape(table.title)}"
        yield ""
        most = limits().rows
        yield from rows(tuple(table.columns), islice(table.rows(), most))
        if len(table) > most:
            yield f"{counted(len(table) - most, 'more row')}: see --json."
            yield ""


def sentences(verdict: Iterable[Statement]) -> Iterator[str]:
    """Write a verdict, one sentence a line, with the codes that it rests on."""
    lines = [
        escape(each.sentence + (f" ({cited(each)})" if each.codes else "")) for each in verdict
    ]
    yield from [*lines, ""] if lines else []


def terms() -> Iterator[str]:
    """Write the definitions of terms, with an empty line after them."""
    for term, meaning in TERMS:
        yield f"- {term}: {escape(meaning)}"
    yield ""


def rows(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Write a table with every cell escaped, and an empty line after it."""
    yield "| " + " | ".join(map(escape, header)) + " |"
    yield "|" + " --- |" * len(header)
    for row in rows:
        yield "| " + " | ".join(escape(str(value)) for value in row) + " |"
    yield ""


def escape(text: str) -> str:
    """Escape text so that a Markdown line or table cell shows it as it is.

    An invisible space (U+200B) goes into what GitHub makes a link or a mention of even where it is
    escaped: `@name`, `#1`, `GH-1`, and addresses without brackets.
    """
    return _REFERENCE.sub("\\g<0>&#8203;", _SPECIAL.sub(r"\\\1", visible_line(text)))

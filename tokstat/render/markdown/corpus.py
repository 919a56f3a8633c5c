"""The report of `tokstat corpus` as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tokstat.comparison.comparison import short_labels
from tokstat.corpus.report import CorpusReport
from tokstat.io.limits import limits
from tokstat.render.markdown.report import escape, rows
from tokstat.render.terminal.corpus import (
    SHOWN_IN_TABLES,
    headline,
    size_text,
    value_text,
    words_text,
)
from tokstat.results.report import Table
from tokstat.text.wording import counted

OF_WORDS = ("words", "fertility_micro")
"""Columns of tables that are about words."""


def render_corpus_markdown(report: CorpusReport) -> str:
    """Write a report as GitHub-flavoured Markdown, with every metric and table."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: CorpusReport) -> Iterator[str]:
    labels = short_labels([each.spec for each in report.tokenizers])
    yield "# " + escape(", ".join(labels))
    yield ""
    yield escape(headline(report))
    yield ""
    yield f"{size_text(report)} ({escape(words_text(report))})."
    yield ""
    for each in report.tokenizers:
        if each.encoded_whole is not None:
            yield escape(
                f"{each.spec}: documents were encoded whole, because {each.encoded_whole}."
            )
            yield ""
        if each.engine is not None and each.engine.name:
            yield escape(f"{each.spec}: {each.engine}")
            yield ""
    for note in report.notes:
        yield escape(note)
        yield ""
    listed = [
        [metric for metric in each.metrics if metric.name not in SHOWN_IN_TABLES]
        for each in report.tokenizers
    ]
    yield from rows(
        ("metric", *labels, "definition"),
        (
            (metrics[0].name, *map(value_text, metrics), metrics[0].definition)
            for metrics in zip(*listed, strict=True)
        ),
    )
    most = limits().rows
    for table in map(_without_words, report.tables) if not report.has_words else report.tables:
        yield f"## {escape(table.title)}"
        yield ""
        yield from rows(tuple(table.columns), islice(table.rows(), most))
        if len(table) > most:
            yield f"{counted(len(table) - most, 'more row')}: see --json."
            yield ""


def _without_words(table: Table) -> Table:
    """Leave out the columns that are about words."""
    columns = {key: each for key, each in table.columns.items() if key not in OF_WORDS}
    return Table(table.name, table.title, columns)

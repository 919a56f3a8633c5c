"""The report of `tokstat corpus` as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from tokstat.comparison.comparison import short_labels
from tokstat.corpus.metrics import SHARES_LOST
from tokstat.corpus.report import CorpusReport
from tokstat.io.limits import limits
from tokstat.render.markdown.report import escape, rows
from tokstat.render.panel import samples_of
from tokstat.render.terminal.corpus import (
    SHOWN_IN_TABLES,
    headline,
    percent,
    size_text,
    value_text,
    words_text,
)
from tokstat.render.terminal.tables import cell_text
from tokstat.results.report import Table
from tokstat.splitting.split import TextSplit
from tokstat.text.wording import counted

OF_WORDS = ("words", "fertility_micro", "dropped_word_ratio")
"""Columns of tables that are about words."""

OF_SAMPLES = ("samples", "sample_tokens")
"""Tables that are written as one."""


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
    for table in map(_without_words, report.tables) if not report.has_words else report.tables:
        yield from _table(table) if table.name not in OF_SAMPLES else ()
    yield from _samples(report, labels)


def _table(table: Table) -> Iterator[str]:
    most = limits().rows
    yield f"## {escape(table.title)}"
    yield ""
    yield from rows(
        tuple(table.columns),
        (
            tuple(_cell(name, value) for name, value in zip(table.columns, row, strict=True))
            for row in islice(table.rows(), most)
        ),
    )
    if len(table) > most:
        yield f"{counted(len(table) - most, 'more row')}: see --json."
        yield ""


def _cell(column: str, value: object) -> str:
    is_share = column in SHARES_LOST and isinstance(value, float)
    return percent(value) if is_share else cell_text(value)  # type: ignore[arg-type]


def _samples(report: CorpusReport, labels: Sequence[str]) -> Iterator[str]:
    """Write the beginnings of a few documents, with the number of their tokens and the tokens."""
    splits = samples_of(report)
    if splits is not None:
        yield "## Samples"
        yield ""
        yield from rows(
            ("group", "text", *labels),
            (
                (text.name, text.text, *(f"{len(each)}: {_split(each)}" for each in text.splits))
                for text in splits.texts
            ),
        )


def _split(split: TextSplit) -> str:
    return "|".join(token.text for token in split)


def _without_words(table: Table) -> Table:
    """Leave out the columns that are about words."""
    columns = {key: each for key, each in table.columns.items() if key not in OF_WORDS}
    return Table(table.name, table.title, columns)

"""Read corpus reports that were saved as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tokstat.corpus.report import CorpusReport
from tokstat.results.from_json import build_saved, refusing
from tokstat.results.report import Table

_COLUMNS = {
    "groups": (
        *("group", "tokenizer", "documents", "bytes", "words", "tokens", "fertility_micro"),
        *("bytes_per_token", "unknown_token_ratio", "dropped_word_ratio"),
    ),
    "files": ("file", "tokenizer", "documents", "bytes", "words", "tokens", "fertility_micro"),
    "samples": ("sample", "group", "text"),
    "sample_tokens": ("sample", "tokenizer", "id", "token", "start", "end", "kind"),
    "splits": ("tokenizer", "word", "count", "tokens"),
    "problems": ("problem", "count", "places"),
    "left_out": ("file", "reason"),
    "parity": ("language", "tokenizer", "tokens", "parity", "parity_total"),
}
"""The columns that a rendered table must have, in this order. Other columns are ignored."""

_LATER = ("unknown_token_ratio", "dropped_word_ratio")
"""Columns that reports of earlier versions lack."""

_NAMES = (
    *("group", "tokenizer", "file", "word", "problem", "places", "reason", "language"),
    *("text", "token", "kind"),
)
"""Columns that hold texts. The others hold numbers."""

_MAY_BE_EMPTY = ("fertility_micro", "bytes_per_token", "parity", "parity_total", *_LATER)
"""Columns without a number where the text has no words or no tokens."""

_OF_EVERY_TOKENIZER = ("groups", "files", "parity")
"""Tables that list all tokenizers in order for every group, file or language."""


def report_from_dict(data: Mapping[str, Any]) -> CorpusReport:
    """Rebuild a report from the result of `CorpusReport.to_dict`, or from its parsed JSON.

    Raises:
        ReportError: the data has another schema version, or is not a corpus report.
    """
    with refusing("The data is not a saved corpus report", "corpus"):
        words = data.get("words") or {}
        plain = {**data, "words": words.get("name"), "word_definition": words.get("definition")}
        report = build_saved(CorpusReport, plain, "corpus report", "corpus")
        report = replace(report, tables=tuple(map(_rendered_columns, report.tables)))
        _require_sides(report)
    return report


def _require_sides(report: CorpusReport) -> None:
    """Raise ValueError unless all tokenizers have the same metrics and table rows."""
    names = {tuple((each.name, each.scope) for each in own.metrics) for own in report.tokenizers}
    if len(names) != 1:
        raise ValueError("its tokenizers do not have the same metrics")
    for table in report.tables:
        if table.name in _OF_EVERY_TOKENIZER:
            _require_every_tokenizer(table, [each.spec for each in report.tokenizers])


def _rendered_columns(table: Table) -> Table:
    """Leave out other columns. Raises ValueError or TypeError where it lacks what is rendered."""
    if table.name not in _COLUMNS:
        return table
    lacking = set(_COLUMNS[table.name]) - set(table.columns) - set(_LATER)
    if lacking:
        raise ValueError(f"its table {table.name!r} lacks {', '.join(sorted(lacking))}")
    known = {name: table.columns[name] for name in _COLUMNS[table.name] if name in table.columns}
    shown = Table(table.name, table.title, known)
    _require_kinds(shown)
    return shown


def _require_kinds(table: Table) -> None:
    """Raise TypeError if a column of texts holds another type, or a column of numbers a text."""
    for column in table.columns:
        is_name = column in _NAMES or (table.name == "splits" and column == "tokens")
        for cell in table.columns[column]:
            is_missing = cell is None and column not in _MAY_BE_EMPTY
            if isinstance(cell, str) != is_name or isinstance(cell, bool) or is_missing:
                raise TypeError(f"column {column!r} of its table {table.name!r} holds {cell!r:.60}")


def _require_every_tokenizer(table: Table, specs: list[str]) -> None:
    given = list(table.columns["tokenizer"])
    if given != specs * (len(given) // len(specs)):
        raise ValueError(f"its table {table.name!r} does not list all tokenizers for every entry")

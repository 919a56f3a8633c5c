"""One table as text: aligned columns, CSV or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tokstat.io import csv_and_json
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.text.visible import shortened, visible_line

if TYPE_CHECKING:
    from tokstat.wordsim.statistics import Interval

_WIDEST = 40

_HEADS = {"display": "token", "word_class": "word class"}
"""Heads of columns whose name in data is another."""

_TEXT_COLUMNS = (
    *("id", "display", "kind", "word_class", "script"),
    *("roles", "flags", "cause", "component", "witness"),
)


def to_json(table: Table) -> str:
    """Write a table as JSON, one list a column."""
    columns = {name: list(column) for name, column in table.columns.items()}
    data = {"schema_version": SCHEMA_VERSION, "name": table.name, "columns": columns}
    return csv_and_json.to_json(data) + "\n"


def to_csv(table: Table) -> str:
    """Write a table as CSV with a header line; None is an empty field.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    return csv_and_json.to_csv([tuple(table.columns), *table.rows()])


def to_text(table: Table) -> str:
    """Write the main columns of a token table, aligned, with a header line."""
    columns = [
        [_HEADS.get(name, name), *(shortened(_legible(value), _WIDEST) for value in column)]
        for name in _TEXT_COLUMNS
        if (column := table.columns.get(name)) is not None
    ]
    widths = [max((len(str(value)) for value in column), default=0) for column in columns]
    lines = (
        "  ".join(
            str(value).ljust(width) for value, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in zip(*columns, strict=True)
    )
    return "".join(line + "\n" for line in lines)


def _legible(value: object) -> str:
    """Write a text on one line, None as an empty text."""
    return "" if value is None else visible_line(str(value))


def interval(found: Interval | tuple[float, float] | None, decimals: int = 1) -> str:
    """Write an interval, or a dash for none."""
    if found is None:
        return "-"
    low, high = found if isinstance(found, tuple) else (found.low, found.high)
    return f"[{low:.{decimals}f}, {high:.{decimals}f}]"


def to_grid(table: Table) -> str:
    """Write a whole table as aligned text with a header line; None is a dash.

    Line breaks and control characters show as escapes.
    """
    rows = [tuple(map(cell_text, row)) for row in (tuple(table.columns), *table.rows())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numeric = [*map(is_numeric, table.columns.values())]
    lines = []
    for row in rows:
        cells = zip(row, widths, numeric, strict=True)
        line = "  ".join(
            cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells
        )
        lines.append(line.rstrip() + "\n")
    return "".join(lines)


def is_numeric(column: Sequence[object]) -> bool:
    """Whether a column has numbers alone, and is set to the right."""
    return all(isinstance(value, (int, float)) or value is None for value in column)


def cell_text(value: object) -> str:
    """Write a cell on one line; None is a dash."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}"
    whole = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,}" if whole else visible_line(str(value))

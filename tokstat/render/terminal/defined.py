"""A table of declared metrics for a terminal: aligned columns, then the definitions."""

from __future__ import annotations

from textwrap import wrap

from tokstat.render.defined import Definitions, cells_as_text, definition_lines
from tokstat.render.terminal.text import wrapped
from tokstat.results.report import Table
from tokstat.text.visible import visible_line

_WIDTH = 79


def defined_to_text(table: Table, definitions: Definitions) -> str:
    """Write a table with its title, and the definition of each column below."""
    shown = cells_as_text(table, definitions)
    numbers = [
        all(isinstance(value, (int, float)) or value is None for value in column)
        for column in table.columns.values()
    ]
    heads = [name.replace("_", " ").removeprefix("text ") for name in shown.columns]
    rows = [tuple(heads), *(tuple(map(visible_line, row)) for row in shown.rows())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [*wrapped(visible_line(table.title), _WIDTH), ""]
    for row in rows:
        cells = zip(row, widths, numbers, strict=True)
        aligned = (cell.rjust(wide) if right else cell.ljust(wide) for cell, wide, right in cells)
        lines.append("  ".join(aligned).rstrip())
    lines.append("")
    for line in definition_lines(definitions):
        lines += wrap(line, _WIDTH, subsequent_indent="  ")
    return "\n".join(lines) + "\n"

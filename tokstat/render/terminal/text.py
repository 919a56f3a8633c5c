"""Lines and tables below each other, as plain text that a terminal shows and does not obey."""

from __future__ import annotations

from collections.abc import Iterable

from tokstat.render.terminal.tables import to_grid
from tokstat.results.report import Table
from tokstat.text.unicode import visible_line


def to_text(parts: Iterable[str | Table]) -> str:
    """Write each line, whatever it is made of, and each table with an empty line after it."""
    return "".join(
        to_grid(part) + "\n" if isinstance(part, Table) else visible_line(part) + "\n"
        for part in parts
    )

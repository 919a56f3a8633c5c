"""Lines and tables as plain text for a terminal, with control characters as escapes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from tokstat.render.parts import Preformatted
from tokstat.render.terminal.tables import to_grid
from tokstat.results.report import Table
from tokstat.text.visible import visible_line


def to_text(parts: Iterable[str | Table]) -> str:
    """Write each text, wrapped at 80 columns, and each table with an empty line after it."""
    return "".join(map(_part, parts))


def _part(part: str | Table) -> str:
    if isinstance(part, Table):
        return to_grid(part) + "\n"
    if isinstance(part, Preformatted):
        return part
    return "\n".join(wrapped(visible_line(part), 80, more="  ")) + "\n"


def wrapped(text: str, width: int, *, first: str = "", more: str = "") -> list[str]:
    """Break a text into lines between its words; `first` and `more` go before the lines.

    A word that is wider than a line keeps a line of its own: broken, it could not be copied.
    """
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=more,
        break_long_words=False,
        break_on_hyphens=False,
    )

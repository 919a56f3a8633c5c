"""Tables that can be read as they are, and that the page's script sorts, filters and pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tokstat.io.limits import limits
from tokstat.render.html.markup import NOTHING, Child, Html, data_block, element
from tokstat.results.report import Table
from tokstat.text.unicode import shortened, visible_line

STATIC_ROWS = 50
"""Rows that stand in the page as HTML; the script has the others from a block of data."""

_TOKEN_COLUMNS = frozenset(
    {"token", "display", "examples", "members", "alone", "after_a_word", "pieces", "witness"}
)
"""Columns that hold tokens, and are set as such."""

_NAMES = frozenset({"id"})
"""Columns of numbers that name things, and are written without separators."""

_NARROW = 40
"""Characters in the longest row of a table, or its head, that two may stand side by side with."""

_MOST_DECIMALS = 4
_LONGEST_CELL = 240


def table_to_html(table: Table, *, key: str, note: str = "", head: bool = True) -> Html:
    """Show a table under its title; `key` is its id on the page, `note` a line below.

    `head` says whether the first column names the rows.
    """
    if not len(table):
        return NOTHING
    most = limits().rows
    columns = [_Column(name, cells[:most]) for name, cells in table.columns.items()]
    rows = list(zip(*(column.cells for column in columns), strict=True))
    rest = rows[STATIC_ROWS:]
    widest = max(sum(map(len, row)) for row in (*rows, tuple(table.columns)))
    return element(
        "div",
        element("h3", table.title, id=f"{key}-title"),
        scroller(
            table.title,
            element(
                "table",
                element("caption", table.title, class_="hidden"),
                element("thead", element("tr", (column.header() for column in columns))),
                element("tbody", (_row(columns, row, head) for row in rows[:STATIC_ROWS])),
            ),
        ),
        _unscripted(rest, len(rows)),
        cut_note(most, len(table), "rows"),
        element("p", note, class_="note") if note else None,
        class_="table wide" if widest > _NARROW else "table",
        id=key,
    )


def scroller(title: str, *content: Child) -> Html:
    """Let what is wider than the page scroll, also by keyboard."""
    return element("div", *content, class_="scroll", role="region", aria_label=title, tabindex=0)


def cut_note(most: int, count: int, what: str) -> Child:
    """Say how many of more things are shown, and how to get the others; nothing if all are."""
    if count <= most:
        return None
    told = f"The first {most:,} of {count:,} {what}; JSON has all, --limit {what}=N shows more."
    return element("p", told, class_="note")


def _unscripted(rest: Sequence[Sequence[str]], count: int) -> Child:
    """Give the script the rows that are not in the page, and tell of them where none runs."""
    if not rest:
        return None
    told = f"The first {STATIC_ROWS} of {count:,} rows; scripts are needed to see the others."
    return data_block(rest), element("p", told, class_="note unscripted")


def _row(columns: Sequence[_Column], cells: Sequence[str], head: bool) -> Html:
    return element(
        "tr",
        (
            column.cell(cell, "th" if head and not position else "td")
            for position, (column, cell) in enumerate(zip(columns, cells, strict=True))
        ),
    )


class _Column:
    """One column: its cells as strings, and how they are set."""

    def __init__(self, name: str, values: Sequence[Any]) -> None:
        present = [value for value in values if value is not None]
        self.name = name
        self.numeric = bool(present) and all(_is_number(value) for value in present)
        self.kind = "number" if self.numeric else "token-cell" if name in _TOKEN_COLUMNS else "text"
        decimals = max((_decimals(value) for value in present), default=0) if self.numeric else 0
        comma = "" if name in _NAMES else ","
        pattern = f"{{:{comma}.{decimals}f}}"
        self.cells = [
            "" if value is None else pattern.format(value) if self.numeric else _text(value)
            for value in values
        ]

    def header(self) -> Html:
        return element("th", self.name.replace("_", " "), scope="col", class_=self.kind)

    def cell(self, text: str, tag: str) -> Html:
        inner: Child = text if self.numeric else element("bdi", text)
        if self.kind == "token-cell":
            # Several tokens, maybe, and each has a direction of its own.
            inner = [(element("bdi", part), " ") for part in text.split(" ")]
        return element(tag, inner, class_=self.kind, scope="row" if tag == "th" else None)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _decimals(value: float) -> int:
    """Count the digits after the point that a number needs, up to a few."""
    if isinstance(value, int):
        return 0
    return len(f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shortened(visible_line(str(value)), _LONGEST_CELL)


def slug(text: str) -> str:
    """Make a part of an id of any text."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"

"""Tables that are legible without scripts, and that the page's script sorts, filters and pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from tokstat.io.limits import limits
from tokstat.render.html.markup import NOTHING, Child, Html, data_block, element
from tokstat.results.from_json import is_number
from tokstat.results.report import Table
from tokstat.text.visible import shortened, visible_line

STATIC_ROWS = 50
"""Rows in the page's HTML; the script reads the others from a block of data."""

_TOKEN_COLUMNS = frozenset(
    {"token", "display", "examples", "members", "alone", "after_a_word", "pieces", "witness"}
)
"""Columns of tokens, which have a style of their own."""

_NAMES = frozenset({"id"})
"""Columns of numbers that are names, and have no thousands separators."""

_NARROW = 40
"""Most characters in a row of a table that may be beside another table."""

_LONGEST_CELL = 240


def table_to_html(
    table: Table,
    *,
    key: str,
    note: str = "",
    title: bool = True,
    head: bool = True,
    decimals: int = 4,
    written: Collection[str] = (),
) -> Html:
    """Show a table under its title; `key` is its id on the page, `note` a line below.

    Without `title` it is hidden. With `head` the first column names the rows. Numbers have at most
    so many `decimals`. The columns `written` hold numbers as text with their unit: "41.1%".
    """
    if not len(table):
        return NOTHING
    most = limits().rows
    columns = [
        _Column(name, cells[:most], decimals, is_written=name in written)
        for name, cells in table.columns.items()
    ]
    rows = list(zip(*(column.cells for column in columns), strict=True))
    rest = rows[STATIC_ROWS:]
    widest = max(sum(map(len, row)) for row in (*rows, tuple(table.columns)))
    return element(
        "div",
        element("h3", table.title, id=f"{key}-title") if title else None,
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
    """Let content that is wider than the page scroll, also by keyboard."""
    return element("div", *content, class_="scroll", role="region", aria_label=title, tabindex=0)


def cut_note(most: int, count: int, what: str) -> Child:
    """Note how many things are shown, and how to see the others; nothing if all are shown."""
    if count <= most:
        return None
    told = f"First {most:,} of {count:,} {what}. For more: --limit {what}=N; for all: --json."
    return element("p", told, class_="note")


def _unscripted(rest: Sequence[Sequence[str]], count: int) -> Child:
    """Build the data of rows that are not in the page, and a note for readers without scripts."""
    if not rest:
        return None
    told = f"First {STATIC_ROWS} of {count:,} rows. Enable scripts to see the others."
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
    """Hold one column: its cells as strings, and their style."""

    def __init__(
        self, name: str, values: Sequence[Any], most: int, *, is_written: bool = False
    ) -> None:
        present = [value for value in values if value is not None]
        self.name = name
        self.numeric = bool(present) and all(map(is_number, present))
        is_number_column = self.numeric or is_written
        self.kind = (
            "number" if is_number_column else "token-cell" if name in _TOKEN_COLUMNS else "text"
        )
        decimals = (
            max((_decimals(value, most) for value in present), default=0) if self.numeric else 0
        )
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
            # There may be several tokens, and each has a text direction of its own.
            inner = [(element("bdi", part), " ") for part in text.split(" ")]
        return element(tag, inner, class_=self.kind, scope="row" if tag == "th" else None)


def _decimals(value: float, most: int) -> int:
    """Count the decimals that a number needs, up to so many."""
    if isinstance(value, int):
        return 0
    return len(f"{value:.{most}f}".rstrip("0").partition(".")[2])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shortened(visible_line(str(value)), _LONGEST_CELL)


def slug(text: str) -> str:
    """Turn any text into a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"

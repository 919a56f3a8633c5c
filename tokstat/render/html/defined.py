"""A table of declared metrics as one self-contained page, with their definitions."""

from __future__ import annotations

from tokstat.render.defined import Definitions, cells_as_text, definition_lines
from tokstat.render.html.components import panel
from tokstat.render.html.markup import element
from tokstat.render.html.page import render_page
from tokstat.render.html.tables import table_to_html
from tokstat.results.report import Table
from tokstat.version import __version__


def defined_to_html(table: Table, definitions: Definitions) -> str:
    """Write a table as a page, and the definition of each column below."""
    numbers = [
        name
        for name, cells in table.columns.items()
        if name in definitions or any(isinstance(cell, int) for cell in cells)
    ]
    texts = cells_as_text(table, definitions)
    shown = table_to_html(texts, key=table.name, title=False, head=False, written=numbers)
    meanings = element("ul", (element("li", line) for line in definition_lines(definitions)))
    return render_page(
        title=f"{table.title} · tokstat",
        header=element("p", element("b", "tokstat"), " table", class_="brand"),
        contents=(),
        body=(
            element("h1", element("bdi", table.title)),
            shown,
            panel("columns", "Columns", meanings),
        ),
        footer=element(
            "p",
            f"Written by tokstat {__version__}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )

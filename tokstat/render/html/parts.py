"""Texts and tables of a result as a page, or in a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tokstat.render.html.markup import Child, Html, element, to_ascii, with_code
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.tables import scroller
from tokstat.render.parts import Heading, Preformatted
from tokstat.render.terminal.tables import cell_text, is_numeric
from tokstat.results.report import Table
from tokstat.version import __version__

_INTERVAL = re.compile(r"\[[-+.,\d ]+\]")


def parts_to_html(title: str, parts: Iterable[str | Table]) -> str:
    """Write a title, texts and tables as one self-contained page, byte for byte reproducible."""
    return render_page(
        title=f"{title} · tokstat",
        header=element("p", element("b", "tokstat"), class_="brand"),
        contents=(),
        body=element("section", element("h1", title), parts_of_page(parts)),
        footer=element(
            "p",
            f"Written by tokstat {__version__}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )


def parts_to_fragment(title: str, parts: Iterable[str | Table]) -> str:
    """Write a title, texts and tables for a notebook's cell, without scripts and ids."""
    return to_ascii(
        element(
            "div",
            element("style", Html(asset("components.css"))),
            element("p", element("strong", title), class_="name"),
            parts_of_page(parts),
            class_="tokstat fragment",
        )
    )


def parts_of_page(parts: Iterable[str | Table]) -> Iterator[Child]:
    """Yield texts and tables as parts of a page."""
    for part in parts:
        if isinstance(part, Table):
            yield _table(part)
        elif isinstance(part, Preformatted):
            lines = ((element("bdi", line), Html("\n")) for line in part.splitlines())
            yield element("pre", *lines, class_="scroll")
        elif part:
            tag = "h2" if isinstance(part, Heading) else "p"
            yield element(tag, with_code(part.strip()))


def sections_of_page(parts: Iterable[str | Table]) -> Iterator[Html]:
    """Yield a section of a page for each heading among texts and tables."""
    content: list[str | Table] = []
    for part in (*parts, Heading()):
        if isinstance(part, Heading) and content:
            yield element("section", *parts_of_page(content))
            content = []
        content.append(part)


def _kind(column: Sequence[object]) -> str | None:
    """Return the style of a column: numbers and intervals stay on a line."""
    texts = [cell_text(value) for value in column if value is not None]
    is_interval = bool(texts) and all(map(_INTERVAL.fullmatch, texts))
    return "number" if is_numeric(column) or is_interval else None


def _table(table: Table) -> Html:
    names = tuple(table.columns)
    classes = [_kind(column) for column in table.columns.values()]
    head = (
        element("th", name, scope="col", class_=kind)
        for name, kind in zip(names, classes, strict=True)
    )
    body = (
        element(
            "tr",
            (
                element("td", element("bdi", cell_text(value)), class_=kind)
                for value, kind in zip(row, classes, strict=True)
            ),
        )
        for row in table.rows()
    )
    return scroller(
        table.title,
        element("table", element("thead", element("tr", head)), element("tbody", body)),
    )

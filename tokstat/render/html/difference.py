"""What changed between two tokenizers as a self-contained page, or in a notebook."""

from __future__ import annotations

from tokstat.comparison.difference import Difference
from tokstat.comparison.part_changes import PartDifference
from tokstat.render import changes
from tokstat.render.html.components import capital, facts, panel
from tokstat.render.html.markup import Child, Html, element, to_ascii
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.tables import table_to_html
from tokstat.results.report import Table
from tokstat.version import __version__


def render_difference_html(difference: Difference) -> str:
    """Write a difference as one self-contained page, byte for byte reproducible."""
    title = f"{difference.old} → {difference.new}"
    parts = [(f"part-{place}", part) for place, part in enumerate(difference.parts)]
    shown = [
        *([("text", "Text that shows the change", _text(difference))] if difference else []),
        *((key, capital(part.part), _table(part, key)) for key, part in parts),
    ]
    return render_page(
        title=f"{title} · tokstat",
        header=element("p", element("b", "tokstat"), " difference", class_="brand"),
        contents=[(key, heading) for key, heading, _ in shown],
        body=(
            element("div", element("h1", element("bdi", title)), _verdict(difference)),
            (panel(key, heading, body) for key, heading, body in shown),
        ),
        footer=element(
            "p",
            f"Written by tokstat {__version__}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )


def render_difference_fragment(difference: Difference) -> str:
    """Write a difference for a notebook's cell, without scripts."""
    lines = (element("li", changes.part_line(part)) for part in difference.parts)
    return to_ascii(
        element(
            "div",
            element("style", Html(asset("components.css"))),
            element("p", element("strong", f"{difference.old} → {difference.new}"), class_="name"),
            _verdict(difference),
            _text(difference) if difference else None,
            element("ul", lines) if difference else None,
            class_="tokstat",
        )
    )


def _verdict(difference: Difference) -> Child:
    notes = (element("p", note, class_="note") for note in difference.notes)
    return element("p", changes.verdict_line(difference), class_="headline"), notes


def _table(part: PartDifference, key: str) -> Html:
    columns = [*zip(*changes.rows(part), strict=True)]
    names = ("change", "name", "before", "after")
    table = Table(key, changes.kinds(part), dict(zip(names, columns, strict=True)))
    return table_to_html(table, key=f"table-{key}", head=False)


def _text(difference: Difference) -> Child:
    title = element("p", changes.text_title(difference))
    return title, facts(changes.text_rows(difference.text)) if difference.text else None

"""Parts of pages that put several tokenizers beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokstat.render.html.charts import meter
from tokstat.render.html.components import capital
from tokstat.render.html.markup import Child, Html, element
from tokstat.render.html.tables import scroller
from tokstat.text.unicode import shortened

NAMED = 3
"""So many tokenizers a heading names; of more it gives the number."""

_LONGEST = 40
"""Characters of a label; the whole spec stands once on a page."""

_LEVELS = 10
"""Steps of a heat map, each with a colour in the style sheet."""


@dataclass(frozen=True)
class Bar:
    """Hold one tokenizer's value of a score, and what share of a full bar it is."""

    value: str
    share: float
    change: str = ""
    place: str = ""


def title_of(labels: Sequence[str]) -> str:
    """Name a few tokenizers, or say how many they are."""
    if len(labels) > NAMED:
        return f"{len(labels)} tokenizers side by side"
    *others, last = (shortened(label, _LONGEST) for label in labels)
    return " and ".join(filter(None, [", ".join(others), last]))


def name(labels: Sequence[str], position: int) -> Html:
    """Write a tokenizer's number and label."""
    number = element("span", str(position + 1), class_="code")
    return element("span", number, " ", element("bdi", shortened(labels[position], _LONGEST)))


def cards(parts: Iterable[Child]) -> Html:
    """Lay cards out in rows, as many in each as there is room for."""
    return element("div", parts, class_="cards")


def bar_card(title: str, definition: str, labels: Sequence[str], bars: Sequence[Bar]) -> Html:
    """Show one score of every tokenizer as a bar."""
    changes = any(each.change for each in bars)
    return element(
        "div",
        element("h3", capital(title)),
        element(
            "ol",
            (_bar(name(labels, position), each, changes) for position, each in enumerate(bars)),
            class_="bars",
        ),
        element("p", definition, class_="definition"),
        class_="card",
    )


def _bar(who: Html, bar: Bar, changes: bool) -> Html:
    share = min(max(bar.share, 0.0), 1.0)
    return element(
        "li",
        element(
            "div",
            element("span", who, class_="who"),
            element("b", bar.value),
            element("span", bar.change, class_="change") if changes else None,
            class_="pair",
        ),
        meter(share, "word", f"A bar, {share:.0%} full"),
        element("p", bar.place, class_="place") if bar.place else None,
    )


def matrix(
    labels: Sequence[str],
    title: str,
    corner: str,
    rows: Iterable[Html],
    columns: Sequence[str] = (),
) -> Html:
    """Lay rows out with a column for each tokenizer, headed by its number, after other columns.

    Each row is a `tr` of a `th` and the cells.
    """
    heads = (
        element(
            "th",
            str(number),
            element(
                "span",
                " ",
                shortened(label, _LONGEST),
                class_="hidden" if len(labels) > NAMED else None,
            ),
            scope="col",
        )
        for number, label in enumerate(labels, 1)
    )
    return scroller(
        title,
        element(
            "table",
            element("caption", title, class_="hidden"),
            element(
                "thead",
                element(
                    "tr",
                    element("th", corner, scope="col"),
                    (element("th", each, scope="col") for each in columns),
                    heads,
                ),
            ),
            element("tbody", rows),
            class_="matrix",
        ),
    )


def row(head: Child, *cells: Child) -> Html:
    """Build a row of a matrix: its head, then cells that are built already."""
    return element("tr", element("th", head, scope="row"), *cells)


def value_cell(value: str, below: str = "") -> Html:
    """Show a value, and something smaller below it."""
    return element("td", value, element("small", below) if below else None)


def mark_cell(found: bool) -> Html:
    """Show whether something is so, to eyes and to ears."""
    sign = element("span", "●" if found else "–", aria_hidden="true")
    return element("td", sign, element("span", "yes" if found else "no", class_="hidden"))


def heat_cell(share: float | None) -> Html:
    """Show a share in a colour as strong as it is large; None is a dash."""
    if share is None:
        return element("td", "–")
    # A file that somebody wrote may claim to share more than there is.
    level = round(min(max(share, 0.0), 1.0) * _LEVELS)
    return element("td", f"{share:.1%}", class_=f"heat-{level}")

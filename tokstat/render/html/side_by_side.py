"""Parts of pages that show several tokenizers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokstat.render.html.charts import meter
from tokstat.render.html.components import capital
from tokstat.render.html.markup import Child, Html, element
from tokstat.render.html.tables import scroller
from tokstat.text.visible import shortened

NAMED = 3
"""Most tokenizers that a heading names; for more it has their number."""

_LONGEST = 40
"""Most characters of a label; the page has the whole spec once."""

_LEVELS = 10
"""Steps of a heat map, each with a colour of the style sheet."""


@dataclass(frozen=True)
class Bar:
    """Hold one tokenizer's value of a score, and its share of a full bar."""

    value: str
    share: float
    change: str = ""
    rank: str = ""


def title_of(labels: Sequence[str]) -> str:
    """Name a few tokenizers, or return their number."""
    if len(labels) > NAMED:
        return f"{len(labels)} tokenizers side by side"
    *others, last = (shortened(label, _LONGEST) for label in labels)
    return " and ".join(filter(None, [", ".join(others), last]))


def name(labels: Sequence[str], position: int) -> Html:
    """Write a tokenizer's number and label."""
    number = element("span", str(position + 1), class_="code")
    return element("span", number, " ", element("bdi", shortened(labels[position], _LONGEST)))


def cards(parts: Iterable[Child]) -> Html:
    """Lay out cards in rows that fill the page's width."""
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
        meter(share, "word", f"Bar: {share:.0%}"),
        element("p", bar.rank, class_="place") if bar.rank else None,
    )


def matrix(
    labels: Sequence[str],
    title: str,
    corner: str,
    rows: Iterable[Html],
    columns: Sequence[str] = (),
) -> Html:
    """Lay out rows with other columns first, then one a tokenizer, headed by its number.

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
    """Build a row of a matrix from its head and finished cells."""
    return element("tr", element("th", head, scope="row"), *cells)


def value_cell(value: str, below: str = "") -> Html:
    """Show a value, and a smaller text below it."""
    return element("td", value, element("small", below) if below else None)


def mark_cell(found: bool) -> Html:
    """Show yes or no as a sign, and as a word for screen readers."""
    sign = element("span", "●" if found else "–", aria_hidden="true")
    return element("td", sign, element("span", "yes" if found else "no", class_="hidden"))


def heat_cell(share: float | None) -> Html:
    """Show a share, with a stronger colour the larger it is; None is a dash."""
    if share is None:
        return element("td", "–")
    # A saved file may claim a share above 1.
    level = round(min(max(share, 0.0), 1.0) * _LEVELS)
    return element("td", f"{share:.1%}", class_=f"heat-{level}")

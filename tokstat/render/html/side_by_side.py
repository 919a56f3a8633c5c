"""Parts of pages that show several tokenizers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokstat.render.headlines import Better
from tokstat.render.html.charts import meter
from tokstat.render.html.components import capital
from tokstat.render.html.markup import Child, Html, breakable, element
from tokstat.render.html.tables import scroller
from tokstat.text.visible import shortened

NAMED = 3
"""Most tokenizers that a title names; for more it has their number."""

_LONGEST = 40
"""Most characters of a label; the page has the whole spec once."""

_LEVELS = 10
"""Steps of a heat map, each with a colour of the style sheet."""


_COLORS = 6
"""Colours of tokenizers in the style sheet; a seventh has the first one's, and its own number."""

_EQUAL = 1e-9


@dataclass(frozen=True)
class Bar:
    """Hold one tokenizer's value of a score, and its share of a full bar, None without a value.

    `rank` and `change` stand below the bar. A bar that does not compete is never the best.
    """

    value: str
    share: float | None
    change: str = ""
    rank: str = ""
    competes: bool = True


def title_of(labels: Sequence[str]) -> str:
    """Name a few tokenizers, or return their number."""
    if len(labels) > NAMED:
        return f"{len(labels)} tokenizers side by side"
    *others, last = (shortened(label, _LONGEST) for label in labels)
    return " and ".join(filter(None, [", ".join(others), last]))


def name(labels: Sequence[str], position: int) -> Html:
    """Write a tokenizer's number and label."""
    number = element("span", str(position + 1), class_=f"code who {color(position)}")
    return element(
        "span", number, " ", element("bdi", breakable(shortened(labels[position], _LONGEST)))
    )


def color(position: int) -> str:
    """Return the style of a tokenizer's colour, the same on the whole page."""
    return f"who-{position % _COLORS}"


def cards(parts: Iterable[Child]) -> Html:
    """Lay out cards in rows that fill the page's width."""
    return element("div", parts, class_="cards")


def bar_card(
    title: str,
    definition: Child,
    labels: Sequence[str],
    bars: Sequence[Bar],
    better: Better | None = None,
) -> Html:
    """Show one score of every tokenizer as a bar; where one end is better, mark the best."""
    best = _best(bars, better)
    items = (_bar(labels, position, each, position in best) for position, each in enumerate(bars))
    return element(
        "div",
        element("h3", capital(title)),
        element("ol", items, class_="bars"),
        element("p", definition, class_="definition"),
        element("p", f"{capital(better)} is better.", class_="definition") if better else None,
        class_="card",
    )


def _best(bars: Sequence[Bar], better: Better | None) -> frozenset[int]:
    """Return the places of the best bars among those that compete; of none if these are equal."""
    shares = {
        at: each.share for at, each in enumerate(bars) if each.share is not None and each.competes
    }
    lowest, highest = min(shares.values(), default=0.0), max(shares.values(), default=0.0)
    if better is None or highest - lowest <= _EQUAL:
        return frozenset()
    best = highest if better == "higher" else lowest
    return frozenset(at for at, share in shares.items() if abs(share - best) <= _EQUAL)


def _bar(labels: Sequence[str], position: int, bar: Bar, is_best: bool) -> Html:
    share = min(max(bar.share or 0.0, 0.0), 1.0)
    change = element("span", bar.change, class_="change") if bar.change else None
    below = [each for each in (bar.rank, change) if each]
    return element(
        "li",
        element(
            "div",
            element("span", name(labels, position), class_="who-name"),
            element("span", "best", class_="best") if is_best else None,
            element("b", bar.value),
            class_="pair",
        ),
        meter(share, f"who {color(position)}", f"Bar: {share:.0%}"),
        element("p", *below, class_="place") if below else None,
    )


def matrix(
    labels: Sequence[str],
    title: str,
    corner: str,
    rows: Iterable[Html],
    columns: Sequence[str] = (),
    kind: str = "",
) -> Html:
    """Lay out rows with other columns first, then one a tokenizer, headed by its number.

    Each row is a `tr` of a `th` and the cells. Cells of the kind "texts" are aligned left.
    """
    heads = (
        element(
            "th",
            element("span", str(number), class_=f"who {color(number - 1)}"),
            element("span", " ", breakable(shortened(label, _LONGEST))),
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
            class_=f"matrix {kind}".rstrip(),
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

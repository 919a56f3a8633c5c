"""What several tokenizers share, as heat maps and a table of pairs."""

from __future__ import annotations

import itertools

from tokstat.comparison.comparison import Comparison
from tokstat.comparison.overlap import Overlap
from tokstat.render.html.markup import Child, Html, element
from tokstat.render.html.side_by_side import heat_cell, matrix, name, row, value_cell
from tokstat.render.html.tables import table_to_html
from tokstat.results.report import Table

_BESIDE = 2
"""Most tokenizers of which two heat maps stand side by side."""


def shared_tokens(comparison: Comparison) -> Child:
    """Show the shares of tokens that tokenizers have in common, by text with and without space."""
    maps = (
        heat_map(comparison, comparison.surfaces, "By text and word boundary"),
        heat_map(comparison, comparison.texts, "By text alone"),
    )
    return [
        element("div", maps, class_="figures") if len(comparison.labels) <= _BESIDE else maps,
        element("div", table_to_html(_pairs(comparison), key="pairs", head=False), class_="tables"),
    ]


def heat_map(comparison: Comparison, found: Overlap, title: str) -> Html:
    """Show the share of each tokenizer's content tokens that every other one also has."""
    positions = range(len(comparison.labels))
    rows = (
        row(
            name(comparison.labels, each),
            value_cell(f"{found.sizes[each]:,}"),
            value_cell(f"{found.exclusive[each]:,}"),
            (heat_cell(None if each == other else found.share(each, other)) for other in positions),
        )
        for each in positions
    )
    note = " The share of the row's content tokens that each other tokenizer has."
    return element(
        "figure",
        element("figcaption", element("strong", title), note),
        matrix(comparison.labels, title, "tokenizer", rows, ("tokens", "in no other")),
        class_=None if len(comparison.labels) <= _BESIDE else "wide",
    )


def _pairs(comparison: Comparison) -> Table:
    surfaces, texts = comparison.surfaces, comparison.texts
    labels = [f"{number} {label}" for number, label in enumerate(comparison.labels, 1)]
    pairs = list(itertools.combinations(range(len(labels)), 2))
    columns: dict[str, list[object]] = {
        "first": [labels[one] for one, _ in pairs],
        "second": [labels[other] for _, other in pairs],
        "shared": [surfaces.shared[one][other] for one, other in pairs],
        "%_of_first": [_rounded(surfaces.share(*pair), 100, 1) for pair in pairs],
        "%_of_second": [_rounded(surfaces.share(*pair[::-1]), 100, 1) for pair in pairs],
        "Jaccard": [_rounded(surfaces.jaccard(*pair), 1, 3) for pair in pairs],
        "Jaccard_by_text_alone": [_rounded(texts.jaccard(*pair), 1, 3) for pair in pairs],
    }
    return Table(
        "pairs", "Shared tokens by pair", {key: tuple(cells) for key, cells in columns.items()}
    )


def _rounded(ratio: float | None, scale: int, digits: int) -> float | None:
    return None if ratio is None else round(ratio * scale, digits)

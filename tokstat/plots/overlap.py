"""Shared tokens of several vocabularies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tokstat.comparison.comparison import Comparison
from tokstat.plots.style import axes_or_new, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES_A_TOKENIZER = 0.7
_DARK = 0.71
"""Least share for white text: from here white has more contrast to the blue (WCAG)."""


def overlap(
    comparison: Comparison, ax: Axes | None = None, by: Literal["surfaces", "texts"] = "surfaces"
) -> Axes:
    """Plot the share of each tokenizer's content tokens that every other one also has.

    Rows are the tokenizers whose tokens count, columns those that have them. The map is not
    symmetric, as a large vocabulary may contain a small one. Tokens are equal by text and word
    boundary (`by` "surfaces"), or by text alone ("texts"). An empty vocabulary has no shares.
    """
    found = {"surfaces": comparison.surfaces, "texts": comparison.texts}[by]
    labels = [label(each) for each in comparison.labels]
    places = range(len(labels))
    width = 2 + _INCHES_A_TOKENIZER * len(places)
    axes = axes_or_new(ax, (width, width * 0.8))
    shares = [[found.share(row, column) for column in places] for row in places]
    axes.imshow(
        [[float("nan") if share is None else share for share in row] for row in shares],
        cmap="Blues",
        vmin=0,
        vmax=1,
    )
    for row in places:
        for column in places:
            share = shares[row][column]
            if share is not None:
                axes.text(
                    column,
                    row,
                    f"{share:.0%}",
                    ha="center",
                    va="center",
                    fontsize="small",
                    color="white" if share > _DARK else "black",
                )
    axes.set_xticks(places, labels, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(places, labels)
    axes.set_xlabel("share that this tokenizer has")
    axes.set_ylabel("tokens of this tokenizer")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return axes

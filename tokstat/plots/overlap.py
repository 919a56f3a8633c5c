"""What several vocabularies have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tokstat.comparison.comparison import Comparison
from tokstat.plots.style import axes_or_new, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES_A_TOKENIZER = 0.7
_DARK = 0.71
"""Share from which white stands out more from the map's blue than black does (WCAG's contrast)."""


def overlap(
    comparison: Comparison, ax: Axes | None = None, by: Literal["surfaces", "texts"] = "surfaces"
) -> Axes:
    """Draw the share of each tokenizer's content tokens that every other one has, too.

    A row is whose tokens, a column who has them, so that the map is not symmetric: a small
    vocabulary may lie within a large one. Tokens are the same with the same text and word boundary
    (`by` "surfaces") or with the same text alone ("texts"). The share of an empty vocabulary
    is left open.
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
    axes.set_xlabel("… have them, too")
    axes.set_ylabel("of the tokens of …")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return axes

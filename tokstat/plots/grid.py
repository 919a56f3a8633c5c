"""WordSim against coverage in a grid of tokenizers trained alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tokstat.experiments.grid import Grid
from tokstat.plots.style import BARE, GREEN, GREY, SPACED, axes_or_new, frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = {"BPE": "s", "WordPiece": "o", "Unigram": "^"}

_COLORS = {"alone": BARE, "in text": SPACED, "dropped": GREEN}


def grid(found: Grid, ax: Axes | None = None) -> Axes:
    """Plot WordSim against the share of frequent words that are one token, a point a row.

    Markers are algorithms, and colours what becomes of the space. Points of lower-cased tokenizers
    are hollow. The line is the curve that WordSim is predicted by from coverage.
    """
    axes = axes_or_new(ax)
    coverage = [row.coverage for row in found.rows]
    if found.curve:
        x = np.linspace(min(coverage), max(coverage), 100)
        y = np.polynomial.polynomial.polyval(x, found.curve)
        axes.plot(x, y, color=GREY, linewidth=1, zorder=1)
    for algorithm, marker in _MARKERS.items():
        for space, color in _COLORS.items():
            for casing, face in (("cased", color), ("lower-cased", "none")):
                rows = [
                    row
                    for row in found.rows
                    if (row.algorithm, row.space, row.casing) == (algorithm, space, casing)
                ]
                axes.plot(
                    [row.coverage for row in rows],
                    [row.wordsim for row in rows],
                    marker,
                    color=color,
                    markerfacecolor=face,
                    markersize=5,
                    label=f"{algorithm}, {space}" if casing == "cased" and rows else None,
                    zorder=2,
                )
    axes.plot([], [], "o", color=GREY, markerfacecolor="none", label="hollow: lower-cased")
    axes.set_xlabel("frequent words that are one token")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_ylabel("WordSim")
    axes.legend(fontsize="small", frameon=False)
    frame(axes)
    return axes

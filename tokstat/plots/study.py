"""A study's WordSim against one score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.plots.style import BARE, GREY, SPACED, axes_or_new, frame
from tokstat.wordsim.study_results import Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STYLE = {"bare": ("alone", "o", BARE), "spaced": ("in text", "s", SPACED)}


def study(found: Study, score: str, ax: Axes | None = None) -> Axes:
    """Plot WordSim against one score, with intervals: two points a tokenizer, alone and in text.

    A line joins the two points; a score of the vocabulary is equal at both ends. Raises
    AttributeError for a score that the study lacks.
    """
    axes = axes_or_new(ax)
    for name in dict.fromkeys(row.tokenizer for row in found.rows):
        pair = [row for row in found.rows if row.tokenizer == name]
        axes.plot(
            [getattr(row, score) for row in pair],
            [row.wordsim for row in pair],
            color=GREY,
            alpha=0.4,
            linewidth=1,
            zorder=1,
        )
    for convention, (label, marker, color) in _STYLE.items():
        rows = [row for row in found.rows if row.convention == convention]
        axes.errorbar(
            [getattr(row, score) for row in rows],
            [row.wordsim for row in rows],
            yerr=[
                [row.wordsim - row.interval_low for row in rows],
                [row.interval_high - row.wordsim for row in rows],
            ],
            fmt=marker,
            color=color,
            elinewidth=0.8,
            markersize=5,
            label=label,
            zorder=2,
        )
    axes.set_xlabel(score.replace("_", " "))
    axes.set_ylabel("WordSim")
    axes.legend(fontsize="small", frameon=False)
    frame(axes)
    return axes

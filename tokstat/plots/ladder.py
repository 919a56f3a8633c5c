"""WordSim after one change and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.experiments.ladder import Ladder
from tokstat.plots.style import BLUE, GREY, axes_or_new, frame, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def ladder(found: Ladder, ax: Axes | None = None) -> Axes:
    """Plot WordSim at every rung of a what-if ladder, with intervals; the target is a line.

    The number beside a rung is the change by its step.
    """
    axes = axes_or_new(ax)
    measured = [found.start, *(rung.in_sequence for rung in found.rungs)]
    labels = ["as it is", *(label(f"+ {rung.title}") for rung in found.rungs)]
    heights = list(range(len(measured)))[::-1]
    values = [each.wordsim for each in measured]
    errors = [
        [each.wordsim - each.interval[0] for each in measured],
        [each.interval[1] - each.wordsim for each in measured],
    ]
    axes.plot(values, heights, color=GREY, linewidth=1, zorder=1)
    axes.errorbar(values, heights, xerr=errors, fmt="o", color=BLUE, capsize=3, zorder=2)
    for height, rung in zip(heights[1:], found.rungs, strict=True):
        axes.annotate(
            f"{rung.change_in_sequence.value:+.1f}",
            (rung.in_sequence.interval[1], height),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
            # The line of the target may cross the text.
            bbox={"facecolor": axes.get_facecolor(), "edgecolor": "none", "pad": 1},
        )
    if found.target is not None:
        axes.axvline(found.target.wordsim, color=GREY, linestyle="--", linewidth=1)
        axes.annotate(
            label(found.target_tokenizer or ""),
            (found.target.wordsim, 1),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize="small",
        )
    axes.set_yticks(heights, labels)
    axes.margins(x=0.15, y=0.15)
    axes.set_xlim(left=0)
    axes.set_xlabel("mean of the available sets" if found.score == "mean" else found.score)
    frame(axes, grid="x")
    return axes

"""Published WordSim against the scores of tokenizers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.experiments.published_link import SCORES, LinkRow, PublishedLink
from tokstat.plots.style import BLUE, GREEN, ORANGE, axes_or_new, label
from tokstat.text.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS = {"BPE": ("s", ORANGE), "WordPiece": ("o", BLUE), "words": ("^", GREEN)}
"""Marker and colour of each family."""

_LABELLED_APART = 1.5
"""Least distance in WordSim between two labels at one x, so that none covers another."""


def link(link: PublishedLink, score: str, ax: Axes | None = None, group: str = "static") -> Axes:
    """Plot WordSim against one vocabulary score, one point for each published model of a group.

    The marker is the tokenizer's family. The title has Pearson's r with its interval over distinct
    tokenizers, and the verdict. Raises KeyError for an unknown score or group.
    """
    axes = axes_or_new(ax)
    found = link.correlation(group, score)
    points = link.points(score, group)
    for family, (marker, color) in _MARKERS.items():
        members = [(value, row.wordsim) for row, value in points if row.family == family]
        if members:
            x, y = zip(*members, strict=True)
            axes.scatter(x, y, marker=marker, color=color, alpha=0.8, label=family, zorder=3)
    _label(axes, points)
    interval = found.interval
    numbers = (
        f"r = {found.pearson:.2f} [{interval.low:.2f}, {interval.high:.2f}]"
        if found.pearson is not None and interval is not None
        else "no r"
    )
    axes.set_title(
        f"{numbers}, {counted(found.tokenizers, 'tokenizer')}\n{found.verdict}", fontsize="small"
    )
    axes.set_xlabel(score)
    axes.set_ylabel("WordSim")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="x-small", loc="best")
    return axes


def link_figure(found: PublishedLink) -> Figure:
    """Plot WordSim against every score, one panel each."""
    from matplotlib.figure import Figure

    columns = 2
    rows = -(-len(SCORES) // columns)
    figure = Figure(figsize=(5.5 * columns, 3.9 * rows), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for score, panel in zip(SCORES, panels, strict=False):
        link(found, score, panel)
    for panel in panels[len(SCORES) :]:
        panel.set_axis_off()
    return figure


def _label(axes: Axes, points: list[tuple[LinkRow, float]]) -> None:
    """Label the points, except those whose label would cover another."""
    named: list[tuple[float, float]] = []
    for row, value in points:
        if any(x == value and abs(y - row.wordsim) < _LABELLED_APART for x, y in named):
            continue
        named.append((value, row.wordsim))
        left = value > sum(axes.get_xlim()) / 2
        axes.annotate(
            label(row.model),
            (value, row.wordsim),
            # Families have two levels, so that labels of neighbours do not overlap.
            xytext=(-5 if left else 5, -5 if row.family == "BPE" else 2),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize="x-small",
        )

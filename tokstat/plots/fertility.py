"""Tokens per word, by group of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.comparison.comparison import short_labels
from tokstat.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    YELLOW,
    axes_or_new,
    frame,
    label,
)
from tokstat.results.report import Table
from tokstat.text.visible import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STYLES = (
    (BLUE, "o"),
    (ORANGE, "s"),
    (GREEN, "^"),
    (PURPLE, "D"),
    (SKY, "v"),
    (YELLOW, "P"),
    (GREY, "X"),
)
_INCHES_A_GROUP = 0.28
_LONGEST_LABEL = 28
"""Most characters of a label: two labels fit above the figure."""


def fertility(groups: Table, ax: Axes | None = None, column: str = "fertility_micro") -> Axes:
    """Plot the tokens per word of every group, such as a language, one point a tokenizer.

    `groups` has the columns `group`, `tokenizer` and `column`, with a row for each pair. None, for
    a group without words, has no point. The first tokenizer's best group is at the top, groups
    without a value are at the bottom.
    """
    columns = groups.columns
    rows = list(zip(columns["group"], columns["tokenizer"], columns[column], strict=True))
    tokenizers = list(dict.fromkeys(str(tokenizer) for _, tokenizer, _ in rows))
    values = {(str(group), str(name)): value for group, name, value in rows if value is not None}
    names = dict.fromkeys(str(group) for group, *_ in rows)
    order = sorted(names, key=lambda name: -values.get((name, tokenizers[0]), float("inf")))
    labels = dict(zip(tokenizers, short_labels(tokenizers), strict=True))
    axes = axes_or_new(ax, (5.5, 1.4 + _INCHES_A_GROUP * len(order)))
    for number, tokenizer in enumerate(tokenizers):
        color, marker = _STYLES[number % len(_STYLES)]
        points = [
            (values[group, tokenizer], place)
            for place, group in enumerate(order)
            if (group, tokenizer) in values
        ]
        axes.scatter(
            [x for x, _ in points],
            [y for _, y in points],
            color=color,
            marker=marker,
            label=label(shortened(labels[tokenizer], _LONGEST_LABEL)),
            zorder=3,
        )
    axes.set_yticks(range(len(order)), [label(group) for group in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.margins(x=0.08)
    # A word has at least one token: lower values come from words that share one.
    axes.axvline(1, color=GREY, linewidth=1, linestyle=":")
    axes.set_xlabel("tokens per word (fertility)")
    axes.legend(fontsize="small", frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    frame(axes, grid="x")
    return axes

"""A point for each group and tokenizer that has a value."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.plots.test_every_plot import GROUPS
from tokstat import plots
from tokstat.results.report import Table


def test_points_are_the_rows(axes: Axes) -> None:
    assert plots.fertility(GROUPS, axes) is axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["none", "German", "English"], "the best group is on top"
    drawn = {
        str(each.get_label()): [
            (float(x), labels[int(y)]) for x, y in np.asarray(each.get_offsets())
        ]
        for each in axes.collections
    }
    assert drawn == {
        "one": [(1.8, "German"), (1.2, "English")],
        "two": [(1.4, "German"), (1.3, "English")],
    }
    assert axes.get_xlabel() == "tokens per word (fertility)"


def test_long_names_leave_room_for_the_points() -> None:
    names = tuple(f"/a/long/path/that/goes/on/tokenizer-{n}/{'x' * 80}.json" for n in range(6))
    values = tuple(float(n) for n in range(1, 7))
    table = Table(
        "groups", "", {"group": ("de",) * 6, "tokenizer": names, "fertility_micro": values}
    )
    axes = plots.fertility(table)
    figure = axes.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert axes.get_position().width > 0.6
    assert len({str(each.get_label()) for each in axes.collections}) == 6


def test_markers_differ_by_more_than_colour(axes: Axes) -> None:
    plots.fertility(GROUPS, axes)
    shapes = {len(np.asarray(each.get_paths()[0].vertices)) for each in axes.collections}
    assert len(shapes) == 2


def test_another_column_and_its_name(axes: Axes) -> None:
    from dataclasses import replace

    columns = {**GROUPS.columns, "bytes_per_word": (5, 5, 4, 4, 3, 3)}
    plots.fertility(replace(GROUPS, columns=columns), axes, "bytes_per_word")
    assert sum(len(np.asarray(each.get_offsets())) for each in axes.collections) == 6

"""A point for each row of a grid, and the curve of coverage."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from tests.experiments.test_grid_effects import make_grid
from tokstat import plots
from tokstat.experiments.grid import Grid
from tokstat.experiments.grid_effects import with_effects


@pytest.fixture(scope="module")
def grid() -> Grid:
    return with_effects(make_grid(lambda a, s, c, b: 10 + a + s + c + b, noise=1.0))


def test_points_are_the_rows(grid: Grid, axes: Axes) -> None:
    assert plots.grid(grid, axes) is axes
    curve, *series = axes.lines
    found = sorted(
        point
        for line in series
        for point in zip(np.asarray(line.get_xdata()), np.asarray(line.get_ydata()), strict=True)
    )
    assert found == sorted((row.coverage, row.wordsim) for row in grid.rows)
    x, y = np.asarray(curve.get_xdata(), float), np.asarray(curve.get_ydata(), float)
    assert y == pytest.approx(grid.curve[0] + grid.curve[1] * x + grid.curve[2] * x**2)


def test_casing_is_told_by_the_face_of_a_marker(grid: Grid, axes: Axes) -> None:
    plots.grid(grid, axes)
    hollow = [line for line in axes.lines[1:] if line.get_markerfacecolor() == "none"]
    assert sum(len(np.asarray(line.get_xdata())) for line in hollow) == len(grid.rows) / 2
    assert len({line.get_marker() for line in axes.lines[1:]}) == 3


def test_without_effects_there_is_no_curve(axes: Axes) -> None:
    plots.grid(make_grid(lambda a, s, c, b: a), axes)
    assert all(line.get_linestyle() == "None" for line in axes.lines)

"""Grids as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tokstat
from tests.experiments.test_grid_effects import make_grid
from tokstat.experiments.grid import Grid
from tokstat.experiments.grid_effects import with_effects


@pytest.fixture(scope="module")
def grid() -> Grid:
    return with_effects(
        make_grid(lambda a, s, c, b: 20 + a + 3 * s - 2.5 * c * (b == 0) + 4 * b, noise=1.0)
    )


def test_the_text_has_every_effect(grid: Grid) -> None:
    text = tokstat.render_report(grid, width=200)
    lines = [line.split() for line in text.splitlines()]
    assert ["size", "8,000", "to", "16,000", "+3.0"] in [line[:5] for line in lines]
    assert ["alone", "BPE", "lower-cased", "17.5"] in [line[:4] for line in lines]
    # The change by casing within each level: alone it costs, elsewhere it does not.
    (within,) = (line for line in lines if line[:4] == ["cased", "to", "lower-cased", "-0.8"])
    assert within[-3:] == ["-2.5", "+0.0", "+0.0"]
    assert f"{grid.explained:.1%}" in text


def test_an_unfinished_grid_says_so(grid: Grid) -> None:
    text = tokstat.render_report(
        replace(grid, rows=grid.rows[:5], effects=(), shares=(), curve=(), explained=None),
        width=200,
    )
    assert "not finished" in text
    assert "MEAN CHANGE" not in text
    assert text.count(" (") >= 5


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_other_formats_have_the_same_numbers(grid: Grid, form: str) -> None:
    text = grid.to_markdown() if form == "markdown" else grid.to_html()
    assert "8,000 to 16,000" in text
    assert "+3.0" in text

"""What holds for every plot: it draws where it is told to, for all eyes, and does no more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

import tokstat
from tokstat import plots
from tokstat.comparison.comparison import Comparison
from tokstat.experiments.ladder import Ladder
from tokstat.plots import style
from tokstat.results.report import Report, Table
from tokstat.text.visible import visible_line
from tokstat.wordsim.study_results import Study

Draw = Callable[[Axes | None], Axes]

NAMES = sorted(set(plots.__all__) - {"link_figure", "save"})

PALETTE = {style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.SKY, style.YELLOW, style.GREY}

GROUPS = Table(
    "groups",
    "By group",
    {
        "group": ("German", "German", "English", "English", "none", "none"),
        "tokenizer": ("org/one", "org/two") * 3,
        "fertility_micro": (1.8, 1.4, 1.2, 1.3, None, None),
    },
)

LEAST_POINTS = 6.5
"""Print of 6 points is the least that journals take."""


@pytest.fixture(params=NAMES)
def draw(
    request: pytest.FixtureRequest,
    report: Report,
    ladder: Ladder,
    study: Study,
    comparison: Comparison,
) -> Draw:
    published = tokstat.link_published()
    section = report.section
    found: dict[str, Draw] = {
        "composition": lambda ax: plots.composition(section("whole_words"), ax),
        "coverage": lambda ax: plots.coverage(section("coverage"), ax),
        "duplicate_families": lambda ax: plots.duplicate_families(section("casing"), ax),
        "duplicates": lambda ax: plots.duplicates(section("casing"), ax),
        "fertility": lambda ax: plots.fertility(GROUPS, ax),
        "fragments_by_rank": lambda ax: plots.fragments_by_rank(section("fragments"), ax),
        "grid": lambda ax: plots.grid(tokstat.read_grid(), ax),
        "ladder": lambda ax: plots.ladder(ladder, ax),
        "lengths": lambda ax: plots.lengths(section("composition"), ax),
        "link": lambda ax: plots.link(published, "whole_word_ratio", ax),
        "overlap": lambda ax: plots.overlap(comparison, ax),
        "study": lambda ax: plots.study(study, "wordsim353_coverage", ax),
    }
    return found[request.param]


def test_given_axes_are_used_and_returned(draw: Draw) -> None:
    left, right = Figure(layout="constrained").subplots(1, 2)
    assert draw(right) is right
    assert right.has_data()
    assert not left.has_data()


def test_without_axes_it_makes_its_own(draw: Draw) -> None:
    one, other = draw(None), draw(None)
    assert one.figure is not other.figure


def test_no_setting_changes_and_no_figure_is_kept(draw: Draw) -> None:
    before = dict(mpl.rcParams)
    figure = draw(None).figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    assert dict(mpl.rcParams) == before
    assert (
        "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    )


def test_it_is_legible_and_within_the_figure_at_column_width(draw: Draw, axes: Axes) -> None:
    draw(axes)
    figure = axes.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    texts = [
        text
        for text in axes.findobj(Text)
        if isinstance(text, Text) and text.get_text().strip() and text.get_visible()
    ]
    assert texts
    assert min(float(text.get_fontsize()) for text in texts) >= LEAST_POINTS
    width, height = figure.bbox.size
    low, high = sorted(axes.get_ylim())
    inside = [label for label in axes.get_yticklabels() if low <= label.get_position()[1] <= high]
    for text in (axes.xaxis.label, axes.yaxis.label, *axes.texts, *inside):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= -1, text
            assert box.y0 >= -1, text
            assert box.x1 <= width + 1, text
            assert box.y1 <= height + 1, text


def test_axes_say_what_they_show(draw: Draw, axes: Axes) -> None:
    draw(axes)
    assert axes.get_xlabel()
    # Bars with names of their own need no name for all of them.
    assert axes.get_ylabel() or axes.get_yticklabels()


def test_colours_are_of_the_palette(draw: Draw, axes: Axes) -> None:
    draw(axes)
    if axes.images:
        assert axes.images[0].get_cmap().name == "Blues"
        return
    colors = {to_hex(line.get_color()) for line in axes.lines}
    colors |= {
        to_hex(patch.get_facecolor() if patch.get_fill() else patch.get_edgecolor())
        for patch in axes.patches
    }
    for collection in axes.collections:
        colors |= {to_hex(color) for color in np.asarray(collection.get_facecolor())}
        colors |= {to_hex(color) for color in np.asarray(collection.get_edgecolor())}
    assert colors
    assert {color.upper() for color in colors} <= {color.upper() for color in PALETTE}


@pytest.mark.parametrize(
    "name", ["$", "$x$", r"$\frac{1$ and $", r"\$5", "_hidden", "a\x1b[2Jb\u202e\n"]
)
def test_any_name_is_drawn_as_it_stands(name: str, comparison: Comparison) -> None:
    """A dollar would begin a formula, which most names are not."""
    columns = {**GROUPS.columns, "group": (name, name, "English", "English", "none", "none")}
    axes = plots.fertility(Table("groups", "By group", columns))
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()
    drawn = [text.get_text().replace(r"\$", "$").lstrip() for text in axes.get_yticklabels()]
    assert visible_line(name) in drawn
    first, *others = comparison.labels
    axes = plots.overlap(replace(comparison, labels=(first + name, *others)))
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()
    assert visible_line(first + name) in axes.get_yticklabels()[0].get_text().replace(r"\$", "$")

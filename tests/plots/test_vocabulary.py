"""Bars and points are the counts of the report's tables."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tokstat import plots
from tokstat.results.report import Report, Table


def bars(axes: Axes) -> dict[str, tuple[float, str]]:
    """Return the length and the annotation of each horizontal bar by its label."""
    names = {
        float(place): label.get_text()
        for place, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    }
    notes = {cast("Any", text).xy[1]: text.get_text() for text in axes.texts}
    found = {}
    for patch in axes.patches:
        assert isinstance(patch, Rectangle)
        assert patch.get_x() == 0
        middle = patch.get_y() + patch.get_height() / 2
        found[names[round(middle)]] = (patch.get_width(), notes[round(middle)])
    return found


def test_composition_is_the_word_classes(report: Report, axes: Axes) -> None:
    plots.composition(report.section("whole_words"), axes)
    columns = report.section("whole_words").table("word_classes").columns
    counts = dict(zip(columns["word_class"], columns["tokens"], strict=True))
    drawn = bars(axes)
    assert {name: width for name, (width, _) in drawn.items()} == {
        str(name).replace("_", " "): count for name, count in counts.items()
    }
    assert drawn["whole word"] == (22_662, "22,662 (46%)")
    assert sum(width for width, _ in drawn.values()) == report.metric("content_tokens").value
    lengths = [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
    assert lengths == sorted(lengths), "the longest is on top"


def test_duplicates_are_the_metrics(report: Report, axes: Axes) -> None:
    plots.duplicates(report.section("casing"), axes)
    assert bars(axes) == {
        "differ by case": (report.metric("casing_duplicates").value, "9,436"),
        "differ by leading space": (report.metric("space_duplicates").value, "8,620"),
        "differ by either": (report.metric("near_duplicates").value, "15,495"),
    }


def test_families_are_the_largest(report: Report, axes: Axes) -> None:
    plots.duplicate_families(report.section("casing"), axes)
    columns = report.section("casing").table("duplicate_families").columns
    expected = dict(zip(columns["members"][:12], columns["tokens"][:12], strict=True))
    drawn = bars(axes)
    assert {name: width for name, (width, _) in drawn.items()} == expected
    for members, (width, note) in drawn.items():
        assert len(members.split("|")) == width == int(note)


def test_lengths_are_stacked(report: Report, axes: Axes) -> None:
    plots.lengths(report.section("composition"), axes)
    columns = report.section("composition").table("lengths").columns
    start, rest = axes.containers
    heights = [[patch.get_height() for patch in cast("Any", each)] for each in (start, rest)]
    bottoms = [patch.get_y() for patch in cast("Any", rest)]
    assert heights[0] == bottoms == list(columns["starting_a_word"])
    assert np.sum(heights, axis=0).tolist() == list(columns["tokens"])
    assert sum(map(sum, heights)) == report.metric("content_tokens").value
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels == [str(name) for name in columns["characters"]]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["start a word", "continue a word"]
    # Colour alone must not tell the two apart.
    assert {patch.get_hatch() for patch in cast("Any", rest)} == {"//"}


def test_fragments_are_shares_of_each_band(report: Report, axes: Axes) -> None:
    plots.fragments_by_rank(report.section("fragments"), axes)
    columns = report.section("fragments").table("rank_bands").columns
    (line,) = axes.lines
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert list(x) == list(np.add(columns["from_rank"], columns["to_rank"]) / 2)
    assert y == pytest.approx(100 * np.divide(columns["fragments"], columns["tokens"]))
    whole = np.average(y, weights=np.asarray(columns["tokens"]))
    ratio = report.metric("fragment_ratio").value
    assert ratio is not None
    assert whole == pytest.approx(100 * ratio)
    low, high = axes.get_ylim()
    assert low == 0
    assert high > y.max()


def test_a_band_without_tokens_is_a_gap(report: Report, axes: Axes) -> None:
    from dataclasses import replace

    columns = {"from_rank": (0, 10), "to_rank": (9, 19), "fragments": (2, 0), "tokens": (4, 0)}
    section = replace(
        report.section("fragments"), tables=(Table("rank_bands", "By rank", columns),)
    )
    (line,) = plots.fragments_by_rank(section, axes).lines
    first, second = np.asarray(line.get_ydata(), float)
    assert first == 50
    assert math.isnan(second)

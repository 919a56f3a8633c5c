"""Two lines of steps, and what lies between them."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch

import tokstat
from tokstat import plots
from tokstat.results.report import Report
from tokstat.tokenizer.tokenizer import Tokenizer


def test_steps_are_shares_of_each_band(report: Report, axes: Axes) -> None:
    plots.coverage(report.section("coverage"), axes)
    columns = report.section("coverage").table("frequency_bands").columns
    steps = {patch.get_label(): cast("StepPatch", patch) for patch in axes.patches}
    sizes = np.subtract(columns["to_rank"], columns["from_rank"]) + 1
    for label, name in (("in text", "spaced"), ("alone", "bare")):
        values, edges, _ = steps[label].get_data()
        assert values == pytest.approx(100 * np.asarray(columns[name]) / sizes)
        assert list(edges) == [*columns["from_rank"], columns["to_rank"][-1]]
        metric = report.metric(f"coverage_{name}").value
        assert metric is not None
        assert np.average(values, weights=sizes) == pytest.approx(100 * metric)
    (between,) = [patch for patch in axes.patches if cast("StepPatch", patch).get_fill()]
    upper, _, lower = cast("StepPatch", between).get_data()
    assert list(upper) == list(steps["in text"].get_data()[0])
    assert list(np.asarray(lower)) == list(steps["alone"].get_data()[0])


def test_lines_differ_by_more_than_colour(report: Report, axes: Axes) -> None:
    plots.coverage(report.section("coverage"), axes)
    styles = {patch.get_label(): patch.get_linestyle() for patch in axes.patches}
    assert styles["alone"] != styles["in text"]
    assert (axes.get_xscale(), axes.get_ylim()) == ("log", (0, 100))


def test_a_language_can_be_chosen(bert: Tokenizer) -> None:
    section = tokstat.inspect(bert, lang="en,de", analyzers=["coverage"]).section("coverage")
    heights = {}
    for language in ("en", "de"):
        drawn = plots.coverage(section, language=language)
        assert f"({language})" in drawn.get_xlabel()
        heights[language] = list(cast("StepPatch", drawn.patches[0]).get_data()[0])
    first = cast("StepPatch", plots.coverage(section).patches[0])
    assert list(first.get_data()[0]) == heights["en"] != heights["de"]

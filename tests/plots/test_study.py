"""A point a tokenizer and convention, with its interval, the two of a tokenizer joined."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from matplotlib.axes import Axes

from tokstat import plots
from tokstat.wordsim.study_results import Study

SCORES = ("wordsim353_coverage", "whole_word_ratio")


@pytest.mark.parametrize("score", SCORES)
def test_points_and_intervals_are_the_rows(score: str, study: Study, axes: Axes) -> None:
    assert plots.study(study, score, axes) is axes
    conventions = {"alone": "bare", "in text": "spaced"}
    assert {str(each.get_label()) for each in axes.containers} == set(conventions)
    for container in axes.containers:
        rows = [
            row for row in study.rows if row.convention == conventions[str(container.get_label())]
        ]
        points, _, (bars,) = cast("Any", container).lines
        assert list(points.get_xdata()) == [getattr(row, score) for row in rows]
        assert list(points.get_ydata()) == [row.wordsim for row in rows]
        ends = [np.asarray(segment)[:, 1].tolist() for segment in bars.get_segments()]
        assert ends == [pytest.approx([row.interval_low, row.interval_high]) for row in rows]


def test_a_line_joins_the_two_of_a_tokenizer(study: Study, axes: Axes) -> None:
    plots.study(study, "whole_word_ratio", axes)
    lines = [line for line in axes.lines if line.get_alpha() == 0.4]
    assert len(lines) == len({row.tokenizer for row in study.rows})
    for line in lines:
        x = np.asarray(line.get_xdata(), float)
        assert len(x) == 2
        assert x[0] == x[1], "the vocabulary's score knows no convention"


def test_markers_differ_by_more_than_colour(study: Study, axes: Axes) -> None:
    plots.study(study, SCORES[0], axes)
    markers = {cast("Any", each).lines[0].get_marker() for each in axes.containers}
    assert markers == {"o", "s"}


def test_an_unknown_score(study: Study, axes: Axes) -> None:
    with pytest.raises(AttributeError, match="beauty"):
        plots.study(study, "beauty", axes)

"""A point and an interval for each rung, and the target's line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.axes import Axes

from tokstat import plots
from tokstat.experiments.ladder import Ladder


def test_points_and_intervals_are_the_rungs(ladder: Ladder, axes: Axes) -> None:
    plots.ladder(ladder, axes)
    measured = [ladder.start, *(rung.in_sequence for rung in ladder.rungs)]
    (container,) = axes.containers
    points, _, (bars,) = cast("Any", container).lines
    assert list(points.get_xdata()) == [each.wordsim for each in measured]
    heights = list(points.get_ydata())
    assert heights == sorted(heights, reverse=True), "the first rung is on top"
    segments = [np.asarray(segment) for segment in bars.get_segments()]
    assert [segment[:, 0].tolist() for segment in segments] == [
        pytest.approx(list(each.interval)) for each in measured
    ]
    labels = {
        place: text.get_text()
        for place, text in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    }
    assert [labels[height] for height in heights] == [
        "as it is",
        *(f"+ {rung.title}" for rung in ladder.rungs),
    ]


def test_the_number_beside_a_rung_is_its_change(ladder: Ladder, axes: Axes) -> None:
    plots.ladder(ladder, axes)
    notes = [text.get_text() for text in axes.texts]
    assert notes[:-1] == [f"{rung.change_in_sequence.value:+.1f}" for rung in ladder.rungs]
    assert notes[0] == "+26.3"


def test_the_target_is_a_line(ladder: Ladder, axes: Axes) -> None:
    plots.ladder(ladder, axes)
    assert ladder.target is not None
    line = next(line for line in axes.lines if line.get_linestyle() == "--")
    assert set(np.asarray(line.get_xdata(), float)) == {ladder.target.wordsim}
    assert axes.texts[-1].get_text() == ladder.target_tokenizer
    assert axes.get_xlim()[0] == 0


def test_without_a_target_there_is_none(ladder: Ladder, axes: Axes) -> None:
    plots.ladder(replace(ladder, target=None), axes)
    assert not [line for line in axes.lines if line.get_linestyle() == "--"]
    assert len(axes.texts) == len(ladder.rungs)


def test_a_part_of_wordsim_is_not_called_so(ladder: Ladder, axes: Axes) -> None:
    plots.ladder(replace(ladder, missing_sets=("men",)), axes)
    assert "WordSim" not in axes.get_xlabel()

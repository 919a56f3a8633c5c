"""Charts draw what they are given: lengths go with numbers, and words say the same."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokstat.render.html.charts import (
    Series,
    Span,
    columns,
    intervals,
    legend,
    meter,
    stacked_bar,
)

COUNTS = st.lists(st.integers(0, 300_000), min_size=1, max_size=20)


def drawn(svg: str, tag: str, tone: str = "") -> list[dict[str, float]]:
    """Return the geometry of the shapes of one tone."""
    return [
        {key: float(value) for key, value in shape.items() if key not in ("class", "text-anchor")}
        for shape in ElementTree.fromstring(svg).iter(tag)
        if tone in shape.get("class", "").split() or not tone
    ]


@given(COUNTS.filter(any))
def test_parts_of_a_stacked_bar_fill_it_in_proportion(counts: list[int]) -> None:
    parts = [Series(f"part {number}", "word", (count,)) for number, count in enumerate(counts)]
    bars = drawn(stacked_bar(parts), "rect")
    right = 0.0
    for bar, count in zip(bars, counts, strict=True):
        assert bar["x"] == pytest.approx(right, abs=0.1)
        assert bar["width"] == pytest.approx(100 * count / sum(counts), abs=0.006)
        right += bar["width"]
    assert right == pytest.approx(100, abs=0.15)


@given(COUNTS)
def test_columns_are_as_high_as_their_counts_and_within_the_axis(counts: list[int]) -> None:
    svg = columns([str(each) for each in counts], [Series("s", "word", counts)], axis="n")
    bars, (_, _, _, bottom) = drawn(svg, "rect"), (0, 0, 360, 190)
    for bar, count in zip(bars, counts, strict=True):
        assert 0 <= bar["y"] <= bar["y"] + bar["height"] <= bottom
        assert bar["height"] * max(counts) == pytest.approx(
            count * max(each["height"] for each in bars), rel=0.02, abs=0.02 * max(counts)
        )


def test_stacked_columns_stand_on_each_other() -> None:
    series = [Series("below", "word", [1, 2]), Series("above", "bare", [3, 0])]
    svg = columns(["a", "b"], series, axis="n", stacked=True)
    below, above = drawn(svg, "rect", "tone-word"), drawn(svg, "rect", "tone-bare")
    assert above[0]["y"] + above[0]["height"] == pytest.approx(below[0]["y"], abs=0.02)
    assert above[0]["height"] == pytest.approx(3 * below[0]["height"], abs=0.05)
    assert above[1]["height"] == 0


def test_shares_are_drawn_on_an_axis_to_one_hundred_percent() -> None:
    svg = columns(["a"], [Series("s", "word", [0.25])], axis="n", percent=True)
    (bar,) = drawn(svg, "rect")
    lines = [line["y1"] for line in drawn(svg, "line")]
    assert bar["height"] == pytest.approx((max(lines) - min(lines)) / 4, abs=0.02)
    assert "100%" in svg


@given(st.lists(st.floats(-40, 90), min_size=3, max_size=3))
def test_intervals_are_drawn_in_place(numbers: list[float]) -> None:
    low, value, high = sorted(numbers)
    svg = intervals([Span("here", "word", value, low, high)], reach=50)
    (dot,), (line,) = drawn(svg, "circle"), drawn(svg, "line", "whisker")
    assert 90 <= line["x1"] <= dot["cx"] <= line["x2"] <= 360
    grid = drawn(svg, "line", "grid")
    assert min(each["x1"] for each in grid) <= line["x1"] + 0.01
    assert line["x2"] <= max(each["x1"] for each in grid) + 0.01


@pytest.mark.parametrize(("share", "width"), [(0.0, 0), (0.494, 49.4), (1.0, 100), (7.0, 100)])
def test_a_meter_is_filled_to_its_share(share: float, width: float) -> None:
    assert drawn(meter(share, "word", ""), "rect", "tone-word")[0]["width"] == width


def test_every_chart_says_in_words_what_it_shows() -> None:
    series = [Series("after", "word", [0.5, 0.25]), Series("alone", "bare", [0.125, 0])]
    told = ElementTree.fromstring(columns(["x", "y"], series, axis="rank", percent=True))
    assert told.get("role") == "img"
    assert told.get("aria-label") == "By rank. after: x 50.0%, y 25.0%; alone: x 12.5%, y 0.0%"
    span = Span("alone", "word", 9.7, 5.8, 13.6)
    told = ElementTree.fromstring(intervals([span], reach=50))
    assert told.get("aria-label") == "alone 9.7, interval 5.8 to 13.6"


def test_a_legend_counts_what_the_bar_shows() -> None:
    text = legend([Series("words", "word", (3,)), Series("rest", "other", (1,))], with_values=True)
    assert all(part in text for part in ("words", "<b>3</b>", "75.0%", "rest", "25.0%"))

"""Small charts in SVG, each with a label that states its numbers in words.

Colours are classes (`tone-…`) of the style sheet, which has some for both themes and for print.
Lengths are in units of the chart's view box, which the page scales.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tokstat.render.html.markup import Html, element

_WIDTH, _HEIGHT = 360.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 4.0, 10.0, 34.0
_MOST_TICKS = 5
_MANY_LABELS = 12
_GAP = 0.22
"""Share of a column's width that stays empty."""


@dataclass(frozen=True)
class Series:
    """Name numbers that share one tone."""

    name: str
    tone: str
    values: Sequence[float]


@dataclass(frozen=True)
class Span:
    """Hold a value and its interval."""

    name: str
    tone: str
    value: float
    low: float
    high: float


def meter(share: float, tone: str, description: str) -> Html:
    """Draw a share (0 to 1) of a full bar."""
    return element(
        "svg",
        element("rect", width=100, height=8, class_="track"),
        element("rect", width=100 * min(max(share, 0.0), 1.0), height=8, class_=f"tone-{tone}"),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        class_="meter",
        role="img",
        aria_label=description,
    )


def stacked_bar(parts: Sequence[Series]) -> Html:
    """Draw the parts of a whole side by side, one number a series; their sum must be positive."""
    total = sum(part.values[0] for part in parts)
    bars, left = [], 0.0
    for part in parts:
        width = 100 * part.values[0] / total
        bars.append(element("rect", x=left, width=width, height=10, class_=f"tone-{part.tone}"))
        left += width
    return element(
        "svg",
        bars,
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        class_="stacked",
        role="img",
        aria_label="; ".join(f"{part.name} {part.values[0] / total:.1%}" for part in parts),
    )


def legend(parts: Sequence[Series], *, with_values: bool = False) -> Html:
    """List the tones and their names; `with_values` adds numbers and shares of the whole."""
    total = sum(part.values[0] for part in parts) if with_values else 0
    return element(
        "ul",
        (
            element(
                "li",
                swatch(part.tone),
                element("span", part.name),
                (
                    element("b", f"{part.values[0]:,.0f}"),
                    element("span", f"{part.values[0] / total:.1%}", class_="share"),
                )
                if with_values
                else None,
            )
            for part in parts
        ),
        class_="legend numbers" if with_values else "legend",
    )


def swatch(tone: str) -> Html:
    """Draw the square that stands for a tone in a legend."""
    return element(
        "svg",
        element("rect", width=10, height=10, rx=2, class_=f"tone-{tone}"),
        viewBox="0 0 10 10",
        class_="swatch",
        aria_hidden="true",
    )


def columns(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    axis: str,
    stacked: bool = False,
    percent: bool = False,
) -> Html:
    """Draw columns over labels; several series are stacked or side by side.

    Values are counts or, with `percent`, shares (0 to 1); `axis` names the labels.
    """
    sums = [sum(values) for values in zip(*(each.values for each in series), strict=True)]
    largest = max(sums if stacked else [value for each in series for value in each.values])
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0] if percent else _ticks(largest)
    top, place = ticks[-1], (_WIDTH - _LEFT - _RIGHT) / len(labels)
    floor = _HEIGHT - _BOTTOM
    scale = (floor - _TOP) / top
    many = len(labels) > _MANY_LABELS
    bars = []
    for position in range(len(labels)):
        left = _LEFT + place * (position + _GAP / 2)
        width = place * (1 - _GAP) / (1 if stacked else len(series))
        base = floor
        for number, each in enumerate(series):
            height = each.values[position] * scale
            x = left if stacked else left + number * width
            bars.append(
                element(
                    "rect",
                    x=x,
                    y=base - height,
                    width=width - (0 if stacked else 1),
                    height=height,
                    class_=f"tone-{each.tone}",
                )
            )
            base = base - height if stacked else floor
    return element(
        "svg",
        (_tick(tick, floor - tick * scale, percent) for tick in ticks),
        bars,
        (
            _label(label, _LEFT + place * (position + 0.5), floor + 14, "middle", many)
            for position, label in enumerate(labels)
        ),
        _label(axis, (_LEFT + _WIDTH) / 2, _HEIGHT - 4, "middle"),
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        class_="columns-chart",
        role="img",
        aria_label=_in_words(labels, series, axis, percent),
    )


def intervals(spans: Sequence[Span], *, reach: float) -> Html:
    """Draw values as dots on their intervals, one below the other, on one axis.

    The axis includes 0, `reach`, and all intervals.
    """
    lowest = min(0.0, *(span.low for span in spans))
    highest = max(reach, *(span.high for span in spans))
    left, row = 96.0, 28.0
    height = row * len(spans) + 26
    ticks = _ticks(highest)
    step = ticks[1] - ticks[0]
    ticks = [-step * below for below in range(math.ceil(max(-lowest, 0) / step), 0, -1)] + ticks
    scale = (_WIDTH - left - 16) / (ticks[-1] - ticks[0])

    def place(value: float) -> float:
        return left + (value - ticks[0]) * scale

    return element(
        "svg",
        (
            (
                element(
                    "line", x1=place(tick), x2=place(tick), y1=4, y2=height - 20, class_="grid"
                ),
                _label(f"{tick:g}", place(tick), height - 6, "middle"),
            )
            for tick in ticks
        ),
        (
            (
                _label(span.name, 0, row * (number + 0.5) + 4, "start"),
                element(
                    "line",
                    x1=place(span.low),
                    x2=place(span.high),
                    y1=row * (number + 0.5),
                    y2=row * (number + 0.5),
                    class_=f"whisker tone-{span.tone}",
                ),
                element(
                    "circle",
                    cx=place(span.value),
                    cy=row * (number + 0.5),
                    r=5,
                    class_=f"tone-{span.tone}",
                ),
            )
            for number, span in enumerate(spans)
        ),
        viewBox=f"0 0 {_WIDTH:.0f} {height:.0f}",
        class_="intervals-chart",
        role="img",
        aria_label="; ".join(
            f"{span.name} {span.value:.1f}, interval {span.low:.1f} to {span.high:.1f}"
            for span in spans
        ),
    )


def _ticks(largest: float) -> list[float]:
    """Choose round numbers from 0 up to the largest value or just above."""
    if largest <= 0:
        return [0.0, 1.0]
    rough = largest / (_MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    return [step * number for number in range(math.ceil(largest / step - 1e-9) + 1)]


def _tick(value: float, y: float, percent: bool) -> Html:
    text = f"{value:.0%}" if percent else f"{value:,.0f}"
    return element(
        "g",
        element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid"),
        _label(text, _LEFT - 6, y + 4, "end"),
    )


def _label(text: str, x: float, y: float, anchor: str, small: bool = False) -> Html:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_="small" if small else None)


def _in_words(labels: Sequence[str], series: Sequence[Series], axis: str, percent: bool) -> str:
    numbers = "{:.1%}" if percent else "{:,.0f}"
    told = (
        f"{each.name}: "
        + ", ".join(
            f"{label} {numbers.format(value)}"
            for label, value in zip(labels, each.values, strict=True)
        )
        for each in series
    )
    return f"By {axis}. " + "; ".join(told)

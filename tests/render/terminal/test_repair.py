"""A repair's report as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tokstat.editing.repair import Repair, RepairedScore
from tokstat.render.terminal.repair import render_repair

REPORT = Repair(
    tokenizer="before",
    folder="after",
    steps=("duplicates by case removed",),
    tokens_before=30_001,
    tokens_after=25_002,
    kept=24_003,
    same_surface=23_004,
    removed=5_998,
    renamed=999,
    added=998,
    words_added=997,
    skipped=(),
    indispensable=0,
    stranded=0,
    loads_in=("tokenizers",),
    model=None,
    carried=(),
    compared=0,
    scores=(),
)


def test_counts_are_shown() -> None:
    text = render_repair(REPORT)
    for count in ("30,001", "25,002", "24,003", "23,004", "5,998", "999", "998", "after"):
        assert count in text


def test_scores_have_a_row_each() -> None:
    scores = (RepairedScore("share", 0.12345, 1.0), RepairedScore("count", None, 12.34))
    lines = render_repair(replace(REPORT, scores=scores)).splitlines()
    assert [line.split() for line in lines[-2:]] == [
        ["share", "0.123", "1.000"],
        ["count", "-", "12.3"],
    ]


@pytest.mark.parametrize(
    ("change", "number"),
    [({"indispensable": 4321}, "4,321"), ({"stranded": 8765}, "8,765"), ({"model": "M9"}, "M9")],
)
def test_what_is_rare_is_shown_where_it_is(change: dict[str, object], number: str) -> None:
    assert number not in render_repair(REPORT)
    assert number in render_repair(replace(REPORT, **change))  # type: ignore[arg-type]

"""A repair's report as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.editing.repair import Repair, RepairedScore
from tokstat.render.terminal.repair import render_repair


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Repair:
    folder = tmp_path_factory.mktemp("repair") / "out"
    return tokstat.repair(load_known("byte-level"), folder, decase=True)


def test_counts_are_shown(report: Repair) -> None:
    text = render_repair(report)
    for count in (report.tokens_before, report.tokens_after, report.removed, report.kept):
        assert f"{count:,}" in text
    assert report.folder in text


def test_scores_have_a_row_each(report: Repair) -> None:
    scores = (RepairedScore("share", 0.12345, 1.0), RepairedScore("count", None, 12.34))
    lines = render_repair(replace(report, scores=scores)).splitlines()
    assert [line.split() for line in lines[-2:]] == [
        ["share", "0.123", "1.000"],
        ["count", "-", "12.3"],
    ]


@pytest.mark.parametrize(
    ("change", "number"),
    [({"indispensable": 4321}, "4,321"), ({"stranded": 8765}, "8,765"), ({"model": "M9"}, "M9")],
)
def test_what_is_rare_is_shown_where_it_is(
    report: Repair, change: dict[str, object], number: str
) -> None:
    assert number not in render_repair(report)
    assert number in render_repair(replace(report, **change))  # type: ignore[arg-type]

"""The smallest fix as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tokstat.experiments.smallest_fix import CauseGain, FixPoint, PairGain, SmallestFix

START = FixPoint("as it is", 0, 0, 12.9, (8.0, 18.0), 39.0, 0.2)
SPACE = FixPoint("leading space", 0, 0, 39.1, (34.0, 43.0), 39.1, 0.5)
MANY = FixPoint("alone", 20_000, 15_000, 41.5, (37.0, 45.0), 39.5, 0.6)
FIX = SmallestFix(
    *("gpt2", "abc", "teacher", "def", "mean", "fast", 0, "tokstat", ("men",), ()),
    *("20,000 words", START, SPACE, (MANY,), replace(MANY, words=16_000, tokens=12_000)),
    (CauseGain("leading space", "both words become one token", 12, 26.2, 0.31, 0.21),),
    (PairGain("men", "jail", "prison", "both words become one token", 0.99, 0.01, 1.0),),
)


def test_the_table_has_a_row_for_each_measurement() -> None:
    table = FIX.to_table()
    assert table.columns["form"] == ("as it is", "leading space", "alone")
    assert table.columns["wordsim"] == (12.9, 39.1, 41.5)
    assert table.columns["interval_low"] == (8.0, 34.0, 37.0)


def test_json() -> None:
    data = json.loads(FIX.to_json(), parse_constant=pytest.fail)
    assert data["schema_version"] == 2
    assert data["equal"]["words"] == 16_000
    assert data["pairs"][0]["second"] == "prison"

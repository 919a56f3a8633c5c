"""The packaged ladder adds up, and is written and read as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokstat.errors import DataError
from tokstat.experiments.ladder import Ladder, read_ladder


@pytest.fixture(scope="module")
def ladder() -> Ladder:
    return read_ladder()


def test_changes_add_up(ladder: Ladder) -> None:
    last = ladder.start.wordsim
    for rung in ladder.rungs:
        assert rung.change_in_sequence.value == pytest.approx(rung.in_sequence.wordsim - last)
        assert rung.change_alone.value == pytest.approx(rung.alone.wordsim - ladder.start.wordsim)
        last = rung.in_sequence.wordsim


def test_counts_add_up(ladder: Ladder) -> None:
    for found in (each for rung in ladder.rungs for each in (rung.alone, rung.in_sequence)):
        assert found.vocab_size == ladder.start.vocab_size - found.removed + found.added


def test_the_distance_is_that_to_the_target(ladder: Ladder) -> None:
    assert ladder.target is not None
    assert ladder.distance == ladder.target.wordsim - ladder.start.wordsim


def test_json_gives_the_ladder_back(ladder: Ladder, tmp_path: Path) -> None:
    path = tmp_path / "ladder.json"
    path.write_text(ladder.to_json())
    assert read_ladder(path) == ladder
    assert json.loads(ladder.to_json(), parse_constant=pytest.fail)["schema_version"] == 2


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b"\xff"])
def test_what_is_no_ladder_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "ladder.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError):
        read_ladder(path)

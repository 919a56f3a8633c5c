"""Tokenizers and locks stand on either side of a difference."""

from __future__ import annotations

from pathlib import Path

import tokstat
from tests.comparison.changed_tokenizers import edited
from tests.conftest import load_known


def test_a_difference_has_the_part_that_changed() -> None:
    found = tokstat.diff(load_known("bert"), edited("bert", "ids"))
    assert [part.part for part in found.parts] == ["ids"]
    assert [change.name for change in found["ids"].changes] == ["the", "and"]
    assert not tokstat.diff(load_known("bert"), load_known("bert"))


def test_a_lock_stands_on_either_side_as_itself_or_as_its_file(tmp_path: Path) -> None:
    lock, other = tokstat.lock(load_known("bert")), edited("bert", "decoder")
    lock.save(tmp_path / "a.lock.json")
    for given in (lock, tmp_path / "a.lock.json", str(tmp_path / "a.lock.json")):
        assert not tokstat.diff(given, load_known("bert"))
        for pair in ((given, other), (other, given)):
            assert [part.part for part in tokstat.diff(*pair).parts] == ["decoder"]

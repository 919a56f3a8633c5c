"""A lock as text: a row for each part."""

from __future__ import annotations

import tokstat
from tests.conftest import load_known


def test_every_part_has_its_row() -> None:
    lock = tokstat.lock(load_known("bert"))
    lines = tokstat.render_report(lock).splitlines()
    assert "WordPiece" in lines[0]
    for part in lock.parts.values():
        (row,) = (line.split() for line in lines if line.startswith(f"{part.name}  "))
        assert row[-2:] == [f"{part.count:,}", part.digest]

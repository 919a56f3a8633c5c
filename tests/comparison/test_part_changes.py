"""Tests of the changes of one part."""

from tokstat.comparison.part_changes import PartChange, PartDifference


def test_changes_are_counted_by_kind() -> None:
    moved, added = PartChange("moved", "a b", 1, 2), PartChange("added", "c", None, 3)
    found = PartDifference("merges", (moved, added, moved))
    assert [found.count(kind) for kind in ("moved", "added", "removed")] == [2, 1, 0]
    assert repr(found) == "<merges: 3 changes>"

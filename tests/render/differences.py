"""A difference that every renderer writes."""

from __future__ import annotations

from tokstat.comparison.difference import Difference
from tokstat.comparison.part_changes import PartChange, PartDifference
from tokstat.comparison.texts import ChangedText

SAME = Difference("old", "new", ())

MOVED = Difference(
    "old",
    "new",
    (PartDifference("ids", tuple(PartChange("moved", f"x{n}", n, n + 1) for n in range(10))),),
    ChangedText("x0", "encoded", ("x0",), ("x1",), (0,), (1,)),
)
"""Ten ids that moved, and a text that shows it."""

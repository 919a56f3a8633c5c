"""The changes of one part of a tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tokstat.text.wording import counted

Kind = Literal["added", "removed", "moved", "changed"]


@dataclass(frozen=True)
class PartChange:
    """Hold one change: what is added, removed, moved in its order, or changed.

    `name` is the token, merge, step or setting. `before` and `after` are its id, rank or value;
    what JSON writes as a list or an object is a text of JSON. None stands for nothing.
    """

    kind: Kind
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PartDifference:
    """Hold the changes of one part, such as "merges" or "normalizer"; there is at least one."""

    part: str
    changes: tuple[PartChange, ...]

    def count(self, kind: Kind) -> int:
        """Count the changes of a kind."""
        return sum(change.kind == kind for change in self.changes)

    def __repr__(self) -> str:
        return f"<{self.part}: {counted(len(self.changes), 'change')}>"

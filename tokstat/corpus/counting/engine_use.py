"""Which engine encoded how many documents, and how many of them the judge encoded as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tokstat.corpus.counting.saved_values import as_numbers, as_text


@dataclass(frozen=True)
class EngineUse:
    """Hold the documents that an engine encoded, and how many of these were checked."""

    documents: int = 0
    checked: int = 0

    def __add__(self, other: EngineUse) -> EngineUse:
        """Return the sums of both."""
        return EngineUse(self.documents + other.documents, self.checked + other.checked)


EngineUses = Mapping[str, EngineUse]
"""What the engines of one tokenizer did, by label."""


def merged_uses(one: Sequence[EngineUses], other: Sequence[EngineUses]) -> tuple[EngineUses, ...]:
    """Add up what engines did for the same tokenizers; either may know of none."""
    if not one or not other:
        return tuple(one or other)
    return tuple(
        {
            label: mine.get(label, EngineUse()) + theirs.get(label, EngineUse())
            for label in sorted({*mine, *theirs})
        }
        for mine, theirs in zip(one, other, strict=True)
    )


def uses_to_lists(uses: Sequence[EngineUses]) -> list[dict[str, list[int]]]:
    """Return plain data, ready for JSON."""
    return [
        {label: [use.documents, use.checked] for label, use in sorted(each.items())}
        for each in uses
    ]


def uses_from_lists(data: Sequence[Any], length: int) -> tuple[EngineUses, ...]:
    """Read what `uses_to_lists` returned, for so many tokenizers or none.

    Raises:
        TypeError, ValueError: it is something else.
    """
    if len(data) not in (0, length):
        raise ValueError("it lacks the engine of a tokenizer")
    return tuple(
        {as_text(label): EngineUse(*as_numbers(use, 2)) for label, use in each.items()}
        for each in data
    )

"""The most frequent words of two or more tokens, with their tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tokstat.corpus.counting.saved_values import as_numbers, as_text

Split = tuple[str, tuple[int, ...]]
"""A word with the ids of its tokens."""


@dataclass(frozen=True, eq=False)
class SplitWords:
    """Hold how often the most frequent split words of one tokenizer occur.

    No word missing from `times` occurs more often than `left_out`. A word may occur up to so many
    times more than `times` says: of each part of a long text, only its most frequent words count.
    """

    times: Mapping[Split, int] = field(default_factory=dict)
    left_out: int = 0

    def __add__(self, other: SplitWords) -> SplitWords:
        """Return the words of both sets of texts."""
        times = dict(self.times)
        for split, count in other.times.items():
            times[split] = times.get(split, 0) + count
        return SplitWords(times, self.left_out + other.left_out)


def merged_splits(one: Sequence[SplitWords], other: Sequence[SplitWords]) -> tuple[SplitWords, ...]:
    """Add up the words of the same tokenizers; either may have none."""
    if not one or not other:
        return tuple(one or other)
    return tuple(mine + theirs for mine, theirs in zip(one, other, strict=True))


def splits_to_lists(splits: Sequence[SplitWords]) -> list[list[Any]]:
    """Return plain data, in order."""
    return [
        [[[word, *ids, count] for (word, ids), count in sorted(each.times.items())], each.left_out]
        for each in splits
    ]


def splits_from_lists(data: Sequence[Any], length: int) -> tuple[SplitWords, ...]:
    """Read what `splits_to_lists` returned, for so many tokenizers or none.

    Raises:
        TypeError, ValueError: it is something else.
    """
    if len(data) not in (0, length):
        raise ValueError("it lacks the split words of a tokenizer")
    return tuple(
        SplitWords(
            {(as_text(word), as_numbers(ids)): as_numbers([times])[0] for word, *ids, times in own},
            as_numbers([left_out])[0],
        )
        for own, left_out in data
    )

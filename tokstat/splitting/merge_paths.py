"""Merges that would build a token from the parts of a piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokstat.splitting.replay.bpe import BPEModel, BPETrace

_LONGEST = 64
"""Parts of a piece for which a path is looked for, in time that grows with their third power."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class MergePath:
    """Hold merges that build a token, by rank, and the stretches of first parts that they join."""

    merges: tuple[Pair, ...]
    stretches: frozenset[tuple[int, int]]

    def first_other(self, trace: BPETrace) -> Pair:
        """Return the first merge made that is not of this path."""
        ends = list(range(1, len(trace.first) + 1))
        for merge in trace.merges:
            end = ends[merge.start] = ends[ends[merge.start]]
            if (merge.start, end) not in self.stretches:
                return merge.left, merge.right
        raise AssertionError("the merges that were made build the token")

    def first_not_made(self, trace: BPETrace) -> Pair:
        """Return the first merge of this path that was not made."""
        made = {(merge.left, merge.right) for merge in trace.merges}
        return next((pair for pair in self.merges if pair not in made), self.merges[-1])


def merge_path(model: BPEModel, first: Sequence[str]) -> MergePath | None:
    """Return the path of the lowest ranks that joins all parts into one; None if there is none."""
    size = len(first)
    if not 1 < size <= _LONGEST:
        return None
    spelled = {(at, at + 1): part for at, part in enumerate(first)}
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for length in range(2, size + 1):
        for start in range(size - length + 1):
            end = start + length
            ways = []
            for middle in range(start + 1, end):
                left, right = spelled.get((start, middle)), spelled.get((middle, end))
                rank = model.ranks.get((left, right)) if left and right else None
                if rank is not None:
                    below = (best.get((start, middle), (-1, 0)), best.get((middle, end), (-1, 0)))
                    ways.append((max(rank, *(each[0] for each in below)), middle))
            if ways:
                best[start, end] = min(ways)
                middle = best[start, end][1]
                spelled[start, end] = model.joined(spelled[start, middle], spelled[middle, end])
    if (0, size) not in best:
        return None
    stretches, waiting = [], [(0, size)]
    while waiting:
        start, end = waiting.pop()
        if end - start > 1:
            stretches.append((start, end))
            middle = best[start, end][1]
            waiting += [(start, middle), (middle, end)]
    pairs = {
        (spelled[start, best[start, end][1]], spelled[best[start, end][1], end])
        for start, end in stretches
    }
    merges = tuple(sorted(pairs, key=model.ranks.__getitem__))
    return MergePath(merges, frozenset(stretches))

"""Byte-pair encoding: the merges of a piece, in the order in which they are made.

Sennrich et al. 2016 (arXiv 1508.07909), as the tokenizers library does it: of all neighbours that
a merge names, the pair of the lowest rank is joined first, and of equal ranks the leftmost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import pairwise

from tokstat.splitting.replay.word_level import id_of


@dataclass(frozen=True)
class MergeStep:
    """Hold one merge that was made: its rank, and what it joined.

    `start` counts the first parts of the piece: the left side begins with the one of this number.
    """

    rank: int
    left: str
    right: str
    joined: str
    start: int


@dataclass(frozen=True)
class BPETrace:
    """Hold how a piece becomes tokens: the parts that it begins with, and the merges made.

    `is_whole` where the piece was looked up as it is, without any merge (`ignore_merges`).
    """

    piece: str
    first: tuple[str, ...]
    merges: tuple[MergeStep, ...]
    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    is_whole: bool = False

    def states(self) -> Iterator[tuple[str, ...]]:
        """Yield all parts of the piece after each merge."""
        parts = dict(enumerate(self.first))
        for merge in self.merges:
            parts[merge.start] = merge.joined
            del parts[next(place for place in parts if place > merge.start)]
            yield tuple(parts.values())


@dataclass(frozen=True, eq=False)
class BPEModel:
    """Hold a BPE model: tokens with their ids, merges in order, and its settings."""

    vocabulary: Mapping[str, int]
    merges: Sequence[tuple[str, str]]
    unknown: str | None = None
    continuation: str = ""
    end: str = ""
    fuses_unknown: bool = False
    falls_back_to_bytes: bool = False
    ignores_merges: bool = False

    @cached_property
    def ranks(self) -> dict[tuple[str, str], int]:
        """The rank of each merge; of one that is listed twice, the later."""
        return {pair: rank for rank, pair in enumerate(self.merges)}

    def joined(self, left: str, right: str) -> str:
        """Return the token that a merge makes."""
        return left + right[len(self.continuation) :]

    def trace(self, piece: str) -> BPETrace:
        """Replay one piece."""
        if not piece:
            return BPETrace(piece, (), (), (), ())
        if self.ignores_merges and piece in self.vocabulary:
            return BPETrace(piece, (piece,), (), (piece,), (self.vocabulary[piece],), True)
        first = self._first_parts(piece)
        parts, merges = self._merged(first)
        ids = tuple(id_of(part, self.vocabulary) for part in parts)
        return BPETrace(piece, tuple(first), merges, parts, ids)

    def _merged(self, first: Sequence[str]) -> tuple[tuple[str, ...], tuple[MergeStep, ...]]:
        """Join parts until no merge fits; return what is left, and the merges made.

        The parts are a linked list, by the number that each begins with. A heap holds every pair
        that a merge names; pairs that other merges have changed since are passed over.
        """
        parts: list[str | None] = list(first)
        after = [*range(1, len(first)), -1]
        before = [*range(-1, len(first) - 1)]
        ranks, made = self.ranks, []
        waiting = [
            (rank, place, *pair)
            for place, pair in enumerate(pairwise(first))
            if (rank := ranks.get(pair)) is not None
        ]
        heapify(waiting)
        while waiting:
            rank, place, left, right = heappop(waiting)
            following = after[place]
            if parts[place] != left or following < 0 or parts[following] != right:
                continue
            joined = self.joined(left, right)
            made.append(MergeStep(rank, left, right, joined, place))
            parts[place], parts[following] = joined, None
            after[place] = last = after[following]
            if last >= 0:
                before[last] = place
            for start, end in ((before[place], place), (place, last)):
                pair = (parts[start] or "", parts[end] or "")
                if start >= 0 <= end and (rank := ranks.get(pair)) is not None:
                    heappush(waiting, (rank, start, *pair))
        return tuple(part for part in parts if part is not None), tuple(made)

    def _first_parts(self, piece: str) -> list[str]:
        """Split a piece into characters, with what stands in for those that are no token."""
        parts: list[str] = []
        unknown = 0
        for place, character in enumerate(piece):
            marked = (self.continuation if place else "") + character
            marked += self.end if place == len(piece) - 1 else ""
            if marked in self.vocabulary:
                parts += [self.unknown or ""] * unknown
                unknown = 0
                parts.append(marked)
            elif (in_bytes := self._in_bytes(marked)) is not None:
                parts += in_bytes
            elif self.unknown is not None:
                if unknown and not self.fuses_unknown:
                    parts.append(self.unknown)
                unknown = 1
        return parts + [self.unknown or ""] * unknown

    def _in_bytes(self, text: str) -> list[str] | None:
        if not self.falls_back_to_bytes:
            return None
        names = [f"<0x{byte:02X}>" for byte in text.encode()]
        return names if all(name in self.vocabulary for name in names) else None

"""Byte-pair encoding: the merges of a piece, in the order in which they are made.

Sennrich et al. 2016 (arXiv 1508.07909), as the tokenizers library does it: of all neighbours that
a merge names, the pair of the lowest rank is joined first, and of equal ranks the leftmost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True)
class MergeStep:
    """Hold one merge that was made: its rank, both sides, and all parts of the piece after it."""

    rank: int
    left: str
    right: str
    after: tuple[str, ...]


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
        parts, merges = list(first), []
        while (found := self._lowest(parts)) is not None:
            rank, place = found
            left, right = parts[place], parts[place + 1]
            parts[place : place + 2] = [self.joined(left, right)]
            merges.append(MergeStep(rank, left, right, tuple(parts)))
        ids = tuple(self.vocabulary[part] for part in parts)
        return BPETrace(piece, tuple(first), tuple(merges), tuple(parts), ids)

    def _lowest(self, parts: Sequence[str]) -> tuple[int, int] | None:
        found = [
            (rank, place)
            for place, pair in enumerate(pairwise(parts))
            if (rank := self.ranks.get(pair)) is not None
        ]
        return min(found, default=None)

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

"""Hashes of words and of their parts, so that looking up every part creates no strings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 32
"""Longer words are rare; this bounds the memory."""

_BASE = 0x9E3779B97F4A7C15  # any large odd number
_BITS = 20  # a table of 2**20 slots fits in the cache
_SHIFT = np.uint64(64 - _BITS)

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]


class HashedWords:
    """Hash every beginning of every word.

    The hashes are polynomials modulo 2**64, so the hash of any part of a word is computed from
    those of two beginnings. Among 10**6 strings a collision has a chance of about 3 * 10**-8. No
    word is longer than `LONGEST`.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        matrix = np.array(words)
        self.codes = matrix.view(np.uint32).reshape(len(words), -1).T.copy()
        self.lengths: Ints = np.fromiter(map(len, words), np.int64, len(words))
        width = len(self.codes)
        self.powers: Hashes = np.array(
            [pow(_BASE, i, 1 << 64) for i in range(width + 1)], np.uint64
        )
        self.heads: Hashes = np.zeros((width + 1, len(words)), np.uint64)
        for i in range(width):
            self.heads[i + 1] = (self.heads[i] + self.codes[i]) * self.powers[1]
        self.hashes: Hashes = self.heads[self.lengths, np.arange(len(words))]
        self.order: Ints = np.argsort(self.hashes)

    def split(self, row: Ints, at: Ints) -> tuple[Hashes, Hashes]:
        """Return the hashes of the beginnings and of the rests of words."""
        head = self.heads[at, row]
        return head, self.hashes[row] - head * self.powers[self.lengths[row] - at]

    def parts(self, row: Ints, at: Ints, size: int) -> Hashes:
        """Return the hashes of the parts of `size` letters that begin at some places in words."""
        hashes: Hashes = self.heads[at + size, row] - self.heads[at, row] * self.powers[size]
        return hashes


def find(needles: Hashes, table: Hashes) -> tuple[Ints, Ints]:
    """Return the positions of the needles that are in a sorted table, and their positions there."""
    # A binary search misses the cache at every step, so the leading bits narrow it first.
    slots = np.full(1 << _BITS, -1, np.int32)
    slots[table >> _SHIFT] = np.arange(len(table), dtype=np.int32)
    place = slots[needles >> _SHIFT].astype(np.int64)
    candidates = np.flatnonzero(place >= 0)
    place, sought = place[candidates], needles[candidates]
    shared = np.flatnonzero(table[place] != sought)
    place[shared] = np.searchsorted(table[:-1], sought[shared])
    found = table[place] == sought
    return candidates[found], place[found]


def hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of each word, as `HashedWords` computes it; no word may have a line end."""
    return hashes_of_lines("\n".join([*words, ""]))


def hashes_of_lines(text: str) -> Hashes:
    """Return the hash of each line, 0 for a line of more than `LONGEST` characters.

    Each line has a line end.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(codes == ord("\n"))
    if not len(ends):
        return np.zeros(0, np.uint64)
    starts = np.append(0, ends[:-1] + 1)
    lengths = ends - starts
    # Characters too far from the end of a long line count as if they were nearer.
    left = np.minimum(np.repeat(ends, lengths + 1) - np.arange(len(codes)), LONGEST)
    powers = np.array([pow(_BASE, i, 1 << 64) for i in range(LONGEST + 1)], np.uint64)
    powers[0] = 0  # of line ends
    hashes: Hashes = np.add.reduceat(codes * powers[left], starts)
    hashes[lengths > LONGEST] = 0
    return hashes

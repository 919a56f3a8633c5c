"""Follow the tokens of a vocabulary through many texts at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.safe_cuts.boundaries import Codes, code_points

Nodes = NDArray[np.int32]

_BITS = np.uint64(21)
_CODE = np.uint64((1 << 21) - 1)
"""The bits of a code point."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)

_ROOM = 2
"""Least places of the table per node."""


class TokenTrie:
    """Hold the beginnings of tokens as nodes: 0 for no beginning of any token, 1 for the empty one.

    `tokens` has the number of the token that ends at each node, -1 without one, shape (nodes,).
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        sizes = np.fromiter(map(len, tokens), np.int64, len(tokens))
        codes = code_points("".join(tokens))
        places = np.cumsum(sizes) - sizes
        nodes = np.ones(len(tokens), np.int32)
        keys = [np.zeros(2, np.uint64)]
        count = 2
        for depth in range(int(sizes.max(initial=0))):
            rows = np.flatnonzero(sizes > depth)
            found, numbers = np.unique(
                _keys(nodes[rows], codes[places[rows] + depth]), return_inverse=True
            )
            nodes[rows] = count + numbers
            keys.append(found)
            count += len(found)
        self._keys = np.concatenate(keys)
        self.tokens = np.full(count, -1, np.int32)
        self.tokens[nodes] = np.arange(len(tokens))  # of equal ones the last
        self._bits = (_ROOM * count).bit_length()
        self._table = np.zeros(1 << self._bits, np.int32)
        self._fill()
        first = (self._keys >> _BITS) == 1
        self._first = np.zeros(0x110000, np.int32)
        self._first[self._keys[first] & _CODE] = np.flatnonzero(first)

    def _fill(self) -> None:
        """Put each node into the first free slot from that of its key on."""
        left = np.arange(2, len(self._keys), dtype=np.int32)
        slots = self._slots(self._keys[2:])
        while len(left):
            is_free = self._table[slots] == 0
            self._table[slots[is_free]] = left[is_free]
            is_left = self._table[slots] != left
            left, slots = left[is_left], self._next(slots[is_left])

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = (keys * _FACTOR >> np.uint64(64 - self._bits)).astype(np.int64)
        return found

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & (len(self._table) - 1)

    def node_of(self, text: str) -> int:
        """Return the node of a text."""
        nodes = np.ones(1, np.int32)
        for code in code_points(text):
            nodes = self.follow(nodes, code[None])
        return int(nodes[0])

    def begin(self, codes: Codes) -> Nodes:
        """Return the node of each character alone, shape as `codes`."""
        found: Nodes = self._first.take(codes)
        return found

    def follow(self, nodes: Nodes, codes: Codes) -> Nodes:
        """Return the node that each character leads to from a node, shape as both."""
        keys = _keys(nodes, codes)
        slots = self._slots(keys)
        found: Nodes = self._table.take(slots)
        rows = np.flatnonzero((self._keys.take(found) != keys) & (found > 0))
        while len(rows):
            slots[rows] = self._next(slots[rows])
            found[rows] = self._table[slots[rows]]
            rows = rows[(self._keys.take(found[rows]) != keys[rows]) & (found[rows] > 0)]
        return found


def _keys(nodes: Nodes, codes: Codes) -> NDArray[np.uint64]:
    """Return a number for each pair of a node and the character after it."""
    found: NDArray[np.uint64] = nodes.astype(np.uint64) << _BITS | codes
    return found

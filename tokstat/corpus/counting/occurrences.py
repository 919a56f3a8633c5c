"""Count how often each chunk of text occurs in each cell, a pair of file and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Times = NDArray[np.int64]

_AT_A_TIME = 1 << 18
"""Entries at a time, which bounds the arrays made for them."""

_ROOM = 4
"""A full table of cells and chunks beats sorting up to this many table cells per entry."""


@dataclass(frozen=True, eq=False)
class Occurrences:
    """State that chunk `chunks[i]` occurs `times[i]` times in cell `cells[i]`.

    The three arrays have the shape (pairs,), and each pair of cell and chunk occurs once.
    """

    cells: Numbers
    chunks: Numbers
    times: Times

    def __len__(self) -> int:
        return len(self.cells)

    @classmethod
    def of(cls, cells: Numbers, chunks: Numbers, times: Times | None = None) -> Occurrences:
        """Add up repeated pairs of cell and chunk; each entry counts `times`, by default 1."""
        if not len(cells):
            return cls(cells, chunks, np.zeros(0, np.int64))
        width = int(chunks.max()) + 1
        size = width * (int(cells.max()) + 1)
        keys = cells * np.int64(width) + chunks
        if size <= _ROOM * len(keys):
            # Floating point represents sums of whole numbers exactly up to 2 ** 53.
            sums = np.bincount(keys, times).astype(np.int64)
            found = np.flatnonzero(sums)
            sums = sums[found]
        else:
            order = np.argsort(keys)
            keys = keys[order]
            first = np.flatnonzero(np.diff(keys, prepend=-1))
            found = keys[first]
            one = np.ones(len(keys), np.int64) if times is None else times[order]
            sums = np.add.reduceat(one, first)
        return cls((found // width).astype(np.int32), (found % width).astype(np.int32), sums)

    @classmethod
    def joined(cls, parts: Sequence[Occurrences]) -> Occurrences:
        """Add up the occurrences of several parts that number cells and chunks alike."""
        if len(parts) == 1:
            return parts[0]
        return cls.of(
            np.concatenate([part.cells for part in parts]),
            np.concatenate([part.chunks for part in parts]),
            np.concatenate([part.times for part in parts]),
        )

    def renumbered(self, cells: Numbers, chunks: Numbers) -> Occurrences:
        """Return these occurrences with the new numbers `cells[i]` and `chunks[i]` for i."""
        return Occurrences(cells[self.cells], chunks[self.chunks], self.times)

    def per_cell(self, values: Numbers | Times, cells: int) -> list[int]:
        """Return for each cell the sum of `values` over its chunks, shape (cells,)."""
        sums = np.zeros(cells, np.int64)
        for start in range(0, len(self), _AT_A_TIME):
            some = slice(start, start + _AT_A_TIME)
            times = values[self.chunks[some]] * self.times[some]
            sums += np.bincount(self.cells[some], times, cells).astype(np.int64)
        return [int(each) for each in sums.tolist()]

    def in_cells(self, chosen: NDArray[np.bool_], chunks: int) -> Times:
        """Return how often each chunk occurs in the chosen cells, shape (chunks,)."""
        mine = chosen[self.cells]
        return np.bincount(self.chunks[mine], self.times[mine], chunks).astype(np.int64)

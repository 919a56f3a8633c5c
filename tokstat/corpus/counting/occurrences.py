"""Count how often each chunk of text occurs in each cell, a pair of file and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.tally import Tally, Times

Numbers = NDArray[np.int32]

_AT_A_TIME = 1 << 18
"""Entries at a time, which bounds the arrays made for them."""


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
        found = Tally.of(cells * np.int64(width) + chunks, times)
        cells, chunks = np.divmod(found.keys, width)
        return cls(cells.astype(np.int32), chunks.astype(np.int32), found.times)

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
        return Occurrences(cells.take(self.cells), chunks.take(self.chunks), self.times)

    def per_cell(self, values: Numbers | Times, cells: int) -> list[int]:
        """Return for each cell the sum of `values` over its chunks, shape (cells,)."""
        sums = np.zeros(cells, np.int64)
        for start in range(0, len(self), _AT_A_TIME):
            some = slice(start, start + _AT_A_TIME)
            times = values.take(self.chunks[some]) * self.times[some]
            sums += np.bincount(self.cells[some], times, cells).astype(np.int64)
        return [int(each) for each in sums.tolist()]

    def between(self, low: int, high: int) -> Occurrences:
        """Return those of chunks from `low` up to `high`, counted from `low`, if all are in order.

        In order means in order of chunks.
        """
        # For numbers of another type numpy would convert all chunks.
        rows = slice(*np.searchsorted(self.chunks, np.array([low, high], np.int32)))
        return Occurrences(self.cells[rows], self.chunks[rows] - np.int32(low), self.times[rows])

    def in_order(self, cells: Numbers, count: int) -> Occurrences:
        """Return these occurrences in order of chunks, with `cells[i]` below `count` for cell i."""
        keys = self.chunks * np.int64(count) + cells.take(self.cells)
        found = Tally.of(keys, self.times)
        chunks, numbers = np.divmod(found.keys, count)
        return Occurrences(numbers.astype(np.int32), chunks.astype(np.int32), found.times)

"""Count how often each key occurs, with memory for the distinct ones alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Times = NDArray[np.int64]

_ROOM = 4
"""A full table of all keys beats sorting up to this many table cells per entry."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Hold distinct keys in order, none below 0, and how often each occurs."""

    keys: Keys
    times: Times

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, keys: NDArray[np.integer], times: Times | None = None) -> Tally:
        """Count keys in any order; each entry counts `times`, by default 1."""
        if not len(keys):
            return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))
        if int(keys.max()) < _ROOM * len(keys):
            # Floating point represents sums of whole numbers exactly up to 2 ** 53.
            sums = np.bincount(keys, times).astype(np.int64)
            found = np.flatnonzero(sums)
            return cls(found, sums.take(found))
        order = np.argsort(keys)
        keys = keys.take(order)
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        one = np.ones(len(keys), np.int64) if times is None else times.take(order)
        return cls(keys.take(first).astype(np.int64), np.add.reduceat(one, first))

    @classmethod
    def joined(cls, parts: Sequence[Tally]) -> Tally:
        """Add up several tallies."""
        if len(parts) == 1:
            return parts[0]
        return cls.of(
            np.concatenate([NOTHING.keys, *(part.keys for part in parts)]),
            np.concatenate([NOTHING.times, *(part.times for part in parts)]),
        )

    def by(self, width: int, count: int) -> list[Tally]:
        """Divide keys `group * width + key` into the tallies of `count` groups."""
        bounds = np.searchsorted(self.keys, np.arange(count + 1) * width)
        keys = self.keys % width
        return [
            Tally(keys[low:high], self.times[low:high])
            for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ]

    @property
    def total(self) -> int:
        """The sum of all times."""
        return int(self.times.sum())


NOTHING = Tally.of(np.zeros(0, np.int64))

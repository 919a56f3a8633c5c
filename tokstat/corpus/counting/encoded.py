"""The tokens of many texts as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Encoded:
    """Hold the tokens of n texts in order.

    `ids`, `starts` and `ends` have one entry per token, shape (tokens,); starts and ends count
    characters of the token's text, unless a function states otherwise. Text i has the tokens from
    `bounds[i]` to `bounds[i + 1]`, so `bounds` has the shape (n + 1,).
    """

    ids: NDArray[np.int32]
    starts: NDArray[np.int32] | NDArray[np.int64]
    ends: NDArray[np.int32] | NDArray[np.int64]
    bounds: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of tokens of each text, shape (n,)."""
        return np.diff(self.bounds)


def join(parts: Sequence[Encoded]) -> Encoded:
    """Return the tokens of the texts of all parts, in order."""
    if not parts:
        nothing = np.zeros(0, np.int32)
        return Encoded(nothing, nothing, nothing, np.zeros(1, np.int64))
    lengths = np.concatenate([each.lengths for each in parts])
    return Encoded(
        np.concatenate([each.ids for each in parts]),
        np.concatenate([each.starts for each in parts]),
        np.concatenate([each.ends for each in parts]),
        np.concatenate([[0], np.cumsum(lengths)]),
    )


def insert(encoded: Encoded, others: Encoded, places: NDArray[np.int64]) -> Encoded:
    """Return `encoded` with the tokens of `others` for the texts at `places`, empty so far.

    `places` are in ascending order.
    """
    lengths = encoded.lengths
    lengths[places] = others.lengths
    at = np.repeat(encoded.bounds[places], others.lengths)

    def filled(one: NDArray[Any], other: NDArray[Any]) -> Any:
        return np.insert(one, at, other)

    return Encoded(
        filled(encoded.ids, others.ids),
        filled(encoded.starts, others.starts),
        filled(encoded.ends, others.ends),
        np.concatenate([[0], np.cumsum(lengths)]),
    )


def gather(encoded: Encoded, texts: NDArray[np.integer[Any]]) -> Encoded:
    """Return the tokens of the texts with these numbers, in the given order, with repeats."""
    lengths = encoded.lengths.take(texts)
    tokens = runs(encoded.bounds.take(texts), lengths)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    starts, ends = encoded.starts.take(tokens), encoded.ends.take(tokens)
    return Encoded(encoded.ids.take(tokens), starts, ends, bounds)


def runs(starts: NDArray[np.integer[Any]], lengths: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the places of runs, one after the other; run i has `lengths[i]` from `starts[i]`."""
    ends = np.cumsum(lengths, dtype=np.int64)
    places: NDArray[np.int64] = np.repeat(starts - (ends - lengths), lengths)
    places += np.arange(len(places))
    return places

"""How often a known string is a word of its own, and how often a part of longer words.

Word lists from the web know nearly every string of two or three letters. `thur` is a word in
wordfreq's English list, and nearly always the end of Arthur.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.words.hashing import LONGEST, HashedWords, Ints, find

LEAST_BARE = 0.05
"""Least standalone share of a word stored without the word boundary.

On labelled tokens the share of fragments is at most 0.04 (with one exception) and that of words at
least 0.05 (with one exception).
"""

LEAST_WHOLE = 0.02
"""Least standalone share of a word stored with the word boundary."""

_SHORTEST = 2


@dataclass(frozen=True)
class SeldomAlone:
    """Hold the known words of a language that are seldom words of their own.

    `starting` are those whose share is under `LEAST_WHOLE` as the beginning of words, `inside`
    those whose share is under `LEAST_BARE` anywhere else in words.
    """

    starting: frozenset[str]
    inside: frozenset[str]


def seldom_alone(zipf: Mapping[str, float]) -> SeldomAlone:
    """Find the words of a list that are seldom alone, by their standalone shares."""
    words = [word for word in zipf if _SHORTEST <= len(word) <= LONGEST]
    if not words:
        return SeldomAlone(frozenset(), frozenset())
    starting, inside = standalone_shares(words, [zipf[word] for word in words])
    return SeldomAlone(
        frozenset(words[row] for row in np.flatnonzero(starting < LEAST_WHOLE).tolist()),
        frozenset(words[row] for row in np.flatnonzero(inside < LEAST_BARE).tolist()),
    )


def standalone_shares(
    words: list[str], zipf: list[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each word's share as the beginning of words, and as any other part of words.

    The share of a string is its own frequency over the frequency of all words that hold it in such
    a place, itself included. A word that holds it several times counts once. Both arrays have the
    shape (len(words),); no word may be longer than 32 characters.
    """
    table = HashedWords(words)
    frequency = 10.0 ** np.array(zipf)
    starting, inside = frequency * (table.lengths < _SHORTEST), frequency.copy()
    for size in range(_SHORTEST, len(table.codes) + 1):
        targets = np.flatnonzero(table.lengths == size)
        if not len(targets):
            continue
        targets = targets[np.argsort(table.hashes[targets])]
        hashes = table.hashes[targets]
        rows = np.flatnonzero(table.lengths >= size)
        kept, place = find(table.heads[size, rows], hashes)
        starting += np.bincount(targets[place], frequency[rows[kept]], len(words))
        at, row = np.nonzero(table.lengths >= np.arange(1, len(table.codes))[:, None] + size)
        kept, place = find(table.parts(row, at + 1, size), hashes)
        held, holder = _distinct(targets[place], row[kept], len(words))
        inside += np.bincount(held, frequency[holder], len(words))
    return frequency / starting, frequency / inside


def _distinct(held: Ints, holder: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the distinct pairs of two columns of numbers below `count`."""
    pairs = np.sort(held * count + holder)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    return pairs // count, pairs % count

"""The overlap of several vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.vocabulary import Vocabulary

Codes = NDArray[np.int64]
"""The members of a set, as distinct numbers in increasing order."""

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Overlap:
    """Count the members that n sets share.

    - `sizes[i]`: members of set i.
    - `shared[i][j]`: members of both set i and set j.
    - `exclusive[i]`: members of set i alone.
    - `common`: members of all sets.
    """

    sizes: tuple[int, ...]
    shared: Matrix
    exclusive: tuple[int, ...]
    common: int

    def share(self, first: int, second: int) -> float | None:
        """Return the share of the first set that is also in the second; None if it is empty."""
        return self.shared[first][second] / self.sizes[first] if self.sizes[first] else None

    def jaccard(self, first: int, second: int) -> float | None:
        """Return the size of two sets' intersection over that of their union (Jaccard 1901).

        None if both are empty.
        """
        both = self.shared[first][second]
        either = self.sizes[first] + self.sizes[second] - both
        return both / either if either else None


class TextCodes:
    """Number texts in order of appearance, so that vocabularies become sets of numbers."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def of(self, texts: Sequence[str]) -> Codes:
        """Return the number of each text, shape (len(texts),); equal texts have equal numbers."""
        codes = self._codes
        return np.array([codes.setdefault(text, len(codes)) for text in texts], np.int64)

    def texts(self) -> list[str]:
        """Return the texts in the order of their numbers."""
        return list(self._codes)

    def of_tokens(self, vocabulary: Vocabulary) -> tuple[Codes, Codes]:
        """Return the surfaces of a vocabulary's content tokens, and their texts, as sets.

        A surface is a text together with whether the token carries the word boundary.
        """
        rows = np.flatnonzero(vocabulary.content)
        texts = self.of([vocabulary.texts[row] or "" for row in rows.tolist()])
        surfaces = 2 * texts + vocabulary.starts_word[rows]
        return np.unique(surfaces), np.unique(texts)


def membership(sets: Sequence[Codes]) -> NDArray[np.bool_]:
    """Return a mask of which set has which number, shape (sets, highest number + 1)."""
    size = max((int(each[-1]) + 1 for each in sets if len(each)), default=0)
    mask = np.zeros((len(sets), size), np.bool_)
    for row, each in zip(mask, sets, strict=True):
        row[each] = True
    return mask


def overlap(sets: Sequence[Codes]) -> Overlap:
    """Return the overlap of sets."""
    mask = membership(sets)
    holders = mask.sum(axis=0)
    return Overlap(
        sizes=tuple(map(len, sets)),
        shared=tuple(tuple(int((one & other).sum()) for other in mask) for one in mask),
        exclusive=tuple(int((row & (holders == 1)).sum()) for row in mask),
        common=int((holders == len(sets)).sum()),
    )

"""Chunks of the texts since the last encoding: which there are, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.boundaries import Codes, Mask, Places
from tokstat.corpus.chunks import Chunks, GroupChunks
from tokstat.corpus.pieces import Indices, Names, distinct_pieces, unify
from tokstat.corpus.state import File, TextCounts

_CHUNKS = 24_000_000
_DISTINCT_BYTES = 40_000_000
"""Chunks, and bytes of distinct chunks, after which all are encoded and let go; blocks of text
may have chunks in common, so half as many bytes are enough once that is sorted out."""


@dataclass(frozen=True)
class Document:
    """Hold a text with the file it comes from and the group it belongs to."""

    text: str
    file: str = ""
    group: str = ""


Cell = tuple[str, str]
"""A file and a group of texts."""


@dataclass(frozen=True, eq=False)
class CutTexts:
    """Hold the chunks of some texts: the distinct ones, and which of them each is.

    `chunks` counts those of each text, `cells` and `sizes` say whose it is and how large.
    """

    names: Names
    indices: Indices
    chunks: NDArray[np.int64]
    cells: Sequence[Cell]
    sizes: Sequence[TextCounts]

    @classmethod
    def of(
        cls, text: str, codes: Codes, cuts: Mask, starts: Places, documents: Sequence[Document]
    ) -> CutTexts:
        """Number the chunks of texts laid out: `cuts` by characters, `starts` of the documents."""
        names, indices = distinct_pieces(text, codes, cuts)
        first = np.cumsum(cuts)[starts] - 1
        chunks = np.diff(np.append(first, len(indices)))
        sizes = [TextCounts(1, len(each.text.encode()), len(each.text), 0) for each in documents]
        cells = [(each.file, each.group) for each in documents]
        return cls(names, indices, chunks, cells, sizes)


class Window:
    """Chunks of texts since the last encoding: which ones, and where each text begins."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Let everything go."""
        self._parts: list[tuple[Names, list[Indices]]] = []
        self._owners: list[_Owners] = []
        self._cells: dict[Cell, int] = {}
        self._texts: dict[Cell, TextCounts] = {}
        self._chunks = self._size = 0

    @property
    def has_texts(self) -> bool:
        """Whether there is any text."""
        return bool(self._owners)

    @property
    def is_full(self) -> bool:
        """Whether it is time to encode."""
        if self._size >= _DISTINCT_BYTES:
            self.compact()
            return self._size >= _DISTINCT_BYTES // 2
        return self._chunks >= _CHUNKS

    @property
    def names(self) -> Names:
        """The distinct chunks, once `compact` has brought them together."""
        return self._parts[0][0]

    def compact(self) -> None:
        """Number the distinct chunks of all blocks alike."""
        self._parts = [unify(self._parts)]
        self._size = self.names.size

    def add(self, block: CutTexts) -> None:
        """Take in some texts."""
        self._chunks += len(block.indices)
        self._size += block.names.size
        self._parts.append((block.names, [block.indices]))
        owners = np.zeros(len(block.cells), np.int32)
        for number, cell in enumerate(block.cells):
            owners[number] = self._cells.setdefault(cell, len(self._cells))
            self._texts[cell] = self._texts.get(cell, TextCounts()) + block.sizes[number]
        self._owners.append(_Owners(owners, block.chunks))

    def _blocks(self) -> Iterator[tuple[Indices, _Owners]]:
        """Yield the chunks of each block, once `compact` has numbered them, and whose they are."""
        return zip(self._parts[0][1], self._owners, strict=True)

    def groups(self, chunks: Chunks) -> list[GroupChunks]:
        """Tell how often each chunk occurs in each group."""
        names = list(dict.fromkeys(group for _, group in self._cells))
        number_of = np.array([names.index(group) for _, group in self._cells])
        parts: list[list[Indices]] = [[] for _ in names]
        for indices, owners in self._blocks():
            of_chunks = number_of[owners.of_chunks()]
            for number in np.unique(of_chunks).tolist():
                parts[number].append(indices[of_chunks == number])
        found = []
        for name, mine in zip(names, parts, strict=True):
            times = np.zeros(chunks.count, np.int64)
            for indices in mine:
                times += np.bincount(indices, minlength=chunks.count)
            text = TextCounts(words=int(times @ chunks.words_per_chunk))
            for (_, group), size in self._texts.items():
                text += size if group == name else TextCounts()
            seen = np.flatnonzero(times)
            found.append(GroupChunks(name, text, seen, times[seen]))
        return found

    def files(
        self, words: list[int], tokens: list[list[int]], word_tokens: list[list[int]]
    ) -> dict[str, File]:
        """Count each file, from numbers for each cell."""
        found: dict[str, File] = {}
        for (name, group), cell in self._cells.items():
            file = File(
                self._texts[name, group] + TextCounts(words=words[cell]),
                tuple(each[cell] for each in tokens),
                tuple(each[cell] for each in word_tokens),
            )
            found[name] = found[name] + file if name in found else file
        return found

    def per_cell(self, values: NDArray[np.int64]) -> list[int]:
        """Sum a number of each chunk up over the chunks of each file and group."""
        sums = np.zeros(len(self._cells), np.int64)
        for indices, owners in self._blocks():
            of_chunks = owners.of_chunks()
            sums += np.bincount(of_chunks, values[indices], len(sums)).astype(np.int64)
        return [int(each) for each in sums.tolist()]


@dataclass(frozen=True, eq=False)
class _Owners:
    """Hold to which cell each document belongs, and how many chunks it has."""

    cells: Indices
    chunks: NDArray[np.int64]

    def of_chunks(self) -> Indices:
        """Return the cell of each chunk."""
        return np.repeat(self.cells, self.chunks)

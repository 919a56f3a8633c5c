"""Collect the chunks of texts until there are enough to encode, with their occurrences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tokstat.corpus.counting.distinct_pieces import Names, distinct_bytes, unify
from tokstat.corpus.counting.occurrences import Numbers, Occurrences
from tokstat.corpus.counting.state import File, TextCounts
from tokstat.corpus.counting.tally import Times
from tokstat.corpus.safe_cuts.at_white_space import Bytes
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Places

_DISTINCT_BYTES = 10_000_000
_ENTRIES = 6_000_000
"""A window is full at this many bytes of distinct chunks, or entries of their occurrences."""

_NEW_BYTES = 24_000_000
_NEW_ENTRIES = 2_000_000
"""Blocks of text share most chunks, so they are merged after this many new bytes or entries."""


class Document(NamedTuple):
    """Hold a text, the file that it comes from, and the group that it belongs to.

    `place` is where the part of the file begins that it was read from.
    """

    text: str
    file: str = ""
    group: str = ""
    place: int = 0


Cell = tuple[str, str]
"""The name of a file and the name of a group."""


@dataclass(frozen=True, eq=False)
class CutTexts:
    """Hold the distinct chunks of some texts, their occurrences, and the sizes of each cell.

    `checked` documents were encoded by the judge as well.
    """

    names: Names
    occurrences: Occurrences
    sizes: dict[Cell, TextCounts]
    checked: int = 0

    @classmethod
    def of(
        cls,
        data: Bytes,
        cuts: Places,
        starts: Places,
        documents: Sequence[Document],
        checked: int = 0,
    ) -> CutTexts:
        """Number the distinct chunks between `cuts`; `starts` and `cuts` are byte offsets."""
        names, chunks = distinct_bytes(data, cuts)
        cells: dict[Cell, int] = {}
        of_documents = np.fromiter(
            (cells.setdefault((each.file, each.group), len(cells)) for each in documents),
            np.int32,
            len(documents),
        )
        per_document = np.diff(np.append(np.searchsorted(cuts, starts), len(cuts)))
        occurrences = Occurrences.of(np.repeat(of_documents, per_document), chunks)
        lengths = np.fromiter((len(each.text) for each in documents), np.int64, len(documents))
        sizes = _sizes(of_documents, np.diff(np.append(starts, len(data))), lengths)
        return cls(names, occurrences, dict(zip(cells, sizes, strict=True)), checked)


def _sizes(cells: Numbers, sizes: Times, lengths: Times) -> list[TextCounts]:
    """Return the documents, bytes and characters of each cell; `sizes` includes the marks."""
    documents = np.bincount(cells)
    of_texts = np.bincount(cells, sizes).astype(np.int64) - len(DOCUMENT.encode()) * documents
    characters = np.bincount(cells, lengths).astype(np.int64)
    columns = (documents.tolist(), of_texts.tolist(), characters.tolist())
    return [TextCounts(*each, 0) for each in zip(*columns, strict=True)]


class Window:
    """Hold the chunks of the texts since the last encoding, with their occurrences."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Remove all texts."""
        self._parts: list[tuple[Names, Occurrences]] = []
        self._cells: dict[Cell, int] = {}
        self._texts: dict[Cell, TextCounts] = {}
        self.checked = 0
        self._size = self._entries = self._new_size = self._new_entries = 0

    @property
    def has_texts(self) -> bool:
        """Whether there is any text."""
        return bool(self._texts)

    @property
    def is_full(self) -> bool:
        """Whether the window should be encoded and cleared. May call `compact`."""
        if self._new_size >= _NEW_BYTES or self._new_entries >= _NEW_ENTRIES:
            self.compact()
        return self._size >= _DISTINCT_BYTES or self._entries >= _ENTRIES

    @property
    def names(self) -> Names:
        """The distinct chunks, after `compact`."""
        return self._parts[0][0]

    @property
    def _occurrences(self) -> Occurrences:
        return self._parts[0][1]

    def compact(self) -> None:
        """Merge all blocks, so that every distinct chunk has one number."""
        if len(self._parts) > 1:
            names, numbers = unify([names for names, _ in self._parts])
            as_they_are = np.arange(len(self._cells), dtype=np.int32)
            found = [
                occurrences.renumbered(as_they_are, mine)
                for (_, occurrences), mine in zip(self._parts, numbers, strict=True)
            ]
            self._parts = [(names, Occurrences.joined(found))]
        self._size, self._entries = self.names.size, len(self._occurrences)
        self._new_size = self._new_entries = 0

    def add(self, block: CutTexts) -> None:
        """Add the chunks of some texts."""
        self.checked += block.checked
        for cell, size in block.sizes.items():
            self._cells.setdefault(cell, len(self._cells))
            self._texts[cell] = self._texts.get(cell, TextCounts()) + size
        numbers = np.array([self._cells[cell] for cell in block.sizes], np.int32)
        as_they_are = np.arange(len(block.names), dtype=np.int32)
        self._parts.append((block.names, block.occurrences.renumbered(numbers, as_they_are)))
        self._new_size += block.names.size
        self._new_entries += len(block.occurrences)

    @property
    def documents(self) -> int:
        """The number of texts."""
        return sum(size.documents for size in self._texts.values())

    def groups(self, words_per_chunk: Numbers | Times) -> tuple[dict[str, TextCounts], Occurrences]:
        """Return the sizes of each group, and how often each chunk occurs in it.

        The groups are the cells of the occurrences, which are in order of chunks.
        """
        sizes: dict[str, TextCounts] = {}
        for (_, name), size in self._texts.items():
            sizes[name] = sizes.get(name, TextCounts()) + size
        number_of = {name: number for number, name in enumerate(sizes)}
        numbers = np.array([number_of[name] for _, name in self._cells], np.int32)
        found = self._occurrences.in_order(numbers, len(sizes))
        words = found.per_cell(words_per_chunk, len(sizes))
        return {
            name: size + TextCounts(words=own)
            for (name, size), own in zip(sizes.items(), words, strict=True)
        }, found

    def files(
        self, words: list[int], tokens: list[list[int]], word_tokens: list[list[int]]
    ) -> dict[str, File]:
        """Return the counts of each file, summed over the given counts of its cells."""
        found: dict[str, File] = {}
        for (name, group), cell in self._cells.items():
            file = File(
                self._texts[name, group] + TextCounts(words=words[cell]),
                tuple(each[cell] for each in tokens),
                tuple(each[cell] for each in word_tokens),
            )
            found[name] = found[name] + file if name in found else file
        return found

    def per_cell(self, values: Numbers | Times) -> list[int]:
        """Return for each cell the sum of `values` over its chunks."""
        return self._occurrences.per_cell(values, len(self._cells))

"""Texts to counts: each distinct piece is encoded once, and counts as often as it occurs.

Texts are cut at white space where that is safe for all tokenizers. Of the distinct chunks that
gives, each tokenizer gets the distinct pieces that its own, finer cut leaves. Words are found in
the distinct chunks, and no word reaches over a cut at white space.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.boundaries import (
    DOCUMENT,
    SEPARATOR,
    Boundaries,
    Codes,
    Mask,
    Places,
    code_points,
    cut_outside,
    find_cuts,
)
from tokstat.corpus.cuts import Cut
from tokstat.corpus.encoding import Encoded, encode_pieces, gather
from tokstat.corpus.pieces import Indices, Names, distinct_pieces, unify
from tokstat.corpus.state import Counts, File, Group, Identity, Split, TextCounts, TokenCounts
from tokstat.corpus.words import Spans, WordDefinition
from tokstat.tokenizer import Tokenizer

_BLOCK = 1 << 21
"""Characters that are cut at a time."""

_STEP = 1 << 20
"""Characters of distinct chunks that are worked on at a time: so much fits into fast memory."""

_CHUNKS = 32_000_000
_DISTINCT_CHARACTERS = 24_000_000
"""Chunks, and characters in distinct chunks, after which all are encoded and let go; blocks of text
may have chunks in common, so half as many characters are enough once that is sorted out."""

MOST_SPLITS = 10_000
"""Words of several tokens that are kept of a window, for all groups together."""


@dataclass(frozen=True)
class Document:
    """Hold a text with the file it comes from and the group it belongs to."""

    text: str
    file: str = ""
    group: str = ""


@dataclass(frozen=True, eq=False)
class Counter:
    """Count texts with tokenizers that are cut alike: `cuts` are as `tokenizers`."""

    tokenizers: Sequence[Tokenizer]
    cuts: Sequence[Cut]
    words: WordDefinition
    boundaries: Boundaries
    _window: _Window = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_window", _Window())

    def count(self, documents: Iterable[Document]) -> Counts:
        """Count texts. Raises EncodingError."""
        return count_side_by_side([self], documents)[0]

    def nothing(self) -> Counts:
        """Return the counts of no text."""
        identities = (Identity(each.origin.spec, each.origin.sha256) for each in self.tokenizers)
        return Counts(tuple(identities), self.words.name)

    def add(self, documents: Sequence[Document]) -> None:
        """Cut some texts, and keep their chunks."""
        text = "".join([part for each in documents for part in (DOCUMENT, each.text)])
        codes = code_points(text)
        cuts = find_cuts(codes, self.boundaries)
        starts = np.flatnonzero(codes == ord(DOCUMENT))
        self._join_whole_texts(text, cuts, starts)
        self._window.add(text, codes, cuts, starts, documents)

    def _join_whole_texts(self, text: str, cuts: Mask, starts: Places) -> None:
        """Take back the cuts of the texts that a tokenizer must see whole."""
        for string in {string for cut in self.cuts for string in cut.whole_texts}:
            for place in _find_all(text, string):
                number = int(np.searchsorted(starts, place, "right"))
                end = starts[number] if number < len(starts) else len(text)
                cuts[starts[number - 1] + 1 : end] = False

    @property
    def is_full(self) -> bool:
        """Whether it is time to encode what was added."""
        return self._window.is_full

    def finish(self) -> Counts:
        """Encode and count what was added. Raises EncodingError."""
        window = self._window
        if not window.has_texts:
            return self.nothing()
        window.compact()
        counted = _Chunks(window.names, self.words)
        results = [
            counted.encode(tokenizer, cut)
            for tokenizer, cut in zip(self.tokenizers, self.cuts, strict=True)
        ]
        counts = Counts(
            self.nothing().tokenizers,
            self.words.name,
            window.groups(counted, results),
            window.files(counted, results),
        )
        window.clear()
        return counts


def count_side_by_side(counters: Sequence[Counter], documents: Iterable[Document]) -> list[Counts]:
    """Count the same texts with several counters, reading them once. Raises EncodingError."""
    counts = [counter.nothing() for counter in counters]
    for block in _blocks(documents):
        for number, counter in enumerate(counters):
            counter.add(block)
            if counter.is_full:
                counts[number] += counter.finish()
    return [each + counter.finish() for each, counter in zip(counts, counters, strict=True)]


def _blocks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    block: list[Document] = []
    size = 0
    for document in documents:
        block.append(document)
        size += len(document.text) + 1
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _find_all(text: str, string: str) -> Iterable[int]:
    place = text.find(string)
    while place >= 0:
        yield place
        place = text.find(string, place + 1)


@dataclass(frozen=True, eq=False)
class _EncodedChunks:
    """Hold what a tokenizer made of distinct chunks.

    `tokens` are those of each chunk, `per_word` the number of tokens of each word, `first` where
    they begin among all.
    """

    tokens: Encoded
    per_word: NDArray[np.int64]
    first: NDArray[np.int64]
    word_tokens: NDArray[np.int64]
    size: int


def _find_words(words: WordDefinition, codes: Codes, blocks: Sequence[tuple[int, int]]) -> Spans:
    found = [(start, words.find(codes[start:end])) for start, end in blocks]
    return Spans(
        np.concatenate([spans.starts + start for start, spans in found]),
        np.concatenate([spans.ends + start for start, spans in found]),
    )


class _Chunks:
    """Distinct chunks laid end to end, the separator between them, with their words."""

    def __init__(self, chunks: Names, words: WordDefinition) -> None:
        self.count = len(chunks)
        self.text = SEPARATOR.join(chunks.texts())
        self.codes = code_points(self.text)
        ends = np.flatnonzero(self.codes == ord(SEPARATOR))
        self.starts: Places = np.concatenate([[0], ends + 1])
        self.words: Spans = _find_words(words, self.codes, self.blocks())
        self.word_chunks: Places = np.searchsorted(self.starts, self.words.starts, "right") - 1
        self.words_per_chunk = np.bincount(self.word_chunks, minlength=self.count)
        cuts = np.zeros(len(self.codes) + 1, np.bool_)
        cuts[self.words.starts] = cuts[self.words.ends] = cuts[self.starts] = True
        self.names, which = self._pieces(cuts[:-1])
        # The word that starts at a place is the piece that starts there.
        self.word_names = which[np.searchsorted(np.flatnonzero(cuts), self.words.starts)]

    def blocks(self) -> list[tuple[int, int]]:
        """Return the starts and ends of stretches of chunks that are worked on at a time."""
        steps = np.searchsorted(self.starts, np.arange(0, len(self.codes), _STEP))
        bounds = [*np.unique(self.starts[steps[steps < self.count]]).tolist(), len(self.codes)]
        return list(itertools.pairwise(bounds))

    def _pieces(self, cuts: Mask) -> tuple[Names, Indices]:
        """Return the distinct pieces, and which of them there is at each cut."""
        parts = [
            distinct_pieces(self.text[start:end], self.codes[start:end], cuts[start:end])
            for start, end in self.blocks()
        ]
        names, which = unify(parts)
        return names, np.concatenate(which)

    def encode(self, tokenizer: Tokenizer, cut: Cut) -> _EncodedChunks:
        """Encode the distinct pieces of the chunks, and put their tokens where they belong."""
        cuts = self._cuts(cut)
        pieces, which = self._pieces(cuts)
        encoded = encode_pieces(tokenizer, cut, pieces)
        places = np.flatnonzero(cuts)
        tokens = gather(encoded, which)
        shift = np.repeat(places, tokens.lengths)
        starts, ends = tokens.starts + shift, tokens.ends + shift
        bounds = tokens.bounds[np.searchsorted(places, [*self.starts, len(self.codes)])]
        in_chunks = Encoded(tokens.ids, tokens.starts, tokens.ends, bounds)
        # Of the tokens that begin before the end of a word, those that end by its start are not
        # of it. Sorted apart, as a normalizer may put one character before another.
        first = np.searchsorted(_in_order(ends), self.words.starts, "right")
        per_word = np.searchsorted(_in_order(starts), self.words.ends, "left") - first
        word_tokens = np.bincount(self.word_chunks, per_word, self.count).astype(np.int64)
        size = tokenizer.backend.get_vocab_size(with_added_tokens=True)
        return _EncodedChunks(in_chunks, per_word, first, word_tokens, size)

    def _cuts(self, cut: Cut) -> Mask:
        cuts = np.concatenate(
            [find_cuts(self.codes[start:end], cut.boundaries) for start, end in self.blocks()]
        )
        cut_outside(cuts, self.text, cut.whole_strings)
        cuts[self.starts] = True
        for string in cut.whole_texts:
            for place in _find_all(self.text, string):
                chunk = int(np.searchsorted(self.starts, place, "right")) - 1
                end = self.starts[chunk + 1] if chunk + 1 < self.count else len(cuts)
                cuts[self.starts[chunk] + 1 : end] = False
        cuts[self.starts[1:] - 1] = True
        if not (cut.changes_start or cut.refused):
            cuts[1:] |= self.codes[:-1] == ord(DOCUMENT)
        return cuts

    def count_group(
        self, weights: NDArray[np.int64], encoded: _EncodedChunks, most: int
    ) -> TokenCounts:
        """Count what a tokenizer made of texts in which each chunk occurs so often."""
        tokens = encoded.tokens
        times = np.repeat(weights, tokens.lengths)
        counts = np.bincount(tokens.ids, times, encoded.size).astype(np.int64)
        of_words = weights[self.word_chunks]
        words = np.bincount(encoded.per_word, of_words).astype(np.int64)
        splits, left_out = self._splits(of_words, encoded, most)
        return TokenCounts(counts, words, splits, left_out)

    def _splits(
        self, times: NDArray[np.int64], encoded: _EncodedChunks, most: int
    ) -> tuple[dict[Split, int], int]:
        """Count the most frequent words of several tokens, each with its tokens."""
        is_split = encoded.per_word > 1
        per_name = np.bincount(self.word_names[is_split], times[is_split], len(self.names))
        left_out = int(np.partition(per_name, -most - 1)[-most - 1]) if len(per_name) > most else 0
        is_split &= (per_name > left_out)[self.word_names] & (times > 0)
        rows = np.flatnonzero(is_split)
        found: dict[Split, int] = {}
        ids = encoded.tokens.ids
        for name, first, length, count in zip(
            self.word_names[rows].tolist(),
            encoded.first[rows].tolist(),
            encoded.per_word[rows].tolist(),
            times[rows].tolist(),
            strict=True,
        ):
            split = (self.names[name], tuple(ids[first : first + length].tolist()))
            found[split] = found.get(split, 0) + count
        return found, left_out


def _in_order(places: Places) -> Places:
    return places if bool((places[1:] >= places[:-1]).all()) else np.sort(places)


class _Window:
    """Chunks of texts since the last encoding: which ones, and where each text begins."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Let everything go."""
        self._blocks: list[_Block] = []
        self._cells: dict[tuple[str, str], int] = {}
        self._texts: dict[tuple[str, str], TextCounts] = {}
        self._chunks = self._characters = 0

    @property
    def has_texts(self) -> bool:
        """Whether there is any text."""
        return bool(self._blocks)

    @property
    def is_full(self) -> bool:
        """Whether it is time to encode."""
        if self._characters >= _DISTINCT_CHARACTERS:
            self.compact()
            return self._characters >= _DISTINCT_CHARACTERS // 2
        return self._chunks >= _CHUNKS

    @property
    def names(self) -> Names:
        """The distinct chunks, once `compact` has brought them together."""
        return self._blocks[0].names

    def compact(self) -> None:
        """Number the distinct chunks of all blocks alike."""
        names, indices = unify([(block.names, block.indices) for block in self._blocks])
        self._blocks = [
            _Block(names, each, block.owners)
            for block, each in zip(self._blocks, indices, strict=True)
        ]
        self._characters = sum(map(len, names.texts()))

    def add(
        self, text: str, codes: Codes, cuts: Mask, starts: Places, documents: Sequence[Document]
    ) -> None:
        """Take in a block of texts: `cuts` by characters, `starts` of the documents."""
        names, indices = distinct_pieces(text, codes, cuts)
        self._chunks += len(indices)
        self._characters += sum(map(len, names.texts()))
        owners = np.zeros(len(documents), np.int32)
        for number, document in enumerate(documents):
            cell = (document.file, document.group)
            owners[number] = self._cells.setdefault(cell, len(self._cells))
            size = TextCounts(1, len(document.text.encode()), len(document.text), 0)
            self._texts[cell] = self._texts.get(cell, TextCounts()) + size
        first = np.cumsum(cuts)[starts] - 1
        chunks = np.diff(np.append(first, len(indices)))
        self._blocks.append(_Block(names, indices, _Owners(owners, chunks)))

    def groups(self, chunks: _Chunks, results: Sequence[_EncodedChunks]) -> dict[str, Group]:
        """Count each group."""
        names = list(dict.fromkeys(group for _, group in self._cells))
        number_of = np.array([names.index(group) for _, group in self._cells])
        parts: list[list[Indices]] = [[] for _ in names]
        for block in self._blocks:
            of_chunks = number_of[block.owners.of_chunks()]
            for number in np.unique(of_chunks).tolist():
                parts[number].append(block.indices[of_chunks == number])
        found = {}
        for name, mine in zip(names, parts, strict=True):
            weights = np.zeros(chunks.count, np.int64)
            for indices in mine:
                weights += np.bincount(indices, minlength=chunks.count)
            text = TextCounts(words=int(weights @ chunks.words_per_chunk))
            for (_, group), size in self._texts.items():
                text += size if group == name else TextCounts()
            most = MOST_SPLITS // len(names)
            found[name] = Group(
                text, tuple(chunks.count_group(weights, each, most) for each in results)
            )
        return found

    def files(self, chunks: _Chunks, results: Sequence[_EncodedChunks]) -> dict[str, File]:
        """Count each file."""
        words = self._per_cell(chunks.words_per_chunk)
        tokens = [self._per_cell(each.tokens.lengths) for each in results]
        word_tokens = [self._per_cell(each.word_tokens) for each in results]
        found: dict[str, File] = {}
        for (name, group), cell in self._cells.items():
            file = File(
                self._texts[name, group] + TextCounts(words=words[cell]),
                tuple(each[cell] for each in tokens),
                tuple(each[cell] for each in word_tokens),
            )
            found[name] = found[name] + file if name in found else file
        return found

    def _per_cell(self, values: NDArray[np.int64]) -> list[int]:
        """Sum a number of each chunk up over the chunks of each file and group."""
        sums = np.zeros(len(self._cells), np.int64)
        for block in self._blocks:
            owners = block.owners.of_chunks()
            sums += np.bincount(owners, values[block.indices], len(sums)).astype(np.int64)
        return [int(each) for each in sums.tolist()]


@dataclass(frozen=True, eq=False)
class _Owners:
    """Hold to which cell each document belongs, and how many chunks it has."""

    cells: Indices
    chunks: NDArray[np.int64]

    def of_chunks(self) -> Indices:
        """Return the cell of each chunk."""
        return np.repeat(self.cells, self.chunks)


@dataclass(frozen=True, eq=False)
class _Block:
    """Hold the chunks of some texts: the distinct ones, and which of them each is."""

    names: Names
    indices: Indices
    owners: _Owners

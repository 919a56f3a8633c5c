"""Distinct chunks of text, with their words, and what tokenizers make of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.distinct_pieces import Indices, Names, distinct_pieces, unify
from tokstat.corpus.counting.encoding import Encoded, encode_pieces, gather
from tokstat.corpus.counting.state import Split, TextCounts, TokenCounts
from tokstat.corpus.counting.word_definitions import Spans, WordDefinition
from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    SEPARATOR,
    Codes,
    Mask,
    Places,
    code_points,
    cut_outside,
    find_cuts,
)
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.io.threads import in_threads
from tokstat.tokenizer.tokenizer import Tokenizer

_STEP = 1 << 20
"""Characters of distinct chunks that are worked on at a time: so much fits into fast memory."""


@dataclass(frozen=True, eq=False)
class EncodedChunks:
    """Hold what a tokenizer made of distinct chunks.

    `ids` are the tokens of all, in order, and `lengths` the number of each chunk's; `per_word` is
    the number of tokens of each word, `first` where they begin in `ids`; `word_tokens` are those of
    each chunk's words. `size` is the vocabulary's.
    """

    ids: Indices
    lengths: NDArray[np.int64]
    per_word: NDArray[np.int64]
    first: NDArray[np.int64]
    word_tokens: NDArray[np.int64]
    size: int


@dataclass(frozen=True, eq=False)
class GroupChunks:
    """Hold how often each chunk occurs in a group of texts: those that do, and how often."""

    name: str
    text: TextCounts
    chunks: Places
    times: NDArray[np.int64]


def _find_words(words: WordDefinition, codes: Codes, blocks: Sequence[tuple[int, int]]) -> Spans:
    found = in_threads(lambda block: words.find(codes[slice(*block)]), blocks)
    shifts = [start for start, _ in blocks]
    return Spans(
        np.concatenate([each.starts + by for each, by in zip(found, shifts, strict=True)]),
        np.concatenate([each.ends + by for each, by in zip(found, shifts, strict=True)]),
    )


class Chunks:
    """Distinct chunks laid end to end, the separator between them, with their words."""

    def __init__(self, chunks: Names, words: WordDefinition) -> None:
        self.count = len(chunks)
        self.codes = code_points(SEPARATOR.join(chunks.texts()))
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

        def pieces(block: tuple[int, int]) -> tuple[Names, Indices]:
            stretch = slice(*block)
            return distinct_pieces(self._text(*block), self.codes[stretch], cuts[stretch])

        parts = in_threads(pieces, self.blocks())
        names, tables = unify([names for names, _ in parts])
        found = [table[which] for (_, which), table in zip(parts, tables, strict=True)]
        return names, np.concatenate(found)

    def encode(self, tokenizer: Tokenizer, cut: Cut) -> EncodedChunks:
        """Encode the distinct pieces of the chunks, and put their tokens where they belong."""
        cuts = self._cuts(cut)
        pieces, which = self._pieces(cuts)
        encoded = encode_pieces(tokenizer, cut, pieces)
        blocks = in_threads(lambda block: self._place(encoded, which, cuts, *block), self.blocks())
        ids, lengths, per_word, first = map(np.concatenate, zip(*blocks, strict=True))
        sizes = [len(block[0]) for block in blocks]
        before = np.repeat(np.cumsum(sizes) - sizes, [len(block[2]) for block in blocks])
        word_tokens = np.bincount(self.word_chunks, per_word, self.count).astype(np.int64)
        # Where ids have gaps, some are higher than there are tokens.
        highest = int(ids.max(initial=-1))
        size = max(tokenizer.backend.get_vocab_size(with_added_tokens=True), highest + 1)
        places = (first + before).astype(np.int64)
        return EncodedChunks(ids, lengths, per_word, places, word_tokens, size)

    def _place(
        self, encoded: Encoded, which: Indices, cuts: Mask, start: int, end: int
    ) -> tuple[Indices, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return tokens of a stretch of chunks, how many a chunk and word have, and where."""
        places = np.flatnonzero(cuts[start:end]) + start
        piece = int(np.count_nonzero(cuts[:start]))
        tokens = gather(encoded, which[piece : piece + len(places)])
        shift = np.repeat(places, tokens.lengths)
        chunks = self.starts[
            np.searchsorted(self.starts, start) : np.searchsorted(self.starts, end)
        ]
        bounds = tokens.bounds[np.append(np.searchsorted(places, chunks), len(places))]
        low, high = np.searchsorted(self.words.starts, (start, end))
        # Of the tokens that begin before the end of a word, those that end by its start are not
        # of it. Sorted apart, as a normalizer may put one character before another.
        ends, starts = _in_order(tokens.ends + shift), _in_order(tokens.starts + shift)
        first = np.searchsorted(ends, self.words.starts[low:high], "right")
        per_word = np.searchsorted(starts, self.words.ends[low:high], "left") - first
        return tokens.ids, np.diff(bounds), per_word, first

    def _text(self, start: int, end: int) -> str:
        """Return a stretch as text; all of it would take as much memory as the code points."""
        return self.codes[start:end].tobytes().decode("utf-32-le")

    def _cuts_in(self, cut: Cut, start: int, end: int) -> Mask:
        cuts = find_cuts(self.codes[start:end], cut.boundaries)
        chunks = self.starts[slice(*np.searchsorted(self.starts, (start, end)))] - start
        if cut.whole_strings or cut.whole_texts:
            text = self._text(start, end)
            cut_outside(cuts, text, cut.whole_strings)
            for part in cut.joins(text, chunks):
                cuts[part.start + 1 : part.stop] = False
        cuts[chunks] = True
        return cuts

    def _cuts(self, cut: Cut) -> Mask:
        cuts = np.concatenate(in_threads(lambda block: self._cuts_in(cut, *block), self.blocks()))
        cuts[self.starts[1:] - 1] = True
        if not (cut.changes_start or cut.refused):
            cuts[1:] |= self.codes[:-1] == ord(DOCUMENT)
        return cuts

    def count_group(self, group: GroupChunks, encoded: EncodedChunks, most: int) -> TokenCounts:
        """Count what a tokenizer made of a group of texts."""
        weights = np.zeros(self.count, np.int64)
        weights[group.chunks] = group.times
        counts = np.zeros(encoded.size, np.int64)
        ends = np.cumsum(encoded.lengths)
        for start in range(0, self.count, _STEP):
            stretch = slice(start, start + _STEP)
            lengths = encoded.lengths[stretch]
            low, high = int(ends[start] - lengths[0]), int(ends[stretch][-1])
            times = np.repeat(weights[stretch], lengths)
            counts += np.bincount(encoded.ids[low:high], times, encoded.size).astype(np.int64)
        of_words = weights[self.word_chunks]
        words = np.bincount(encoded.per_word, of_words).astype(np.int64)
        splits, left_out = self._splits(of_words, encoded, most)
        return TokenCounts(counts, words, splits, left_out)

    def _splits(
        self, times: NDArray[np.int64], encoded: EncodedChunks, most: int
    ) -> tuple[dict[Split, int], int]:
        """Count the most frequent words of several tokens, each with its tokens."""
        is_split = encoded.per_word > 1
        per_name = np.bincount(self.word_names[is_split], times[is_split], len(self.names))
        left_out = int(np.partition(per_name, -most - 1)[-most - 1]) if len(per_name) > most else 0
        is_split &= (per_name > left_out)[self.word_names] & (times > 0)
        rows = np.flatnonzero(is_split)
        names = {name: self.names[name] for name in np.unique(self.word_names[rows]).tolist()}
        found: dict[Split, int] = {}
        for name, first, length, count in zip(
            self.word_names[rows].tolist(),
            encoded.first[rows].tolist(),
            encoded.per_word[rows].tolist(),
            times[rows].tolist(),
            strict=True,
        ):
            split = (names[name], tuple(encoded.ids[first : first + length].tolist()))
            found[split] = found.get(split, 0) + count
        return found, left_out


def _in_order(places: Places) -> Places:
    return places if bool((places[1:] >= places[:-1]).all()) else np.sort(places)

"""Encode the distinct chunks of a text, and count the tokens of chunks and words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.chunks_by_engine import can_place, encode_chunks
from tokstat.corpus.counting.distinct_pieces import Indices, Names, distinct_pieces, unify
from tokstat.corpus.counting.encoded import Encoded, gather
from tokstat.corpus.counting.encoding import encode_pieces
from tokstat.corpus.counting.state import Split, TextCounts, TokenCounts
from tokstat.corpus.counting.word_definitions import Spans, WordDefinition
from tokstat.corpus.counting.words_alone import WordsAlone
from tokstat.corpus.engines.engine import Engine
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

_STEP = 1 << 18
"""Characters of distinct chunks per block of work. A block of this size fits into the CPU cache."""


@dataclass(frozen=True, eq=False)
class EncodedChunks:
    """Hold the tokens of distinct chunks.

    `ids` has the tokens of all chunks in order, shape (tokens,), and `lengths` their number per
    chunk, shape (chunks,). `per_word` has the number of tokens of each word, and `first` the index
    in `ids` of a word's first token, both of shape (words,). `word_tokens` sums `per_word` for each
    chunk, shape (chunks,). Every id is below `size`.
    """

    ids: Indices
    lengths: NDArray[np.int64]
    per_word: NDArray[np.int64]
    first: NDArray[np.int64]
    word_tokens: NDArray[np.int64]
    size: int


_Placed = tuple[Indices, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class GroupChunks:
    """Hold the chunks that occur in a group of texts, and how often each occurs."""

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
    """Join distinct chunks with the separator, and find their words."""

    def __init__(self, chunks: Names, words: WordDefinition) -> None:
        self.count = len(chunks)
        self._chunks = chunks
        self._data, self._bounds = chunks.utf8()
        parts = in_threads(self._separated, _steps(self._bounds))
        # The last chunk has no separator after it.
        self.codes = np.concatenate([codes for codes, _ in parts])[:-1]
        sizes = np.concatenate([sizes for _, sizes in parts])
        self.starts: Places = np.cumsum(sizes) - sizes
        self.words: Spans = _find_words(words, self.codes, self.blocks())
        cuts = np.zeros(len(self.codes) + 1, np.bool_)
        cuts[self.words.starts] = cuts[self.words.ends] = cuts[self.starts] = True
        cuts[self.starts[1:] - 1] = True
        self._cuts_at_words = cuts[:-1]
        self.names, self._which = self._pieces(self._cuts_at_words)
        # Each word starts at a cut and ends at the next one, so it is exactly one piece.
        is_word = self._marked(self.words.starts)[self._cuts_at_words]
        self.word_names = self._which[is_word]
        self.word_chunks = self._cut_chunks()[is_word]
        self.words_per_chunk = np.bincount(self.word_chunks, minlength=self.count)

    def _cut_chunks(self) -> Indices:
        """Return the chunk of each cut at words."""
        is_start = self._marked(self.starts)[self._cuts_at_words]
        chunks: Indices = np.cumsum(is_start, dtype=np.int32) - np.int32(1)
        return chunks

    def _marked(self, places: Places) -> Mask:
        """Return a mask of the characters at some places, shape as `codes`."""
        mask = np.zeros(len(self.codes), np.bool_)
        mask[places] = True
        return mask

    def _separated(self, block: tuple[int, int]) -> tuple[Codes, Places]:
        """Return the characters of some chunks with a separator after each, and their numbers."""
        low, high = block
        bounds = self._bounds[low : high + 1] - self._bounds[low]
        data = self._data[self._bounds[low] : self._bounds[high]]
        codes = code_points(data.tobytes().decode())
        if len(codes) < len(data):
            bounds = np.append(0, np.cumsum(data & 0xC0 != 0x80))[bounds]
        is_character = np.ones(len(codes) + high - low, np.bool_)
        is_character[bounds[1:] + np.arange(high - low)] = False
        separated = np.full(len(is_character), ord(SEPARATOR), np.uint32)
        separated[is_character] = codes
        return separated, np.diff(bounds) + 1

    def blocks(self) -> list[tuple[int, int]]:
        """Return the start and end of each block of whole chunks, about `_STEP` characters."""
        steps = np.searchsorted(self.starts, np.arange(0, len(self.codes), _STEP))
        starts = dict.fromkeys(self.starts[steps[steps < self.count]].tolist())
        bounds = [*starts, len(self.codes)]
        return list(itertools.pairwise(bounds))

    def _pieces(self, cuts: Mask) -> tuple[Names, Indices]:
        """Return the distinct pieces, and the number of the piece that starts at each cut."""

        def pieces(block: tuple[int, int]) -> tuple[Names, Indices]:
            stretch = slice(*block)
            return distinct_pieces(self._text(*block), self.codes[stretch], cuts[stretch])

        parts = in_threads(pieces, self.blocks())
        names, tables = unify([names for names, _ in parts])
        found = [table[which] for (_, which), table in zip(parts, tables, strict=True)]
        return names, np.concatenate(found)

    def encode(self, tokenizer: Tokenizer, cut: Cut, engine: Engine | None = None) -> EncodedChunks:
        """Encode the chunks, and assign their tokens to chunks and words.

        An engine encodes them as they are. Without one they are cut further, and each distinct
        piece is encoded once.

        Raises:
            EncodingError: the tokenizer fails on a piece.
            EngineError: the engine fails.
        """
        if engine is not None and can_place(cut):
            blocks = self._encode_by_engine(tokenizer, cut, engine)
        else:
            blocks = self._encode_pieces(tokenizer, cut)
        ids, lengths, per_word, first = map(np.concatenate, zip(*blocks, strict=True))
        sizes = [len(block[0]) for block in blocks]
        before = np.repeat(np.cumsum(sizes) - sizes, [len(block[2]) for block in blocks])
        word_tokens = np.bincount(self.word_chunks, per_word, self.count).astype(np.int64)
        # With gaps between ids, the highest id exceeds the number of tokens.
        highest = int(ids.max(initial=-1))
        size = max(tokenizer.backend.get_vocab_size(with_added_tokens=True), highest + 1)
        places = (first + before).astype(np.int64)
        return EncodedChunks(ids, lengths, per_word, places, word_tokens, size)

    def _encode_by_engine(self, tokenizer: Tokenizer, cut: Cut, engine: Engine) -> list[_Placed]:
        """Encode each block's chunks as they are, and place their tokens by bytes."""

        def encode(block: tuple[int, int]) -> _Placed:
            low, high = np.searchsorted(self.starts, block)
            bounds = self._bounds[low : high + 1]
            some = self._data[bounds[0] : bounds[-1]], bounds - bounds[0]
            tokens = encode_chunks(tokenizer, cut, engine, *some)
            words = self._words_in_bytes(some[0], block, int(low))
            return _place(tokens, tokens.bounds, words)

        return in_threads(encode, self.blocks())

    def _words_in_bytes(self, data: NDArray[np.uint8], block: tuple[int, int], first: int) -> Spans:
        """Return where the words of a block are in its UTF-8, which has no separators.

        The block begins with the chunk `first`.
        """
        words = slice(*np.searchsorted(self.words.starts, block))
        before = self.word_chunks[words] + (block[0] - first)
        starts, ends = self.words.starts[words] - before, self.words.ends[words] - before
        places = np.flatnonzero(data & 0xC0 != 0x80)
        if len(places) == len(data):
            return Spans(starts, ends)
        places = np.append(places, len(data))
        return Spans(places[starts], places[ends])

    def _encode_pieces(self, tokenizer: Tokenizer, cut: Cut) -> list[_Placed]:
        """Cut the chunks further, and encode each distinct piece once."""
        words = cut.words_alone
        if words is not None and words.divides_words:
            pieces, which, cuts = self._pieces_by_words(words)
        elif not cut.boundaries.pairs:
            pieces, which = self._chunks, np.arange(self.count, dtype=np.int32)
            cuts = self._marked(self.starts)
        else:
            cuts = self._cuts(cut)
            pieces, which = self._pieces(cuts)
        encoded = encode_pieces(tokenizer, cut, pieces)

        def place(block: tuple[int, int]) -> _Placed:
            start, end = block
            places = np.flatnonzero(cuts[start:end]) + start
            piece = int(np.count_nonzero(cuts[:start]))
            tokens = gather(encoded, which[piece : piece + len(places)])
            shift = np.repeat(places, tokens.lengths)
            tokens = replace(tokens, starts=tokens.starts + shift, ends=tokens.ends + shift)
            low, high = np.searchsorted(self.starts, block)
            chunks = np.append(np.searchsorted(places, self.starts[low:high]), len(places))
            low, high = np.searchsorted(self.words.starts, block)
            words = Spans(self.words.starts[low:high], self.words.ends[low:high])
            return _place(tokens, tokens.bounds[chunks], words)

        return in_threads(place, self.blocks())

    def _pieces_by_words(self, words: WordsAlone) -> tuple[Names, Indices, Mask]:
        """Return pieces, and where they are, that are cut at words wherever that is safe.

        Other chunks are pieces by themselves.
        """
        is_whole = np.zeros(self.count, np.bool_)
        for start, end in self.blocks():
            found = words.unsafe(self.codes[start:end], self._cuts_at_words[start:end])
            is_whole[np.searchsorted(self.starts, found + start, "right") - 1] = True
        of_cuts = self._cut_chunks()
        is_kept = ~is_whole[of_cuts]
        is_first = np.diff(of_cuts, prepend=np.int32(-1)) > 0
        numbers = np.flatnonzero(is_whole)
        which = self._which.copy()
        which[is_first & ~is_kept] = len(self.names) + np.arange(len(numbers))
        is_kept |= is_first
        cuts = self._cuts_at_words.copy()
        cuts[cuts] = is_kept
        return Names.join([self.names, self._chunks.some(numbers)]), which[is_kept], cuts

    def _text(self, start: int, end: int) -> str:
        """Return part of the chunks as text. Decoding all at once would double the memory."""
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
        """Count the tokens of a group of texts, and keep its `most` most frequent split words."""
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
        """Count the most frequent words of two or more tokens, each with its tokens.

        The second result is the highest count of any word left out, 0 if none was.
        """
        is_split = encoded.per_word > 1
        per_name = np.bincount(self.word_names[is_split], times[is_split], len(self.names))
        left_out = int(np.partition(per_name, -most - 1)[-most - 1]) if len(per_name) > most else 0
        is_split &= (per_name > left_out)[self.word_names] & (times > 0)
        rows = np.flatnonzero(is_split)
        names = {name: self.names[name] for name in np.unique(self.word_names[rows]).tolist()}
        found: dict[Split, int] = {}
        # Nearly all words of a name have the same tokens: those of any one of them are compared.
        example = np.zeros(len(self.names), np.int64)
        while len(rows):
            example[self.word_names[rows]] = rows
            examples = example[self.word_names[rows]]
            is_like = _same_tokens(encoded, rows, examples)
            like = rows[is_like]
            counts = np.bincount(self.word_names[like], times[like], len(self.names))
            for row in np.unique(examples).tolist():
                name, first = int(self.word_names[row]), encoded.first[row]
                ids = encoded.ids[first : first + encoded.per_word[row]].tolist()
                found[names[name], tuple(ids)] = int(counts[name])
            rows = rows[~is_like]
        return found, left_out


def _steps(bounds: Places) -> list[tuple[int, int]]:
    """Return the first and the last bound of each block of about `_STEP` bytes."""
    steps = np.searchsorted(bounds[:-1], np.arange(0, int(bounds[-1]), _STEP))
    return list(itertools.pairwise([*dict.fromkeys(steps.tolist()), len(bounds) - 1]))


def _place(tokens: Encoded, bounds: NDArray[np.int64], words: Spans) -> _Placed:
    """Return the ids, the tokens per chunk and per word, and each word's first token.

    The places of tokens and words count from one start; chunk i has the tokens from `bounds[i]`.
    """
    # A token belongs to a word unless it ends before the word or starts after it. Starts and ends
    # are sorted separately, because a normalizer may swap two characters.
    first = np.searchsorted(_in_order(tokens.ends), words.starts, "right")
    per_word = np.searchsorted(_in_order(tokens.starts), words.ends, "left") - first
    return tokens.ids, np.diff(bounds), per_word, first


def _in_order(places: NDArray[np.int32] | NDArray[np.int64]) -> Places:
    in_order = bool((places[1:] >= places[:-1]).all())
    return np.asarray(places if in_order else np.sort(places), np.int64)


def _same_tokens(encoded: EncodedChunks, words: Places, others: Places) -> Mask:
    """Tell for each word whether it has the same tokens as the other, shape as `words`."""
    lengths = encoded.per_word[words]
    same: Mask = lengths == encoded.per_word[others]
    for place in range(int(lengths.max(initial=0))):
        rows = np.flatnonzero(same & (lengths > place))
        one, other = encoded.first[words[rows]], encoded.first[others[rows]]
        same[rows] = encoded.ids[one + place] == encoded.ids[other + place]
    return same

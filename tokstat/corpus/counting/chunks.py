"""Encode the distinct chunks of a text, and count the tokens of chunks and words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.chunks_by_engine import can_place, encode_chunks
from tokstat.corpus.counting.distinct_pieces import (
    Indices,
    Names,
    distinct_bytes,
    distinct_pieces,
    unify,
)
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
"""Bytes of distinct chunks per block of work. A block of this size fits into the CPU cache."""

_CHUNKS_AT_A_TIME = 1 << 16
"""Chunks whose tokens are counted at a time, which bounds what is needed for each token."""


@dataclass(frozen=True, eq=False)
class EncodedChunks:
    """Hold the tokens of distinct chunks.

    `ids` has the tokens of all chunks in order, shape (tokens,), and `lengths` their number per
    chunk, shape (chunks,). `per_word` has the number of tokens of each word, and `first` the index
    in `ids` of a word's first token, both of shape (words,). `word_tokens` sums `per_word` for each
    chunk, shape (chunks,). Every id is below `size`.
    """

    ids: Indices
    lengths: Indices
    word_tokens: Indices
    per_word: Indices
    first: Indices
    size: int


class _Placed(NamedTuple):
    """Hold the tokens of a block of chunks, as `EncodedChunks` does those of all."""

    ids: Indices
    lengths: Indices
    word_tokens: Indices
    per_word: Indices
    first: Indices


@dataclass(frozen=True, eq=False)
class GroupChunks:
    """Hold the chunks that occur in a group of texts, and how often each occurs."""

    name: str
    text: TextCounts
    chunks: Places
    times: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Block:
    """Hold the words of the chunks from number `low` up to `high`.

    `words` counts bytes of these chunks, and `chunks` has the number of each word's chunk.
    """

    low: int
    high: int
    words: Spans
    chunks: Indices


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Hold the pieces of a block of chunks: the number and the place of each.

    Places count characters of the separated chunks. Chunk i of the block has the pieces from
    `bounds[i]` up to `bounds[i + 1]`.
    """

    numbers: Indices
    places: Indices
    bounds: Places


class Chunks:
    """Find the words of distinct chunks, and encode them."""

    def __init__(self, chunks: Names, words: WordDefinition) -> None:
        self.count = len(chunks)
        self._chunks = chunks
        self._data, self._bounds = chunks.utf8()

        def find(block: tuple[int, int]) -> tuple[_Block, Names, Indices]:
            return self._find(words, *block)

        parts = in_threads(find, _steps(self._bounds))
        self._blocks = [block for block, _, _ in parts]
        self.names, tables = unify([names for _, names, _ in parts])
        named = [table[which] for (_, _, which), table in zip(parts, tables, strict=True)]
        self.word_names: Indices = np.concatenate(named)
        self.word_chunks: Indices = np.concatenate([block.chunks for block in self._blocks])
        self.words_per_chunk = np.bincount(self.word_chunks, minlength=self.count)

    def _find(
        self, definition: WordDefinition, low: int, high: int
    ) -> tuple[_Block, Names, Indices]:
        """Find the words of some chunks, and return them with their distinct names."""
        codes, starts = self._separated(low, high)
        found = definition.find(codes)
        is_start = np.zeros(len(codes), np.bool_)
        is_start[starts] = True
        before = np.cumsum(is_start, dtype=np.int32)[found.starts] - 1
        data, bounds = self._utf8(low, high)
        places = np.append(np.flatnonzero(data & 0xC0 != 0x80), len(data))
        words = Spans(
            places[found.starts - before].astype(np.int32),
            places[found.ends - before].astype(np.int32),
        )
        cuts = np.zeros(len(data) + 1, np.bool_)
        cuts[words.starts] = cuts[words.ends] = cuts[bounds] = True
        is_word = np.zeros(len(data), np.bool_)
        is_word[words.starts] = True
        # Each word starts at a cut and ends at the next one, so it is exactly one piece.
        names, which = distinct_bytes(data, np.flatnonzero(cuts[:-1]))
        return _Block(low, high, words, before + np.int32(low)), names, which[is_word[cuts[:-1]]]

    def _utf8(self, low: int, high: int) -> tuple[NDArray[np.uint8], Places]:
        """Return the chunks from number `low` up to `high` as UTF-8, and their bounds in it."""
        bounds = self._bounds[low : high + 1]
        return self._data[bounds[0] : bounds[-1]], bounds - bounds[0]

    def _separated(self, low: int, high: int) -> tuple[Codes, Places]:
        """Return the characters of some chunks with a separator after each, and their starts."""
        data, bounds = self._utf8(low, high)
        codes = code_points(data.tobytes().decode())
        if len(codes) < len(data):
            bounds = np.append(0, np.cumsum(data & 0xC0 != 0x80))[bounds]
        number = np.arange(high - low)
        is_character = np.ones(len(codes) + high - low, np.bool_)
        is_character[bounds[1:] + number] = False
        separated = np.full(len(is_character), ord(SEPARATOR), np.uint32)
        separated[is_character] = codes
        return separated, bounds[:-1] + number

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
        of_blocks = zip(*blocks, strict=True)
        ids, lengths, word_tokens, per_word, first = map(np.concatenate, of_blocks)
        # With gaps between ids, the highest id exceeds the number of tokens.
        highest = int(ids.max(initial=-1))
        size = max(tokenizer.backend.get_vocab_size(with_added_tokens=True), highest + 1)
        start = before = 0
        for found in blocks:
            first[start : start + len(found.first)] += before
            start, before = start + len(found.first), before + len(found.ids)
        return EncodedChunks(ids, lengths, word_tokens, per_word, first, size)

    def _encode_by_engine(self, tokenizer: Tokenizer, cut: Cut, engine: Engine) -> list[_Placed]:
        """Encode each block's chunks as they are, and place their tokens by bytes."""

        def encode(block: _Block) -> _Placed:
            chunks = self._utf8(block.low, block.high)
            tokens = encode_chunks(tokenizer, cut, engine, *chunks)
            return _place(tokens, tokens.bounds, block, block.words)

        return in_threads(encode, self._blocks)

    def _encode_pieces(self, tokenizer: Tokenizer, cut: Cut) -> list[_Placed]:
        """Cut the chunks further, and encode each distinct piece once."""
        names, tables, parts = self._divided(cut)
        encoded = encode_pieces(tokenizer, cut, names)

        def place(number: int) -> _Placed:
            pieces = parts[number]
            tokens = gather(encoded, tables[number][pieces.numbers])
            shift = np.repeat(pieces.places, tokens.lengths)
            tokens = replace(tokens, starts=tokens.starts + shift, ends=tokens.ends + shift)
            block = self._blocks[number]
            return _place(tokens, tokens.bounds[pieces.bounds], block, self._in_separated(block))

        return in_threads(place, range(len(parts)))

    def _divided(self, cut: Cut) -> tuple[Names, list[Indices], list[_Pieces]]:
        """Return the distinct pieces, their numbers by those of each block, and the blocks."""
        words = cut.words_alone
        if words is not None and words.divides_words:
            # The encoder learns about characters, which only one thread may do at a time.
            parts = [self._pieces_at_words(words, block) for block in self._blocks]
        elif cut.boundaries.pairs:
            parts = in_threads(lambda block: self._pieces(cut, block), self._blocks)
        else:
            tables = [np.arange(block.low, block.high, dtype=np.int32) for block in self._blocks]
            return self._chunks, tables, in_threads(self._whole, self._blocks)
        names, tables = unify([names for names, _ in parts])
        return names, tables, [pieces for _, pieces in parts]

    def _whole(self, block: _Block) -> _Pieces:
        """Return the chunks of a block as its pieces."""
        _, starts = self._separated(block.low, block.high)
        numbers = np.arange(len(starts) + 1)
        return _Pieces(numbers[:-1].astype(np.int32), starts.astype(np.int32), numbers)

    def _pieces_at_words(self, words: WordsAlone, block: _Block) -> tuple[Names, _Pieces]:
        """Cut chunks at the words that are counted, if that is safe everywhere in the chunk."""
        codes, starts = self._separated(block.low, block.high)
        counted = self._in_separated(block)
        cuts = np.zeros(len(codes), np.bool_)
        cuts[counted.starts] = cuts[counted.ends] = True  # a separator ends each chunk
        is_whole = np.zeros(len(starts), np.bool_)
        is_whole[np.searchsorted(starts, words.unsafe(codes, cuts), "right") - 1] = True
        cuts[np.repeat(is_whole, np.diff(np.append(starts, len(codes))))] = False
        return _distinct(codes, starts, cuts)

    def _in_separated(self, block: _Block) -> Spans:
        """Return where the words of a block are in its separated characters."""
        data, _ = self._utf8(block.low, block.high)
        before = np.append(0, np.cumsum(data & 0xC0 != 0x80, dtype=np.int32))
        separators = block.chunks - block.low
        return Spans(before[block.words.starts] + separators, before[block.words.ends] + separators)

    def _pieces(self, cut: Cut, block: _Block) -> tuple[Names, _Pieces]:
        """Cut the chunks of a block, and return the distinct pieces and all of them."""
        codes, starts = self._separated(block.low, block.high)
        cuts = find_cuts(codes, cut.boundaries)
        if cut.whole_strings or cut.whole_texts:
            text = codes.tobytes().decode("utf-32-le")
            cut_outside(cuts, text, cut.whole_strings)
            for part in cut.joins(text, starts):
                cuts[part.start + 1 : part.stop] = False
        if not (cut.changes_start or cut.refused):
            cuts[1:] |= codes[:-1] == ord(DOCUMENT)
        return _distinct(codes, starts, cuts)

    def count_group(self, group: GroupChunks, encoded: EncodedChunks, most: int) -> TokenCounts:
        """Count the tokens of a group of texts, and keep its `most` most frequent split words."""
        weights = np.zeros(self.count, np.int64)
        weights[group.chunks] = group.times
        counts = np.zeros(encoded.size, np.int64)
        ends = np.cumsum(encoded.lengths)
        for start in range(0, self.count, _CHUNKS_AT_A_TIME):
            stretch = slice(start, start + _CHUNKS_AT_A_TIME)
            lengths = encoded.lengths[stretch]
            low, high = int(ends[start] - lengths[0]), int(ends[stretch][-1])
            times = np.repeat(weights[stretch], lengths)
            counts += np.bincount(encoded.ids[low:high], times, encoded.size).astype(np.int64)
        of_words = weights[self.word_chunks]
        words = np.zeros(int(encoded.per_word.max(initial=-1)) + 1, np.int64)
        for start in range(0, len(of_words), _STEP):
            stretch = slice(start, start + _STEP)
            found = np.bincount(encoded.per_word[stretch], of_words[stretch], len(words))
            words += found.astype(np.int64)
        splits, left_out = self._splits(of_words, encoded, most)
        return TokenCounts(counts, words, splits, left_out)

    def _splits(
        self, times: NDArray[np.int64], encoded: EncodedChunks, most: int
    ) -> tuple[dict[Split, int], int]:
        """Count the most frequent words of two or more tokens, each with its tokens.

        The second result is the highest count of any word left out, 0 if none was.
        """
        rows = np.flatnonzero((encoded.per_word > 1) & (times > 0)).astype(np.int32)
        per_name = np.bincount(self.word_names[rows], times[rows], len(self.names))
        left_out = int(np.partition(per_name, -most - 1)[-most - 1]) if len(per_name) > most else 0
        rows = rows[(per_name > left_out)[self.word_names[rows]]]
        names = {name: self.names[name] for name in np.unique(self.word_names[rows]).tolist()}
        found: dict[Split, int] = {}
        # Nearly all words of a name have the same tokens: those of any one of them are compared.
        example = np.zeros(len(self.names), np.int32)
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


def _distinct(codes: Codes, starts: Places, cuts: Mask) -> tuple[Names, _Pieces]:
    """Return the distinct pieces between `cuts` and around each chunk, and all of them."""
    cuts[starts] = cuts[starts[1:] - 1] = cuts[-1] = True
    names, numbers = distinct_pieces(codes.tobytes().decode("utf-32-le"), codes, cuts)
    places = np.flatnonzero(cuts)
    bounds = np.append(np.searchsorted(places, starts), len(places))
    return names, _Pieces(numbers, places.astype(np.int32), bounds)


def _steps(bounds: Places) -> list[tuple[int, int]]:
    """Return the first and the last bound of each block of about `_STEP` bytes."""
    steps = np.searchsorted(bounds[:-1], np.arange(0, int(bounds[-1]), _STEP))
    return list(itertools.pairwise(dict.fromkeys([*steps.tolist(), len(bounds) - 1])))


def _place(tokens: Encoded, bounds: NDArray[np.int64], block: _Block, words: Spans) -> _Placed:
    """Assign tokens to the chunks and words of a block.

    The places of tokens and words count from one start; chunk i has the tokens from `bounds[i]`.
    """
    # A token belongs to a word unless it ends before the word or starts after it. Starts and ends
    # are sorted separately, because a normalizer may swap two characters.
    first = np.searchsorted(_in_order(tokens.ends), words.starts, "right").astype(np.int32)
    after = np.searchsorted(_in_order(tokens.starts), words.ends, "left").astype(np.int32)
    per_word = after - first
    of_chunks = np.bincount(block.chunks - block.low, per_word, block.high - block.low)
    lengths = np.diff(bounds).astype(np.int32)
    return _Placed(tokens.ids, lengths, of_chunks.astype(np.int32), per_word, first)


def _in_order(places: NDArray[np.int32] | NDArray[np.int64]) -> Places:
    in_order = bool((places[1:] >= places[:-1]).all())
    return np.asarray(places if in_order else np.sort(places), np.int64)


def _same_tokens(encoded: EncodedChunks, words: Indices, others: Indices) -> Mask:
    """Tell for each word whether it has the same tokens as the other, shape as `words`."""
    lengths = encoded.per_word[words]
    same: Mask = lengths == encoded.per_word[others]
    for place in range(int(lengths.max(initial=0))):
        rows = np.flatnonzero(same & (lengths > place))
        one, other = encoded.first[words[rows]], encoded.first[others[rows]]
        same[rows] = encoded.ids[one + place] == encoded.ids[other + place]
    return same

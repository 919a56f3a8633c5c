"""Encode the distinct chunks of a text, and count the tokens of chunks and words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.chunk_blocks import (
    ChunkPieces,
    Utf8Chunks,
    WordBlock,
    find_words,
    pieces_at_pairs,
    pieces_at_words,
    whole_chunks,
)
from tokstat.corpus.counting.chunks_by_engine import can_place, encode_chunks, may_follow
from tokstat.corpus.counting.distinct_pieces import Indices, Names, unify
from tokstat.corpus.counting.encoded import Encoded, gather, join, runs
from tokstat.corpus.counting.encoding import encode_pieces
from tokstat.corpus.counting.occurrences import Occurrences
from tokstat.corpus.counting.split_words import Split, SplitWords
from tokstat.corpus.counting.state import TokenCounts
from tokstat.corpus.counting.tally import Tally
from tokstat.corpus.counting.word_definitions import Spans, WordDefinition
from tokstat.corpus.counting.words_alone import WordsAlone
from tokstat.corpus.engines.engine import Engine
from tokstat.corpus.safe_cuts.boundaries import Boundaries, Mask, Places
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.io.threads import in_threads
from tokstat.tokenizer.tokenizer import Tokenizer

_STEP = 1 << 18
"""Bytes of distinct chunks per block of work. A block of this size fits into the CPU cache."""


@dataclass(frozen=True, eq=False)
class EncodedBlock:
    """Hold the tokens of a block of chunks.

    `ids` has the tokens of all its chunks in order, shape (tokens,), and `lengths` their number per
    chunk, shape (chunks,). `per_word` has the number of tokens of each word, and `first` the index
    in `ids` of a word's first token, both of shape (words,). `word_tokens` sums `per_word` for each
    chunk, shape (chunks,).
    """

    ids: Indices
    lengths: Indices
    word_tokens: Indices
    per_word: Indices
    first: Indices

    def tokens_of(self, words: Places) -> Indices:
        """Return the ids of some words, one word after the other."""
        found: Indices = self.ids.take(runs(self.first.take(words), self.per_word.take(words)))
        return found


@dataclass(frozen=True, eq=False)
class EncodedChunks:
    """Hold the tokens of distinct chunks by block. Every id is below `size`."""

    blocks: Sequence[EncodedBlock]
    size: int

    @property
    def lengths(self) -> Indices:
        """The tokens of each chunk, shape (chunks,)."""
        return np.concatenate([block.lengths for block in self.blocks])

    @property
    def word_tokens(self) -> Indices:
        """The tokens of the words of each chunk, shape (chunks,)."""
        return np.concatenate([block.word_tokens for block in self.blocks])


class Chunks:
    """Find the words of distinct chunks, and encode them."""

    def __init__(self, chunks: Names, words: WordDefinition, boundaries: Boundaries) -> None:
        self.count = len(chunks)
        self._boundaries = boundaries
        self._chunks = chunks
        self._data, self._bounds = chunks.utf8()

        steps = _steps(self._bounds)
        parts = in_threads(lambda step: find_words(words, step[0], self._utf8(*step)), steps)
        self.names, tables = unify([names for _, names in parts])
        self._blocks = [
            replace(block, names=table.take(block.names), segments=table.take(block.segments))
            for (block, _), table in zip(parts, tables, strict=True)
        ]
        per_chunk = [
            np.bincount(block.chunks - block.low, minlength=block.high - block.low)
            for block in self._blocks
        ]
        self.words_per_chunk = np.concatenate(per_chunk)

    def _utf8(self, low: int, high: int) -> Utf8Chunks:
        """Return the chunks from number `low` up to `high`."""
        bounds = self._bounds[low : high + 1]
        return Utf8Chunks(self._data[bounds[0] : bounds[-1]], bounds - bounds[0])

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
        # With gaps between ids, the highest id exceeds the number of tokens.
        highest = max(int(block.ids.max(initial=-1)) for block in blocks)
        size = max(tokenizer.backend.get_vocab_size(with_added_tokens=True), highest + 1)
        return EncodedChunks(blocks, size)

    def _encode_by_engine(
        self, tokenizer: Tokenizer, cut: Cut, engine: Engine
    ) -> list[EncodedBlock]:
        """Encode each block's chunks as they are, and place their tokens by bytes."""

        def encode(number: int) -> EncodedBlock:
            block, follows = self._blocks[number], self._follows[number]
            tokens = encode_chunks(tokenizer, cut, engine, block.utf8, follows)
            return _place(tokens, tokens.bounds, block, block.words)

        return in_threads(encode, range(len(self._follows)))

    @cached_property
    def _follows(self) -> list[Mask]:
        """For each block, whether its chunks `may_follow`, whatever the tokenizer."""
        return in_threads(lambda block: may_follow(block.utf8, self._boundaries), self._blocks)

    def _encode_pieces(self, tokenizer: Tokenizer, cut: Cut) -> list[EncodedBlock]:
        """Cut the chunks further, and encode each distinct piece once."""
        encoded, parts = self._pieces(tokenizer, cut)

        def place(number: int) -> EncodedBlock:
            pieces, block = parts[number], self._blocks[number]
            tokens = gather(encoded, pieces.numbers)
            shift = np.repeat(pieces.places, tokens.lengths)
            tokens = replace(tokens, starts=tokens.starts + shift, ends=tokens.ends + shift)
            before = block.utf8.characters_before
            words = Spans(before[block.words.starts], before[block.words.ends])
            return _place(tokens, tokens.bounds[pieces.bounds], block, words)

        return in_threads(place, range(len(parts)))

    def _pieces(self, tokenizer: Tokenizer, cut: Cut) -> tuple[Encoded, list[ChunkPieces]]:
        """Return the tokens of distinct pieces, and the pieces of each block by their numbers."""
        words = cut.words_alone
        if words is not None and words.divides_words:
            return self._pieces_at_words(tokenizer, cut, words)
        if not cut.boundaries.pairs:
            return encode_pieces(tokenizer, cut, self._chunks), in_threads(
                whole_chunks, self._blocks
            )
        parts = in_threads(lambda block: pieces_at_pairs(cut, block), self._blocks)
        names, tables = unify([names for names, _ in parts])
        return encode_pieces(tokenizer, cut, names), [
            replace(pieces, numbers=table.take(pieces.numbers))
            for (_, pieces), table in zip(parts, tables, strict=True)
        ]

    def _pieces_at_words(
        self, tokenizer: Tokenizer, cut: Cut, words: WordsAlone
    ) -> tuple[Encoded, list[ChunkPieces]]:
        # The encoder learns about characters, which only one thread may do at a time.
        parts = [pieces_at_words(words, block) for block in self._blocks]
        is_used = np.zeros(len(self.names) + 1, np.bool_)
        for pieces, _ in parts:
            is_used[pieces.numbers] = True
        used = np.flatnonzero(is_used[:-1])
        chunks = np.concatenate([numbers for _, numbers in parts])
        encoded = join(
            [
                encode_pieces(tokenizer, cut, self.names.some(used)),
                encode_pieces(tokenizer, cut, self._chunks.some(chunks)),
            ]
        )
        new = np.cumsum(is_used, dtype=np.int32) - 1
        done = len(used)
        for pieces, numbers in parts:
            is_whole = pieces.numbers < 0
            pieces.numbers[:] = new[pieces.numbers]
            pieces.numbers[is_whole] = np.arange(done, done + len(numbers))
            done += len(numbers)
        return encoded, [pieces for pieces, _ in parts]

    def count_groups(
        self, groups: Occurrences, count: int, encoded: EncodedChunks
    ) -> list[TokenCounts]:
        """Count the tokens of each of `count` groups, the cells of `groups`, by order of chunks."""
        longest = max(int(block.per_word.max(initial=0)) for block in encoded.blocks)
        tokens, words = [], []
        for block, found in zip(self._blocks, encoded.blocks, strict=True):
            here = groups.between(block.low, block.high)
            tokens.append(_tallied(found.ids, found.lengths, here, encoded.size))
            per_chunk = self.words_per_chunk[block.low : block.high]
            words.append(_tallied(found.per_word, per_chunk, here, longest + 1))
        return [
            TokenCounts(ids, np.bincount(lengths.keys, lengths.times).astype(np.int64))
            for ids, lengths in zip(
                Tally.joined(tokens).by(encoded.size, count),
                Tally.joined(words).by(longest + 1, count),
                strict=True,
            )
        ]

    def split_words(
        self, weights: NDArray[np.int64], encoded: EncodedChunks, most: int
    ) -> SplitWords:
        """Count the `most` most frequent words of two or more tokens, each with its tokens.

        `weights` is how often each chunk occurs.
        """
        blocks = list(zip(self._blocks, encoded.blocks, strict=True))
        per_name = np.zeros(len(self.names))
        for block, found in blocks:
            split = np.flatnonzero(found.per_word > 1)
            times = weights.take(block.chunks.take(split))
            per_name += np.bincount(block.names.take(split), times, len(per_name))
        left_out = int(np.partition(per_name, -most - 1)[-most - 1]) if len(per_name) > most else 0
        is_kept = per_name > left_out
        parts = []
        for block, found in blocks:
            rows = np.flatnonzero((found.per_word > 1) & is_kept.take(block.names))
            names, times = block.names.take(rows), weights.take(block.chunks.take(rows))
            parts.append((found.tokens_of(rows), found.per_word.take(rows), names, times))
        ids, lengths, names, times = map(np.concatenate, zip(*parts, strict=True))
        parts.clear()
        splits = _Splits(ids, lengths, np.cumsum(lengths) - lengths)
        return SplitWords(splits.counted(names, times, self.names), left_out)


@dataclass(frozen=True, eq=False)
class _Splits:
    """Hold words of two or more tokens: the ids of all, and each word's length and first token."""

    ids: Indices
    lengths: Indices
    first: Places

    def counted(self, names: Indices, times: NDArray[np.int64], texts: Names) -> dict[Split, int]:
        """Add up `times` for each text with its tokens. Word i has the text number `names[i]`."""
        found: dict[Split, int] = {}
        rows = np.arange(len(names), dtype=np.int32)
        # Nearly all words of a name have the same tokens: those of any one of them are compared.
        example = np.zeros(len(texts), np.int32)
        while len(rows):
            example[names[rows]] = rows
            examples = example[names[rows]]
            is_like = self._are_like(rows, examples)
            like = rows[is_like]
            counts = np.bincount(names[like], times[like], len(texts))
            for row in np.unique(examples).tolist():
                first = self.first[row]
                ids = self.ids[first : first + self.lengths[row]].tolist()
                found[texts[int(names[row])], tuple(ids)] = int(counts[names[row]])
            rows = rows[~is_like]
        return found

    def _are_like(self, words: Indices, others: Indices) -> Mask:
        """Tell for each word whether it has the same tokens as the other, shape as `words`."""
        lengths = self.lengths[words]
        same: Mask = lengths == self.lengths[others]
        for place in range(int(lengths.max(initial=0))):
            rows = np.flatnonzero(same & (lengths > place))
            one, other = self.first[words[rows]], self.first[others[rows]]
            same[rows] = self.ids[one + place] == self.ids[other + place]
        return same


def _tallied(values: Indices, lengths: Indices | Places, groups: Occurrences, width: int) -> Tally:
    """Count the values of the groups' chunks, as keys `group * width + value`.

    Chunk i has the next `lengths[i]` values.
    """
    if len(groups) == len(lengths) and not groups.cells.any():  # each chunk once, in one group
        return Tally.of(values, np.repeat(groups.times, lengths))
    own = lengths.take(groups.chunks)
    first = np.cumsum(lengths, dtype=np.int64) - lengths
    places = runs(first.take(groups.chunks), own)
    keys = np.repeat(groups.cells * np.int64(width), own) + values.take(places)
    return Tally.of(keys, np.repeat(groups.times, own))


def _steps(bounds: Places) -> list[tuple[int, int]]:
    """Return the first and the last bound of each block of about `_STEP` bytes."""
    steps = np.searchsorted(bounds[:-1], np.arange(0, int(bounds[-1]), _STEP))
    return list(itertools.pairwise(dict.fromkeys([*steps.tolist(), len(bounds) - 1])))


def _place(
    tokens: Encoded, bounds: NDArray[np.int64], block: WordBlock, words: Spans
) -> EncodedBlock:
    """Assign tokens to the chunks and words of a block.

    The places of tokens and words count from one start; chunk i has the tokens from `bounds[i]`.
    """
    first, after = _first_and_after(tokens, words)
    per_word = after - first
    of_chunks = np.bincount(block.chunks - block.low, per_word, block.high - block.low)
    lengths = np.diff(bounds).astype(np.int32)
    return EncodedBlock(tokens.ids, lengths, of_chunks.astype(np.int32), per_word, first)


def _first_and_after(tokens: Encoded, words: Spans) -> tuple[Indices, Indices]:
    """Return the first token of each word, and the first one after it, both of shape (words,).

    A token belongs to a word unless it ends before the word or starts after it.
    """
    starts, ends = tokens.starts, tokens.ends
    if not (len(starts) and len(words.starts)):
        return np.zeros(len(words.starts), np.int32), np.zeros(len(words.starts), np.int32)
    if (starts < ends).all() and (ends[:-1] <= starts[1:]).all():
        # A table of the tokens begun at each place takes less than half as long as two searches.
        begun = np.zeros(max(int(starts[-1]), int(words.ends[-1])) + 1, np.int32)
        begun[starts] = 1
        np.cumsum(begun, out=begun)
        first = begun.take(words.starts)
        goes_on = (ends.take(first - 1, mode="clip") > words.starts) & (first > 0)
        return first - goes_on, begun.take(words.ends - 1)
    # Starts and ends are sorted separately, because a normalizer may swap two characters.
    first = np.searchsorted(np.sort(ends), words.starts, "right").astype(np.int32)
    return first, np.searchsorted(np.sort(starts), words.ends, "left").astype(np.int32)

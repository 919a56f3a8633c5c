"""Find the words of a block of distinct chunks, and divide the chunks into pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.distinct_pieces import (
    Indices,
    Names,
    distinct_bytes,
    distinct_pieces,
)
from tokstat.corpus.counting.word_definitions import Spans, WordDefinition
from tokstat.corpus.counting.words_alone import WordsAlone
from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    SEPARATOR,
    Codes,
    Mask,
    Places,
    characters_before,
    code_points,
    cut_outside,
    find_cuts,
)
from tokstat.corpus.safe_cuts.derivation import Cut


@dataclass(frozen=True, eq=False)
class Utf8Chunks:
    """Hold chunks as UTF-8: chunk i has the bytes from `bounds[i]` up to `bounds[i + 1]`."""

    data: NDArray[np.uint8]
    bounds: Places

    def separated(self) -> tuple[Codes, Places]:
        """Return the characters of the chunks with a separator after each, and their starts."""
        bounds = self.characters_before.take(self.bounds) + np.arange(len(self.bounds))
        separated = np.full(bounds[-1], ord(SEPARATOR), np.uint32)
        is_character = np.ones(len(separated), np.bool_)
        is_character[bounds[1:] - 1] = False
        separated[is_character] = code_points(self.data.tobytes().decode())
        return separated, bounds[:-1]

    @property
    def characters_before(self) -> Indices:
        """The number of characters that begin before each byte, shape (bytes + 1,)."""
        return characters_before(self.data)


@dataclass(frozen=True, eq=False)
class WordBlock:
    """Hold chunks with their words.

    The chunks have the numbers from `low` up to `high`. `words` counts bytes of `utf8`. `chunks`
    and `names` have the number of each word's chunk, and of its text. `segments` has the numbers
    of the texts between the bounds of words and chunks, which include the words.
    """

    low: int
    high: int
    utf8: Utf8Chunks
    words: Spans
    chunks: Indices
    names: Indices
    segments: Indices

    def cuts(self) -> Mask:
        """Tell at which bytes a segment begins, and that one ends with the last one."""
        return _cuts(self.utf8, self.words)


def _cuts(utf8: Utf8Chunks, words: Spans) -> Mask:
    cuts = np.zeros(len(utf8.data) + 1, np.bool_)
    cuts[words.starts] = cuts[words.ends] = cuts[utf8.bounds] = True
    return cuts


def find_words(definition: WordDefinition, low: int, utf8: Utf8Chunks) -> tuple[WordBlock, Names]:
    """Find the words of the chunks from number `low` on, and return the texts of all segments."""
    codes, starts = utf8.separated()
    found = definition.find(codes)
    is_start = np.zeros(len(codes), np.bool_)
    is_start[starts] = True
    before = np.cumsum(is_start, dtype=np.int32).take(found.starts) - 1
    data = utf8.data
    places = np.append(np.flatnonzero(data & 0xC0 != 0x80), len(data))
    words = Spans(
        places.take(found.starts - before).astype(np.int32),
        places.take(found.ends - before).astype(np.int32),
    )
    cuts = _cuts(utf8, words)
    is_word = np.zeros(len(data), np.bool_)
    is_word[words.starts] = True
    # Each word starts at a cut and ends at the next one, so it is exactly one segment.
    segments = np.flatnonzero(cuts[:-1])
    names, which = distinct_bytes(data, segments)
    numbers = which.compress(is_word.take(segments))
    high = low + len(utf8.bounds) - 1
    return WordBlock(low, high, utf8, words, before + np.int32(low), numbers, which), names


@dataclass(frozen=True, eq=False)
class ChunkPieces:
    """Hold the pieces of a block of chunks: the number and the place of each.

    Places count characters of the block. Chunk i has the pieces from `bounds[i]` to
    `bounds[i + 1]`.
    """

    numbers: Indices
    places: Indices
    bounds: Places


def whole_chunks(block: WordBlock) -> ChunkPieces:
    """Return the chunks of a block as its pieces, with their own numbers."""
    numbers = np.arange(block.low, block.high, dtype=np.int32)
    places = block.utf8.characters_before[block.utf8.bounds[:-1]]
    return ChunkPieces(numbers, places, np.arange(len(numbers) + 1))


def pieces_at_words(words: WordsAlone, block: WordBlock) -> tuple[ChunkPieces, Places]:
    """Cut chunks at words wherever that is safe everywhere in the chunk.

    A piece has the number of its segment, or -1 if it is a whole chunk. Return these chunks'
    numbers as well.
    """
    bounds = block.utf8.bounds
    cuts = np.flatnonzero(block.cuts()[:-1])
    first = np.searchsorted(cuts, bounds)
    inner = np.delete(cuts, first[:-1])
    unsafe = words.unsafe(block.utf8.data, inner)
    is_whole = np.zeros(len(bounds) - 1, np.bool_)
    is_whole[np.searchsorted(bounds, unsafe, "right") - 1] = True
    is_kept = ~np.repeat(is_whole, np.diff(first))
    numbers = np.where(is_kept, block.segments, np.int32(-1))
    is_kept[first[:-1]] = True
    before = np.append(0, np.cumsum(is_kept))
    places = block.utf8.characters_before[cuts[is_kept]]
    return ChunkPieces(numbers[is_kept], places, before[first]), block.low + np.flatnonzero(
        is_whole
    )


def pieces_at_pairs(cut: Cut, block: WordBlock) -> tuple[Names, ChunkPieces]:
    """Cut chunks inside words, and return the distinct pieces and all of them."""
    codes, starts = block.utf8.separated()
    cuts = find_cuts(codes, cut.boundaries)
    if cut.whole_strings or cut.whole_texts:
        text = codes.tobytes().decode("utf-32-le")
        cut_outside(cuts, text, cut.whole_strings)
        for part in cut.joins(text, starts):
            cuts[part.start + 1 : part.stop] = False
    if not (cut.changes_start or cut.refused):
        cuts[1:] |= codes[:-1] == ord(DOCUMENT)
    cuts[starts] = cuts[starts[1:] - 1] = cuts[-1] = True
    names, numbers = distinct_pieces(codes.tobytes().decode("utf-32-le"), codes, cuts)
    places = np.flatnonzero(cuts)
    bounds = np.append(np.searchsorted(places, starts), len(places))
    places -= np.repeat(np.arange(len(starts)), np.diff(bounds))
    return names, ChunkPieces(numbers, places.astype(np.int32), bounds)

"""Encode distinct chunks with an engine, and place their tokens by their lengths in bytes."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import is_normalized

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.byte_lengths import ByteLengths
from tokstat.corpus.counting.chunk_blocks import Utf8Chunks
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.encoded import Encoded, insert
from tokstat.corpus.counting.encoding import encode_pieces
from tokstat.corpus.engines.composition import composing
from tokstat.corpus.engines.engine import Engine, Utf8Texts
from tokstat.corpus.safe_cuts.at_white_space import find_white_cuts
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Boundaries, Mask, Places
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.tokenizer.tokenizer import Tokenizer

_MARK = DOCUMENT.encode()

_LONGEST_RUN = 16
"""Chunks of a run."""


def can_place(cut: Cut) -> bool:
    """Whether the lengths of tokens give their places, wherever a piece stands."""
    known = cut.byte_lengths
    return known is not None and (known.prepends or not cut.changes_start)


def may_follow(chunks: Utf8Chunks, boundaries: Boundaries) -> Mask:
    """Tell for each chunk whether one text may hold it after the chunk before it.

    It may where the text would be cut between the two.
    """
    is_cut = np.zeros(len(chunks.data) + 1, np.bool_)
    is_cut[find_white_cuts(chunks.data, chunks.bounds[:0], boundaries)] = True
    found: Mask = is_cut.take(chunks.bounds[:-1])
    return found


def text_starts(
    data: NDArray[np.uint8], chunks: Places, marked: Places, cut: Cut
) -> tuple[Places, Mask]:
    """Return where the text of each chunk starts for an engine, and whether one may start there.

    Places are bytes of `data`: chunks start at `chunks`, and after document marks at `marked`. A
    tokenizer that prepends a space writes the one that a chunk begins with. In other chunks it
    would write one more, except at the start of a document.
    """
    if cut.byte_lengths is None or not cut.byte_lengths.prepends:
        return marked, np.ones(len(marked), np.bool_)
    has_space = data[chunks] == ord(" ")
    return marked + has_space, has_space | (marked > chunks)


def encode_chunks(
    tokenizer: Tokenizer, cut: Cut, engine: Engine, chunks: Utf8Chunks, follows: Mask
) -> Encoded:
    """Encode chunks with an engine where lengths and texts agree.

    `follows` tells what `may_follow` does. Starts and ends count bytes of the data of the chunks.

    The engine gets runs of chunks, as single ones take it longer. The chunks of other runs (an
    added token took a space with it, a normalizer changed the text) are left to the tokenizers
    library, which knows the places of its tokens.

    Raises:
        EngineError: the engine fails.
        EncodingError: the tokenizer fails on a chunk.
    """
    assert cut.byte_lengths is not None
    known, data, bounds = cut.byte_lengths, chunks.data, chunks.bounds
    is_changed = _changed_by_composing(data, bounds, known)
    marked = bounds[:-1] + _marks(data, bounds)
    begins_at, may_begin = text_starts(data, bounds[:-1], marked, cut)
    first = _begin_runs(chunks, cut, follows, is_changed, may_begin)
    texts = Utf8Texts(data, begins_at[first], np.append(bounds[first[1:]], bounds[-1]))
    found = engine.encode(texts)
    lengths = known.of_id.take(found.ids)
    total = np.concatenate([[0], np.cumsum(lengths)])
    sums, counts = total[found.bounds], np.diff(found.bounds)
    before = texts.starts - known.prepends
    fits = (np.diff(sums) == texts.stops - before) & ~is_changed[first] & may_begin[first]
    ids = found.ids.astype(np.int32)
    starts = total[:-1] + np.repeat(before - sums[:-1], counts)
    ends = starts + lengths
    if known.prepends:
        # What is prepended to a document stands for its first character.
        starts = np.maximum(starts, np.repeat(marked[first], counts))
        ends = np.maximum(ends, starts + 1)
    begins = np.zeros(len(data) + 1, np.bool_)
    begins[starts if fits.all() else starts[np.repeat(fits, counts)]] = True
    # A cut between two chunks of a run is safe, so a token begins there.
    fits &= np.logical_and.reduceat(begins[marked] | (marked == bounds[1:]), first)
    if not fits.all():
        kept = np.repeat(fits, counts)
        ids, starts, ends = ids[kept], starts[kept], ends[kept]
    encoded = Encoded(ids, starts, ends, np.searchsorted(starts, bounds))
    others = np.flatnonzero(~np.repeat(fits, np.diff(np.append(first, len(marked)))))
    if not len(others):
        return encoded
    left = Utf8Texts(data, bounds[:-1], bounds[1:]).some(others)
    found_left = encode_pieces(tokenizer, cut, Names([left[n] for n in range(len(left))]))
    return insert(encoded, _in_bytes(found_left, left), others)


def _begin_runs(
    chunks: Utf8Chunks, cut: Cut, follows: Mask, is_alone: Mask, may_begin: Mask
) -> Places:
    """Return the number of the first chunk of each run, whose chunks may be encoded together.

    A run may be cut again between its chunks. It is short, as one text of another length leaves all
    of it to the tokenizers library. So does a first chunk that may not begin one.
    """
    data, bounds = chunks.data, chunks.bounds
    is_first = ~follows | is_alone
    is_first[1:] |= is_alone[:-1] | (is_first & ~may_begin)[:-1]
    is_first[::_LONGEST_RUN] |= may_begin[::_LONGEST_RUN]
    for part in cut.joins(data.tobytes() if cut.whole_texts else b"", bounds[:-1][is_first]):
        low, high = np.searchsorted(bounds, (part.start, part.stop))
        is_first[low:high] = True
    return np.flatnonzero(is_first)


def _in_bytes(encoded: Encoded, texts: Utf8Texts) -> Encoded:
    """Return tokens whose places count characters of a text with places in bytes of the data."""
    packed = texts.packed()
    places = np.append(np.flatnonzero(packed.data & 0xC0 != 0x80), len(packed.data))
    first = np.repeat(np.searchsorted(places, packed.starts), encoded.lengths)
    shift = np.repeat(texts.starts - packed.starts, encoded.lengths)
    starts, ends = (places[first + each] + shift for each in (encoded.starts, encoded.ends))
    return replace(encoded, starts=starts, ends=ends)


def _marks(data: NDArray[np.uint8], bounds: Places) -> Places:
    """Return for each chunk the bytes of the document mark that it begins with, 0 without one."""
    is_marked = np.diff(bounds) >= len(_MARK)
    for place, byte in enumerate(_MARK):
        is_marked[is_marked] = data[bounds[:-1][is_marked] + place] == byte
    return np.where(is_marked, len(_MARK), 0)


def _changed_by_composing(data: NDArray[np.uint8], bounds: Places, known: ByteLengths) -> Mask:
    """Tell for each chunk whether NFC changes it: its lengths may add up by chance."""
    is_changed = np.zeros(len(bounds) - 1, np.bool_)
    if known.composes:
        owners = np.searchsorted(bounds, composing.find(data), "right") - 1
        for number in dict.fromkeys(owners.tolist()):
            text = data[bounds[number] : bounds[number + 1]].tobytes().decode()
            is_changed[number] = not is_normalized("NFC", text)
    return is_changed

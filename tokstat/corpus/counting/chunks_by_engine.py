"""Encode distinct chunks with an engine, and place their tokens by their lengths in bytes."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import is_normalized

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.byte_lengths import ByteLengths
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.encoded import Encoded, insert
from tokstat.corpus.counting.encoding import encode_pieces
from tokstat.corpus.engines.engine import Engine, Utf8Texts
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.tokenizer.tokenizer import Tokenizer

_MARK = DOCUMENT.encode()

_FIRST_COMPOSED = 0xCC
"""The least first byte of a character that a composition may change or join (U+0300)."""


def can_place(cut: Cut) -> bool:
    """Whether the lengths of tokens give their places, wherever a piece stands."""
    return cut.byte_lengths is not None and not cut.changes_start


def encode_chunks(
    tokenizer: Tokenizer,
    cut: Cut,
    engine: Engine,
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
) -> Encoded:
    """Encode chunks with an engine where lengths and texts agree.

    Chunk i is `data[bounds[i]:bounds[i + 1]]` in UTF-8. Starts and ends count bytes of `data`.

    The other chunks (an added token took a space with it, a normalizer changed the text) are left
    to the tokenizers library, which knows the places of its tokens.

    Raises:
        EngineError: the engine fails.
        EncodingError: the tokenizer fails on a chunk.
    """
    assert cut.byte_lengths is not None
    texts = Utf8Texts(data, bounds[:-1] + _marks(data, bounds), bounds[1:])
    found = engine.encode(texts)
    lengths = cut.byte_lengths.of_id[found.ids]
    total = np.concatenate([[0], np.cumsum(lengths)])
    fits = np.diff(total[found.bounds]) == texts.sizes
    _only_composed(fits, data, bounds, cut.byte_lengths)
    counts = np.diff(found.bounds)
    starts = total[:-1] + np.repeat(texts.starts - total[found.bounds[:-1]], counts)
    ids = found.ids.astype(np.int32)
    others = np.flatnonzero(~fits)
    if len(others):
        kept = np.repeat(fits, counts)
        ids, starts, lengths = ids[kept], starts[kept], lengths[kept]
        counts = np.where(fits, counts, 0)
    encoded = Encoded(ids, starts, starts + lengths, np.concatenate([[0], np.cumsum(counts)]))
    if not len(others):
        return encoded
    left = Utf8Texts(data, bounds[:-1], bounds[1:]).some(others)
    found_left = encode_pieces(tokenizer, cut, Names([left[n] for n in range(len(left))]))
    return insert(encoded, _in_bytes(found_left, left), others)


def _in_bytes(encoded: Encoded, texts: Utf8Texts) -> Encoded:
    """Return tokens whose places count characters of a text with places in bytes of the data."""
    packed = texts.packed()
    places = np.append(np.flatnonzero(packed.data & 0xC0 != 0x80), len(packed.data))
    first = np.repeat(np.searchsorted(places, packed.starts), encoded.lengths)
    shift = np.repeat(texts.starts - packed.starts, encoded.lengths)
    starts, ends = (places[first + each] + shift for each in (encoded.starts, encoded.ends))
    return replace(encoded, starts=starts, ends=ends)


def _marks(data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each chunk the bytes of the document mark that it begins with, 0 without one."""
    is_marked = np.diff(bounds) >= len(_MARK)
    for place, byte in enumerate(_MARK):
        is_marked[is_marked] = data[bounds[:-1][is_marked] + place] == byte
    return np.where(is_marked, len(_MARK), 0)


def _only_composed(
    fits: NDArray[np.bool_], data: NDArray[np.uint8], bounds: NDArray[np.int64], known: ByteLengths
) -> None:
    """Take out of `fits` the chunks that NFC changes: lengths may add up by chance."""
    if not known.composes:
        return
    sums = np.concatenate([[0], np.cumsum(data >= _FIRST_COMPOSED)])
    for number in np.flatnonzero(np.diff(sums[bounds]) & fits).tolist():
        text = data[bounds[number] : bounds[number + 1]].tobytes().decode()
        fits[number] = is_normalized("NFC", text)

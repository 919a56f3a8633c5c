"""Encode many short texts, and find the characters that each token stands for."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import is_normalized

import numpy as np
import tokenizers

from tokstat.corpus.counting.byte_lengths import ByteLengths, character_offsets
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.encoded import Encoded, insert, join
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR
from tokstat.corpus.safe_cuts.derivation import Cut
from tokstat.io.threads import in_threads
from tokstat.tokenizer.encoding import encode_batch, encode_batch_fast
from tokstat.tokenizer.tokenizer import Tokenizer

_TOGETHER = 256
"""Pieces joined into one text. The library encodes several texts in parallel."""

_AT_A_TIME = 32
"""Joined texts per call, which bounds the encodings in memory."""

_BYTES_AT_A_TIME = 1 << 21


def encode_whole(tokenizer: Tokenizer, texts: Sequence[str]) -> Encoded:
    """Encode whole texts, in batches of bounded size.

    Raises:
        EncodingError: the tokenizer fails on a text.
    """
    found: list[Encoded] = []
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BYTES_AT_A_TIME:
            found.append(_encode(tokenizer.backend, batch))
            batch, size = [], 0
    if batch or not found:
        found.append(_encode(tokenizer.backend, batch))
    return join(found)


def encode_pieces(tokenizer: Tokenizer, cut: Cut, pieces: Names) -> Encoded:
    """Encode each piece of a text separately.

    A piece that begins with the document mark is encoded as the start of a text, and the mark
    counts as its first character. The separator alone has no tokens. For a tokenizer without safe
    cuts, every piece is a whole text.

    Raises:
        EncodingError: the tokenizer fails on a piece.
    """
    if cut.words_alone is None:
        return _encode_all(tokenizer, cut, pieces)
    encoded, left = cut.words_alone.encode(pieces)
    if not len(left):
        return encoded
    return insert(encoded, _encode_all(tokenizer, cut, pieces.some(left)), left)


def _encode_all(tokenizer: Tokenizer, cut: Cut, pieces: Names) -> Encoded:
    step = _TOGETHER * _AT_A_TIME

    def encode(start: int) -> Encoded:
        return _encode_some(tokenizer, cut, pieces.texts(start, start + step))

    return join(in_threads(encode, range(0, len(pieces), step)))


def _encode_some(tokenizer: Tokenizer, cut: Cut, pieces: Sequence[str]) -> Encoded:
    inner = cut.inner
    if inner is None:
        return _encode_starts(tokenizer, [piece[1:] for piece in pieces])
    separator = inner.token_to_id(SEPARATOR)
    assert separator is not None
    marked = [number for number, piece in enumerate(pieces) if piece[:1] == DOCUMENT]
    bytes_of = cut.byte_lengths
    changed: list[int] = []
    if bytes_of is not None and bytes_of.composes:
        changed = [
            number
            for number, piece in enumerate(pieces)
            if piece[:1] != DOCUMENT and not is_normalized("NFC", piece)
        ]
    plain = ["" if piece[:1] in (DOCUMENT, SEPARATOR) else piece for piece in pieces]
    for number in changed:
        plain[number] = ""
    encoded = _encode_together(inner, separator, plain, bytes_of)
    if changed:
        others = [pieces[number] for number in changed]
        encoded = insert(encoded, _encode_together(inner, separator, others), np.array(changed))
    if marked:
        starts = _encode_starts(tokenizer, [pieces[number][1:] for number in marked])
        encoded = insert(encoded, starts, np.array(marked))
    return encoded


def _encode_starts(tokenizer: Tokenizer, texts: Sequence[str]) -> Encoded:
    encoded = encode_whole(tokenizer, texts)
    return Encoded(encoded.ids, encoded.starts + 1, encoded.ends + 1, encoded.bounds)


def _encode(
    backend: tokenizers.Tokenizer, texts: list[str], bytes_of: ByteLengths | None = None
) -> Encoded:
    """Encode texts. Where `bytes_of` explains every token, this takes the faster way."""
    found = None if bytes_of is None else _encode_by_bytes(backend, texts, bytes_of)
    if found is not None:
        return found
    with_offsets = encode_batch(backend, texts)
    ids = [np.array(each.ids, np.int32) for each in with_offsets]
    offsets = [np.array(each.offsets, np.int32).reshape(-1, 2) for each in with_offsets]
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in ids], out=bounds[1:])
    spans = np.concatenate([np.zeros((0, 2), np.int32), *offsets])
    joined = np.concatenate([np.zeros(0, np.int32), *ids])
    return Encoded(joined, spans[:, 0].copy(), spans[:, 1].copy(), bounds)


def _encode_by_bytes(
    backend: tokenizers.Tokenizer, texts: list[str], bytes_of: ByteLengths
) -> Encoded | None:
    """Encode texts without asking for offsets; None where the bytes of tokens don't add up."""
    ids = [np.array(each.ids, np.int32) for each in encode_batch_fast(backend, texts)]
    joined = np.concatenate(ids)
    tokens = np.array([len(each) for each in ids])
    offsets = character_offsets(texts, tokens, joined, bytes_of)
    if offsets is None:
        return None
    bounds = np.concatenate([[0], np.cumsum(tokens)])
    return Encoded(joined, offsets[0].astype(np.int32), offsets[1].astype(np.int32), bounds)


def _encode_together(
    inner: tokenizers.Tokenizer,
    separator: int,
    pieces: Sequence[str],
    bytes_of: ByteLengths | None = None,
) -> Encoded:
    """Encode pieces joined by the separator, which is always a token of its own."""
    groups = [pieces[start : start + _TOGETHER] for start in range(0, len(pieces), _TOGETHER)]
    texts = [SEPARATOR.join(group) for group in groups]
    encoded = _encode(inner, texts, bytes_of)
    # Only the last piece of a text has no separator after it, so texts count as well.
    is_end = encoded.ids == separator
    owner = np.cumsum(is_end) - is_end
    texts_before = np.repeat(np.arange(len(texts)), encoded.lengths)
    owner = (owner + texts_before)[~is_end]
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    first = np.arange(len(pieces)) // _TOGETHER * _TOGETHER
    total = np.concatenate([[0], np.cumsum(lengths + 1)])
    shift = (total[:-1] - total[first])[owner].astype(np.int32)
    bounds = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(pieces)), out=bounds[1:])
    return Encoded(
        encoded.ids[~is_end],
        encoded.starts[~is_end] - shift,
        encoded.ends[~is_end] - shift,
        bounds,
    )

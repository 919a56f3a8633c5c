"""How many bytes of text each token stands for, where tokens spell texts byte by byte.

Then where a token is in a text follows from those before it, and need not be asked for: the
tokenizers library takes a quarter longer with offsets, and they come as Python tuples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import models

from tokstat.corpus.safe_cuts.boundaries import SEPARATOR
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.tokenizer import Tokenizer

Numbers = NDArray[np.int64]

_NO_LENGTH = 1 << 40
"""What the unknown token and ids without a token count: no text is so long, so none fits."""


@dataclass(frozen=True, eq=False)
class ByteLengths:
    """Hold the bytes of each id, the last being the separator's behind the vocabulary.

    Where it `composes` texts (NFC), they hold for texts that are composed already.
    """

    of_id: Numbers
    composes: bool


def byte_lengths(tokenizer: Tokenizer) -> ByteLengths | None:
    """Return how many bytes of text each token stands for, or None where that is not known.

    A byte-level token has one character for each byte. Of the normalizers only NFC will do.
    """
    backend = tokenizer.backend
    model = backend.model
    kinds = {part["type"] for part in components(backend, "normalizer")}
    plain = backend.normalizer is None or kinds == {"NFC"}
    if not (isinstance(model, models.BPE) and tokenizer.scheme.byte_level and plain):
        return None
    if tokenizer.scheme.end or tokenizer.scheme.continuation:
        return None
    vocabulary = backend.get_vocab(with_added_tokens=False)
    added = backend.get_added_tokens_decoder()
    lengths = np.full(max([*vocabulary.values(), *added]) + 2, _NO_LENGTH, np.int64)
    lengths[list(vocabulary.values())] = [len(token) for token in vocabulary]
    lengths[list(added)] = [len(token.content.encode()) for token in added.values()]
    if model.unk_token in vocabulary:
        lengths[vocabulary[model.unk_token]] = _NO_LENGTH
    lengths[-1] = len(SEPARATOR.encode())
    return ByteLengths(lengths, bool(kinds))


def character_offsets(
    texts: list[str], tokens: Numbers, ids: NDArray[np.int32], known: ByteLengths
) -> tuple[Numbers, Numbers] | None:
    """Return where each token starts and ends, in characters of its text; None if they don't fit.

    `tokens` are the numbers of tokens of each text, `ids` those of all. A token that is a part of a
    character has all of it, as in the tokenizers library.
    """
    joined = "".join(texts)
    lengths = known.of_id[ids]
    data = np.frombuffer(joined.encode(), np.uint8)
    ends = np.cumsum(lengths)
    sizes = np.cumsum([len(text.encode()) for text in texts])
    last = np.cumsum(tokens)
    fits = bool((tokens > 0).all()) and bool((ends[last - 1] == sizes).all())
    if not fits:
        return None
    before = np.cumsum([0, *map(len, texts[:-1])])
    shift = np.repeat(before, tokens)
    if len(data) == len(joined):
        return ends - lengths - shift, ends - shift
    characters = np.cumsum(data & 0xC0 != 0x80)
    return characters[ends - lengths] - 1 - shift, characters[ends - 1] - shift

"""The judge: the tokenizers library, whose ids are right by definition."""

from __future__ import annotations

import numpy as np
import tokenizers

from tokstat.corpus.engines.engine import TokenIds, Utf8Texts
from tokstat.tokenizer.encoding import encode_batch_fast
from tokstat.tokenizer.tokenizer import Tokenizer

JUDGE = "tokenizers"

_BYTES_AT_A_TIME = 1 << 21
"""Bounds the library's encodings in memory."""


class Judge:
    """Encode with the tokenizers library."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._backend = tokenizer.backend

    @property
    def label(self) -> str:
        """The name and the version of the library."""
        return f"{JUDGE} {tokenizers.__version__}"

    def encode(self, texts: Utf8Texts) -> TokenIds:
        """Return the ids of texts. Raises EncodingError, or LimitError where it takes too long."""
        found: list[np.ndarray[tuple[int], np.dtype[np.uint32]]] = [np.zeros(0, np.uint32)]
        for part in texts.in_parts(_BYTES_AT_A_TIME):
            batch = [part[number] for number in range(len(part))]
            encoded = encode_batch_fast(self._backend, batch)
            found += [np.array(each.ids, np.uint32) for each in encoded]
        bounds = np.cumsum([0, *map(len, found[1:])], dtype=np.int64)
        return TokenIds(np.concatenate(found), bounds)

"""Changes to a tokenizer, one at a time; each returns a changed copy."""

from __future__ import annotations

from dataclasses import replace

import tokenizers
from tokenizers import normalizers

from tokstat.tokenizer import Tokenizer


def with_leading_blank(tokenizer: Tokenizer) -> Tokenizer:
    """Read every text as if a blank stood before it, so that a word alone keeps its token.

    The blank is put there by the normalizer, which works for every pre-tokenizer; a flag of
    ByteLevel would put one before every piece where a Split stands before it. A tokenizer that
    adds a blank already, or stores none, is returned as it is.
    """
    if tokenizer.adds_leading_space or not tokenizer.scheme.keeps_spaces:
        return tokenizer
    backend = tokenizers.Tokenizer.from_str(tokenizer.backend.to_str())
    prepend = normalizers.Prepend(" ")
    present = [] if backend.normalizer is None else [backend.normalizer]
    backend.normalizer = normalizers.Sequence([prepend, *present])
    origin = replace(
        tokenizer.origin, notes=(*tokenizer.origin.notes, "A blank is put before every text.")
    )
    return Tokenizer(backend, origin)

"""How a tokenizer cuts single words, alone and inside a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer import Tokenizer

Convention = Literal["bare", "spaced"]
"""`bare`: the word is the whole text. `spaced`: it stands after another word and a blank."""

CARRIER = "the"
"""The word before the first one; what it is never counts."""

_BATCH = 2048


def single_token_words(
    tokenizer: Tokenizer, words: Sequence[str], convention: Convention
) -> NDArray[np.bool_]:
    """Tell which words are exactly one token that is not the unknown one, shape (len(words),).

    Spaced words are laid out in one text behind each other. A word is one token if a single token
    begins between the end of the word before and its own end, and no token reaches over either:
    so a boundary that is a token of its own counts against the word, as it should.
    """
    measure = _bare_batch if convention == "bare" else _spaced_batch
    batches = [measure(tokenizer, batch) for batch in _batches(words)]
    return np.concatenate(batches) if batches else np.zeros(0, np.bool_)


def split_word(tokenizer: Tokenizer, word: str, convention: Convention) -> list[int]:
    """Return the ids of the tokens that a word is cut into."""
    if convention == "bare":
        ids: list[int] = tokenizer.backend.encode(word, add_special_tokens=False).ids
        return ids
    encoding = tokenizer.backend.encode(f"{CARRIER} {word}", add_special_tokens=False)
    return [
        token
        for token, (_, end) in zip(encoding.ids, encoding.offsets, strict=True)
        if end > len(CARRIER)
    ]


def _batches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut the words so that the encodings held at a time stay small."""
    for start in range(0, len(words), _BATCH):
        yield words[start : start + _BATCH]


def _bare_batch(tokenizer: Tokenizer, words: Sequence[str]) -> NDArray[np.bool_]:
    unknown = tokenizer.unknown_id
    encodings = tokenizer.backend.encode_batch_fast(list(words), add_special_tokens=False)
    return np.array(
        [len(encoding) == 1 and encoding.ids[0] != unknown for encoding in encodings], np.bool_
    )


def _spaced_batch(tokenizer: Tokenizer, words: Sequence[str]) -> NDArray[np.bool_]:
    encoding = tokenizer.backend.encode(" ".join([CARRIER, *words]), add_special_tokens=False)
    spans = np.array(encoding.offsets, np.int64).reshape(-1, 2)
    known = np.array(encoding.ids, np.int64) != (
        -1 if tokenizer.unknown_id is None else tokenizer.unknown_id
    )
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    ends = len(CARRIER) + np.cumsum(lengths + 1)
    blanks = ends - lengths - 1

    starts = spans[:, 0]
    first = np.searchsorted(starts, blanks, side="left")
    after = np.searchsorted(starts, ends, side="left")
    only = np.minimum(first, len(spans) - 1)
    reaches_in = np.zeros(len(words), np.bool_)
    reaches_in[first > 0] = spans[first[first > 0] - 1, 1] > blanks[first > 0] + 1
    mask: NDArray[np.bool_] = (
        (after - first == 1) & (spans[only, 1] <= ends) & known[only] & ~reaches_in
    )
    return mask

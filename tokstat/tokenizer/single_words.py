"""How a tokenizer cuts single words, alone and inside a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode_batch, encode_batch_fast, normalize
from tokstat.tokenizer.tokenizer import Tokenizer

Convention = Literal["bare", "spaced"]
"""`bare`: the word is the whole text. `spaced`: it stands after another word and a blank."""

CONVENTIONS: tuple[Convention, ...] = ("bare", "spaced")

CARRIER = "the"
"""The word before the first one; what it is never counts."""

_BATCH = 2048
"""Words whose encodings are held at a time."""

_LINE = 128
"""Words in one text; several texts are encoded in parallel."""


def single_token_words(
    tokenizer: Tokenizer, words: Sequence[str], convention: Convention
) -> NDArray[np.bool_]:
    """Tell which words are exactly one token that is not the unknown one, shape (len(words),).

    Spaced words are laid out in one text behind each other. A word is one token if a single token
    begins between the end of the word before and its own end, and no token reaches over either:
    so a boundary that is a token of its own counts against the word, as it should.
    """
    batches = [words[start : start + _BATCH] for start in range(0, len(words), _BATCH)]
    measure = _bare_mask if convention == "bare" else _spaced_mask
    return np.concatenate(
        [np.zeros(0, np.bool_), *(measure(tokenizer, batch) for batch in batches)]
    )


def _bare_mask(tokenizer: Tokenizer, words: Sequence[str]) -> NDArray[np.bool_]:
    mask = np.zeros(len(words), np.bool_)
    rows = np.flatnonzero(_spelled_by_a_token(tokenizer, words))
    spelled = [words[row] for row in rows.tolist()]
    encodings = encode_batch_fast(tokenizer.backend, spelled)
    unknown = tokenizer.unknown_id
    mask[rows] = [len(encoding) == 1 and encoding.ids[0] != unknown for encoding in encodings]
    return mask


def _spelled_by_a_token(tokenizer: Tokenizer, words: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which words have a token of the same text, as the normalizer writes them.

    The others cannot be one token alone, and need not be encoded. Where nothing puts a blank
    before a text, only tokens without one come into question.
    """
    forms = _normalized(tokenizer, words)
    if tokenizer.scheme.space:
        forms = [form.replace(tokenizer.scheme.space, " ") for form in forms]
    forms = [form.strip(" ") for form in forms]  # BERT's normalizer puts blanks around Han
    vocabulary = tokenizer.vocabulary
    if tokenizer.scheme.keeps_spaces and not tokenizer.adds_leading_space:
        texts = vocabulary.texts_inside_words
    else:
        texts = vocabulary.distinct_texts
    return np.fromiter(map(texts.__contains__, forms), np.bool_, len(words))


def _normalized(tokenizer: Tokenizer, words: Sequence[str]) -> Sequence[str]:
    backend = tokenizer.backend
    if backend.normalizer is None:
        return words
    # All at once, if the normalizer leaves their separator alone, and has no regular expression
    # that may take for ever over a long text.
    if not any("Regex" in part.get("pattern", ()) for part in components(backend, "normalizer")):
        together = normalize(backend, "\n".join(words)).split("\n")
        if len(together) == len(words):
            return together
    return [normalize(backend, word) for word in words]


@dataclass(frozen=True, eq=False)
class Coverage:
    """Hold which words of a language are single tokens; the masks have shape (len(words),)."""

    language: str
    words: list[str]
    bare: NDArray[np.bool_]
    spaced: NDArray[np.bool_]


def join_coverage(parts: Sequence[Coverage]) -> Coverage:
    """Join the words of several languages."""
    return Coverage(
        "+".join(part.language for part in parts),
        [word for part in parts for word in part.words],
        np.concatenate([part.bare for part in parts]),
        np.concatenate([part.spaced for part in parts]),
    )


def split_word(tokenizer: Tokenizer, word: str, convention: Convention) -> list[int]:
    """Return the ids of the tokens that a word is cut into."""
    return split_words(tokenizer, [word], convention)[0]


def split_words(
    tokenizer: Tokenizer, words: Sequence[str], convention: Convention
) -> list[list[int]]:
    """Return the ids of the tokens that each word is cut into; raises EncodingError.

    Spaced words stand after the carrier; tokens that reach beyond the carrier are theirs.
    """
    if convention == "bare":
        encodings = encode_batch_fast(tokenizer.backend, words)
        return [encoding.ids for encoding in encodings]
    return [[token for token, _, _ in spans] for spans in spaced_spans(tokenizer, words)]


def spaced_spans(tokenizer: Tokenizer, words: Sequence[str]) -> list[list[tuple[int, int, int]]]:
    """Return the tokens of words behind the carrier and a blank: id, start and end in the word.

    The blank is at -1. Tokens that reach beyond the carrier are the word's; raises EncodingError.
    """
    texts = [f"{CARRIER} {word}" for word in words]
    encodings = encode_batch(tokenizer.backend, texts)
    first = len(CARRIER) + 1
    return [
        [
            (token, start - first, end - first)
            for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if end > len(CARRIER)
        ]
        for encoding in encodings
    ]


def count_tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> list[int]:
    """Return how many tokens each text is cut into; raises EncodingError."""
    encodings = encode_batch_fast(tokenizer.backend, texts)
    return [len(encoding) for encoding in encodings]


def _spaced_mask(tokenizer: Tokenizer, words: Sequence[str]) -> NDArray[np.bool_]:
    lines = [words[start : start + _LINE] for start in range(0, len(words), _LINE)]
    texts = [" ".join([CARRIER, *line]) for line in lines]
    encodings = encode_batch(tokenizer.backend, texts)
    return np.concatenate(
        [
            _covered_words(line, encoding.ids, encoding.offsets, tokenizer.unknown_id)
            for line, encoding in zip(lines, encodings, strict=True)
        ]
    )


def _covered_words(
    words: Sequence[str],
    ids: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    unknown_id: int | None,
) -> NDArray[np.bool_]:
    """Tell which words of a line, laid out after the carrier, are one known token each."""
    if not ids:
        return np.zeros(len(words), np.bool_)
    starts, ends = np.array(offsets, np.int64).T
    known = np.array(ids, np.int64) != (-1 if unknown_id is None else unknown_id)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    word_ends = len(CARRIER) + np.cumsum(lengths + 1)
    blanks = word_ends - lengths - 1

    first = np.searchsorted(starts, blanks, side="left")
    after = np.searchsorted(starts, word_ends, side="left")
    only = np.minimum(first, len(ids) - 1)
    reaches_in = (first > 0) & (ends[first - 1] > blanks + 1)
    mask: NDArray[np.bool_] = (
        (after - first == 1) & (ends[only] <= word_ends) & known[only] & ~reaches_in
    )
    return mask

"""How a tokenizer splits single words, alone and in text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode_batch, encode_batch_fast, normalize
from tokstat.tokenizer.settled_words import SettledWords, ascii_normalizer
from tokstat.tokenizer.tokenizer import Tokenizer

Convention = Literal["bare", "spaced"]
"""`bare`: the word alone is the whole text. `spaced`: in text, after a word and a space."""

CONVENTIONS: tuple[Convention, ...] = ("bare", "spaced")

CARRIER = "the"
"""The word before the first one; its own tokens never count."""

_BATCH = 2048
"""Words per batch, which bounds the memory for their encodings."""

_LINE = 128
"""Words per text; texts are encoded in parallel."""

_SEPARATORS = ("\n", "|")
"""Characters between words to normalize: BERT's normalizer makes a space of a line end.

Neither makes one character with a mark after it.
"""


def single_token_words(
    tokenizer: Tokenizer, words: Sequence[str], convention: Convention
) -> NDArray[np.bool_]:
    """Return a mask of the words that are exactly one token and come back, shape (len(words),).

    Spaced words are written one after another in one text. The span of a word begins at the end of
    the word before it. The word is one token if exactly one token begins in its span, and no token
    crosses either end. So a space that is a token of its own counts against the word.

    A word comes back if its token is not the unknown one, and the normalizer changes nothing but
    its case and compatible characters (NFKC). One that loses its accents does not.

    Raises:
        EncodingError: the tokenizer fails on a text.
        LimitError: encoding takes too long.
    """
    forms = NormalizedWords.of(tokenizer, words)
    if convention == "bare":
        return bare_words(tokenizer, forms)
    return spaced_words(tokenizer, words)[0] & ~forms.changed


@dataclass(frozen=True, eq=False)
class NormalizedWords:
    """Hold words and what the normalizer makes of each, without marks and spaces around it.

    `changed` marks the words that it changes in more than case and compatibility. Such a word does
    not come back from its tokens: `naïve` becomes `naive`.
    """

    words: Sequence[str]
    forms: Sequence[str]
    changed: NDArray[np.bool_]

    @classmethod
    def of(cls, tokenizer: Tokenizer, words: Sequence[str]) -> NormalizedWords:
        """Normalize words."""
        forms = _without_marks(tokenizer, _normalized(tokenizer, words))
        changed = np.zeros(len(words), np.bool_)
        steps = {part["type"] for part in components(tokenizer.backend, "normalizer")}
        if steps and "ByteLevel" not in steps:  # which writes bytes, not text
            others = [
                place
                for place, (form, word) in enumerate(zip(forms, words, strict=True))
                if form != word and not _is_folded_alike(form, word)
            ]
            changed[others] = True
        return cls(words, forms, changed)


def bare_words(
    tokenizer: Tokenizer,
    normal: NormalizedWords,
    settled: SettledWords | None = None,
    *,
    boundary: bool = True,
) -> NDArray[np.bool_]:
    """Return the mask of `single_token_words` for words alone.

    Without `boundary` a space that is a token of its own does not count: for scripts that write no
    spaces. Words that are `settled` are not encoded: the tokenizer drops the spaces beside them.
    """
    spaces = frozenset() if boundary else _space_ids(tokenizer)
    mask = _spelled_by_a_token(tokenizer, normal.forms) & ~normal.changed
    rows = np.flatnonzero(mask)
    if settled is not None:
        known, single = settled.masks(normal.words)
        mask[known] &= single[known]
        rows = np.flatnonzero(mask & ~known)
    words = [normal.words[row] for row in rows.tolist()]
    mask[rows] = [
        single for batch in _batches(words) for single in _are_single(tokenizer, batch, spaces)
    ]
    return mask


def spaced_words(
    tokenizer: Tokenizer, words: Sequence[str], settled: SettledWords | None = None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return masks of words in text: those with one known token, and those with unknown ones.

    The first is the mask of `single_token_words`, but for words that the normalizer changes. Words
    that are `settled` are not encoded.
    """
    known, single = np.zeros((2, len(words)), np.bool_)
    if settled is not None:
        known, single = settled.masks(words)
    unknown = np.zeros(len(words), np.bool_)
    for start in range(0, len(words), _BATCH):
        rows = start + np.flatnonzero(~known[start : start + _BATCH])
        if len(rows):
            batch = [words[row] for row in rows.tolist()]
            single[rows], unknown[rows] = _spaced_masks(tokenizer, batch)
    return single, unknown


def _is_folded_alike(one: str, other: str) -> bool:
    """Return whether texts differ in nothing but case and compatibility."""
    if one.isascii() and other.isascii():
        return one.lower() == other.lower()
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _batches(words: Sequence[str]) -> list[Sequence[str]]:
    return [words[start : start + _BATCH] for start in range(0, len(words), _BATCH)]


def _space_ids(tokenizer: Tokenizer) -> frozenset[int]:
    """Return the ids of the tokens that are only a space."""
    vocabulary = tokenizer.vocabulary
    blank = vocabulary.properties.blank | (vocabulary.properties.lengths == 0)
    return frozenset(vocabulary.ids[blank & vocabulary.content].tolist())


def _are_single(tokenizer: Tokenizer, words: Sequence[str], spaces: frozenset[int]) -> list[bool]:
    """Return of each word whether it is one known token alone, apart from spaces."""
    unknown = tokenizer.unknown_id
    encodings = encode_batch_fast(tokenizer.backend, words)
    if spaces:
        ids = [[each for each in encoding.ids if each not in spaces] for encoding in encodings]
        return [len(each) == 1 and each[0] != unknown for each in ids]
    return [len(encoding) == 1 and encoding.ids[0] != unknown for encoding in encodings]


def _without_marks(tokenizer: Tokenizer, forms: Sequence[str]) -> Sequence[str]:
    """Return normalized words without the marks and spaces around them."""
    if tokenizer.scheme.space:
        forms = [form.replace(tokenizer.scheme.space, " ") for form in forms]
    return [form.strip(" ") for form in forms]  # BERT's normalizer puts spaces around Han


def _spelled_by_a_token(tokenizer: Tokenizer, forms: Sequence[str]) -> NDArray[np.bool_]:
    """Return a mask of the words whose normalized form is the text of a token.

    The other words cannot be one token alone, so they need not be encoded. Where no space is put
    before a text, only tokens without a leading space can match.
    """
    vocabulary = tokenizer.vocabulary
    if tokenizer.scheme.keeps_spaces and not tokenizer.adds_leading_space:
        texts = vocabulary.texts_inside_words
    else:
        texts = vocabulary.distinct_texts
    return np.fromiter(map(texts.__contains__, forms), np.bool_, len(forms))


def _normalized(tokenizer: Tokenizer, words: Sequence[str]) -> Sequence[str]:
    backend = tokenizer.backend
    if backend.normalizer is None:
        return words
    of_ascii = ascii_normalizer(backend)
    if of_ascii is None:
        return _normalized_by_library(backend, words)
    odd = [word for word in words if not (word.isascii() and word.isprintable())]
    forms = iter(_normalized_by_library(backend, odd))
    return [
        of_ascii(word) if word.isascii() and word.isprintable() else next(forms) for word in words
    ]


def _normalized_by_library(backend: tokenizers.Tokenizer, words: Sequence[str]) -> Sequence[str]:
    # A regular expression may take for ever on a long text, so with one each word is normalized by
    # itself. Otherwise one call normalizes many words.
    if any("Regex" in part.get("pattern", ()) for part in components(backend, "normalizer")):
        return [normalize(backend, word) for word in words]
    lines = (words[start : start + _LINE] for start in range(0, len(words), _LINE))
    return [form for line in lines for form in _normalized_line(backend, line)]


def _normalized_line(backend: tokenizers.Tokenizer, words: Sequence[str]) -> list[str]:
    """Normalize words in one call if the normalizer keeps what separates them."""
    for separator in _SEPARATORS:
        joined = separator.join(words)
        if joined.count(separator) == len(words) - 1:
            together = normalize(backend, joined).split(separator)
            if len(together) == len(words):
                return together
    return [normalize(backend, word) for word in words]


@dataclass(frozen=True, eq=False)
class Coverage:
    """Hold which words of a language are single tokens; the masks have shape (len(words),).

    `is_spaced` tells whether the language writes spaces between words; if not, `spaced` is `bare`.
    """

    language: str
    words: list[str]
    bare: NDArray[np.bool_]
    spaced: NDArray[np.bool_]
    is_spaced: bool = True


def join_coverage(parts: Sequence[Coverage]) -> Coverage:
    """Join the words of several languages."""
    return Coverage(
        "+".join(part.language for part in parts),
        [word for part in parts for word in part.words],
        np.concatenate([part.bare for part in parts]),
        np.concatenate([part.spaced for part in parts]),
        any(part.is_spaced for part in parts),
    )


def split_words(
    tokenizer: Tokenizer, words: Sequence[str], convention: Convention
) -> list[list[int]]:
    """Return the ids of each word's tokens.

    Spaced words stand after the carrier word; tokens that end after the carrier are theirs.

    Raises:
        EncodingError: the tokenizer fails on a word.
        LimitError: encoding takes too long.
    """
    if convention == "bare":
        encodings = encode_batch_fast(tokenizer.backend, words)
        return [encoding.ids for encoding in encodings]
    return [[token for token, _, _ in spans] for spans in spaced_spans(tokenizer, words)]


def spaced_spans(tokenizer: Tokenizer, words: Sequence[str]) -> list[list[tuple[int, int, int]]]:
    """Return each token of words in text as its id, its start and its end in the word.

    The space before a word is at -1. Tokens that end after the carrier word are the word's. Raises
    as `split_words`.
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
    """Return the number of tokens of each text; raises as `split_words`."""
    encodings = encode_batch_fast(tokenizer.backend, texts)
    return [len(encoding) for encoding in encodings]


def _spaced_masks(
    tokenizer: Tokenizer, words: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    lines = [words[start : start + _LINE] for start in range(0, len(words), _LINE)]
    encodings = _encoded_lines(tokenizer, lines)
    apart = [_holds_added_token(tokenizer, *each) for each in zip(lines, encodings, strict=True)]
    if any(apart):
        lines = [
            part
            for line, is_apart in zip(lines, apart, strict=True)
            for part in ([[word] for word in line] if is_apart else [line])
        ]
        encodings = _encoded_lines(tokenizer, lines)
    masks = [
        _covered_words(line, encoding.ids, encoding.offsets, tokenizer.unknown_id)
        for line, encoding in zip(lines, encodings, strict=True)
    ]
    return (
        np.concatenate([covered for covered, _ in masks]),
        np.concatenate([unknown for _, unknown in masks]),
    )


def _holds_added_token(
    tokenizer: Tokenizer, line: Sequence[str], encoding: tokenizers.Encoding
) -> bool:
    """Return whether a line holds an added token: the next word may be written as the first one.

    The unknown token also stands for what no token spells, and is looked for in the words.
    """
    unknown = tokenizer.unknown_id
    found = tokenizer.added_ids.intersection(encoding.ids)
    if unknown is None or found != {unknown}:
        return bool(found)
    written = str(tokenizer.backend.id_to_token(unknown))
    return any(written in word for word in line)


def _encoded_lines(
    tokenizer: Tokenizer, lines: Sequence[Sequence[str]]
) -> list[tokenizers.Encoding]:
    return encode_batch(tokenizer.backend, [" ".join([CARRIER, *line]) for line in lines])


def _covered_words(
    words: Sequence[str],
    ids: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    unknown_id: int | None,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return masks of the words of a line, written after the carrier.

    The first marks those that are one known token, the second those with an unknown token.
    """
    unknown = np.zeros(len(words), np.bool_)
    if not ids:
        return unknown, unknown
    starts, ends = np.array(offsets, np.int64).T
    known = np.array(ids, np.int64) != (-1 if unknown_id is None else unknown_id)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    word_ends = len(CARRIER) + np.cumsum(lengths + 1)
    spaces = word_ends - lengths - 1

    first = np.searchsorted(starts, spaces, side="left")
    after = np.searchsorted(starts, word_ends, side="left")
    only = np.minimum(first, len(ids) - 1)
    reaches_in = (first > 0) & (ends[first - 1] > spaces + 1)
    mask: NDArray[np.bool_] = (
        (after - first == 1) & (ends[only] <= word_ends) & known[only] & ~reaches_in
    )
    if not known.all():
        lost = starts[~known & (starts >= len(CARRIER))]
        places = np.searchsorted(word_ends, lost, side="right")
        unknown[places[places < len(words)]] = True
    return mask, unknown

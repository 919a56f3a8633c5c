"""Encode the words of a tokenizer that treats each character and each word by itself.

The normalizer is asked about each character once, the pre-tokenizer whether it splits there, and
the model about each distinct word. That takes a third of the time that the library takes to carry
texts through its pipeline, and is as exact: the library gives every answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from unicodedata import category, combining

import numpy as np
import tokenizers
from numpy.typing import NDArray
from tokenizers import models

from tokstat.corpus.counting.distinct_pieces import Names, distinct_pieces
from tokstat.corpus.counting.encoded import Encoded, gather, join
from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    SEPARATOR,
    Codes,
    Mask,
    Places,
    code_points,
    distinct_codes,
    find_all,
)
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import normalize, pre_tokenize, tokenize_words
from tokstat.tokenizer.tokenizer import Tokenizer

_NORMALIZERS = frozenset({"BertNormalizer", "Lowercase", "NFD", "NFKD", "StripAccents"})
"""Those that write each character by itself, if they do not sort marks."""

_TWO_MARKS = "\u0315\u0300"
"""Marks in an order that canonical ordering reverses."""

_LONGEST = 200
"""Characters of a word that the model is asked about, outside the library's own threads."""

_STEP = 1 << 17
"""Pieces at a time, which bounds the arrays in memory. Steps share few words."""

_AT_A_TIME = 4096
"""Words at a time, whose tokens are objects."""

_UNKNOWN = 255

_ODD, _WHITE, _INNER, _ALONE = range(4)
"""What a character of the normal text is: unlike what is known here, between words, part of a word
with its neighbours, or a word alone."""


@dataclass(frozen=True, eq=False)
class _NormalText:
    """Hold normal characters, what each is, and the number of the character it comes from."""

    codes: Codes
    kinds: NDArray[np.uint8]
    sources: NDArray[np.int64]


class _Characters:
    """Hold what a tokenizer makes of each character. It is asked when one is first seen."""

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        self._backend = backend
        self._sorts_marks = normalize(backend, f"a{_TWO_MARKS}b") != f"a{_TWO_MARKS}b"
        self._count = np.full(0x110000, _UNKNOWN, np.uint8)
        self._first = np.zeros(0x110000, np.int32)
        self._written: list[tuple[int, int]] = []
        self._kinds: dict[str, int] = {DOCUMENT: _WHITE, SEPARATOR: _WHITE}
        self._table = np.zeros((0, 2), np.uint32)

    def normalize(self, codes: Codes) -> _NormalText:
        """Write characters as the normalizer does."""
        self._learn(distinct_codes(codes[self._count[codes] == _UNKNOWN]))
        counts = self._count[codes]
        sources = np.repeat(np.arange(len(codes)), counts)
        ends = np.cumsum(counts, dtype=np.int64)
        rows = (self._first[codes] - (ends - counts))[sources] + np.arange(len(sources))
        written = self._table[rows]
        return _NormalText(written[:, 0].copy(), written[:, 1].astype(np.uint8), sources)

    def _learn(self, codes: Places) -> None:
        for code in codes.tolist():
            found = self._asked(chr(code))
            self._count[code], self._first[code] = len(found), len(self._written)
            self._written += found
        if len(codes):
            self._table = np.array(self._written, np.uint32).reshape(-1, 2)

    def _asked(self, character: str) -> list[tuple[int, int]]:
        if character in (DOCUMENT, SEPARATOR):
            return [(ord(character), _WHITE)]
        written = normalize(self._backend, f"a{character}b")
        is_known = category(character) != "Cn" and written[:1] == "a" and written[-1:] == "b"
        if not is_known or (self._sorts_marks and any(map(combining, written))):
            return [(ord(character), _ODD)]
        return [(ord(each), self._kind(each)) for each in written[1:-1]]

    def _kind(self, written: str) -> int:
        if written not in self._kinds:
            pieces = pre_tokenize(self._backend, f"a{written}b")
            splits = {(f"a{written}b",): _INNER, ("a", written, "b"): _ALONE, ("a", "b"): _WHITE}
            self._kinds[written] = splits.get(tuple(pieces), _ODD)
        return self._kinds[written]


@dataclass(frozen=True, eq=False)
class WordsAlone:
    """Encode pieces of text by their words.

    `strings` are the contents of added tokens, and `normal_strings` those to find in normal text.
    `_lengths` has the characters of each token at the start of a word and within it, shape
    (ids, 2).
    """

    backend: tokenizers.Tokenizer
    strings: frozenset[str]
    normal_strings: frozenset[str]
    _characters: _Characters
    _lengths: Places

    def encode(self, pieces: Names) -> tuple[Encoded, Places]:
        """Encode pieces, and return the numbers of those left out, which have no tokens.

        They hold characters that are not known, added tokens, or very long words.

        Raises:
            EncodingError: the tokenizer fails on a word.
        """
        steps = range(0, len(pieces), _STEP)
        found = [self._encode_some(pieces.between(step, step + _STEP)) for step in steps]
        left = [numbers + step for (_, numbers), step in zip(found, steps, strict=True)]
        return join([each for each, _ in found]), np.concatenate([np.zeros(0, np.int64), *left])

    def _encode_some(self, pieces: Names) -> tuple[Encoded, Places]:
        data, bounds = pieces.utf8()
        written = data.tobytes()
        codes = code_points(written.decode())
        starts = np.concatenate([[0], np.cumsum(data & 0xC0 != 0x80)])[bounds]
        normal = self._characters.normalize(codes)
        text = normal.codes.tobytes().decode("utf-32-le")
        normal_bounds = np.searchsorted(normal.sources, starts)
        is_left = np.zeros(len(pieces), np.bool_)
        odd = np.flatnonzero(normal.kinds == _ODD)
        is_left[_owners(normal_bounds, odd)] = True
        for content in self.strings:
            places = np.fromiter(find_all(written, content.encode()), np.int64)
            is_left[_owners(bounds, places)] = True
        for content in self.normal_strings:
            is_left[_owners(normal_bounds, np.fromiter(find_all(text, content), np.int64))] = True
        cuts, places = _word_cuts(normal.kinds, normal_bounds)
        lengths = np.diff(np.append(places, len(text)))
        owners = _owners(normal_bounds, places)
        is_word = normal.kinds[places] >= _INNER
        is_left[owners[is_word & (lengths > _LONGEST)]] = True
        is_word &= ~is_left[owners]
        names, which = distinct_pieces(text, normal.codes, cuts)
        which = which[: len(places)]  # an empty text is one piece there, but has no place
        sizes = np.zeros(len(names), np.int64)
        sizes[which[is_word]] = lengths[is_word]
        words, fits = self._words(names, sizes)
        is_left[owners[is_word & ~fits[which]]] = True
        is_word &= ~is_left[owners]
        tokens = gather(words, which[is_word])
        begins = np.repeat(places[is_word], tokens.lengths)
        first = np.repeat(starts[owners[is_word]], tokens.lengths)
        counts = np.bincount(owners[is_word], words.lengths[which[is_word]], len(pieces))
        found = Encoded(
            tokens.ids,
            normal.sources[begins + tokens.starts] - first,
            normal.sources[begins + tokens.ends - 1] + 1 - first,
            np.concatenate([[0], np.cumsum(counts.astype(np.int64))]),
        )
        return found, np.flatnonzero(is_left)

    def _words(self, names: Names, sizes: Places) -> tuple[Encoded, Mask]:
        """Encode words of so many characters, 0 for those that nobody asks for.

        Return their tokens, and whether these spell the word. One token alone may be the unknown
        one, and stands for the whole word in any case.
        """
        numbers = np.flatnonzero(sizes)
        texts = names.some(numbers).texts()
        parts = [np.zeros(0, np.int32)]
        counts = np.zeros(len(names), np.int64)
        for start in range(0, len(texts), _AT_A_TIME):
            stretch = slice(start, start + _AT_A_TIME)
            found = tokenize_words(self.backend, texts[stretch])
            counts[numbers[stretch]] = [len(ids) for ids in found]
            parts.append(np.array(list(chain.from_iterable(found)), np.int32))
        ids = np.concatenate(parts)
        bounds = np.concatenate([[0], np.cumsum(counts)])
        spelled = self._lengths[ids, 1]
        first = bounds[:-1][counts > 0]
        spelled[first] = self._lengths[ids[first], 0]
        spelled[bounds[:-1][counts == 1]] = sizes[counts == 1]
        ends = np.concatenate([[0], np.cumsum(spelled)])
        before = np.repeat(ends[bounds[:-1]], counts)
        fits = np.diff(ends[bounds]) == sizes
        return Encoded(ids, ends[:-1] - before, ends[1:] - before, bounds), fits


def _owners(bounds: Places, places: Places) -> Places:
    """Return the number of the piece that each place belongs to."""
    return np.searchsorted(bounds, places, "right") - 1


def _word_cuts(kinds: NDArray[np.uint8], bounds: Places) -> tuple[Mask, Places]:
    """Return where words and the stretches between them begin, as a mask and as places."""
    cuts = np.ones(len(kinds), np.bool_)
    cuts[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _ALONE)
    cuts[bounds[bounds < len(kinds)]] = True
    return cuts, np.flatnonzero(cuts)


def words_alone(tokenizer: Tokenizer) -> WordsAlone | None:
    """Return how to encode by words, None where the pipeline looks at more than one character."""
    backend = tokenizer.backend
    is_kind = isinstance(backend.model, (models.WordPiece, models.WordLevel))
    if not is_kind or tokenizer.vocabulary.shared_ids:
        return None
    parts = components(backend, "normalizer")
    steps = components(backend, "pre_tokenizer")
    is_known = (
        (bool(parts) or backend.normalizer is None)
        and {part["type"] for part in parts} <= _NORMALIZERS
        and bool(steps)
        and all(_splits_alone(step) for step in steps)
    )
    if not is_known:
        return None
    added = backend.get_added_tokens_decoder().values()
    strings = frozenset(token.content for token in added)
    normal = frozenset(normalize(backend, token.content) for token in added if token.normalized)
    if "" in strings | normal:
        return None
    return WordsAlone(backend, strings, normal, _Characters(backend), _token_lengths(tokenizer))


def _token_lengths(tokenizer: Tokenizer) -> Places:
    """Return the characters of each id at the start of a word and within it, shape (ids, 2)."""
    vocabulary = tokenizer.vocabulary
    prefix = getattr(tokenizer.backend.model, "continuing_subword_prefix", "")
    lengths = np.zeros((int(vocabulary.ids.max(initial=-1)) + 1, 2), np.int64)
    lengths[vocabulary.ids, 0] = np.fromiter(map(len, vocabulary.tokens), np.int64)
    lengths[:, 1] = lengths[:, 0] - len(prefix)
    return lengths


def _splits_alone(step: Mapping[str, Any]) -> bool:
    """Whether a pre-tokenizer asks of each character by itself whether to split there."""
    kind = step["type"]
    return (
        kind in ("BertPreTokenizer", "WhitespaceSplit")
        or (kind == "Punctuation" and step.get("behavior", "Isolated") in ("Isolated", "Removed"))
        or (kind == "Digits" and bool(step.get("individual_digits")))
    )

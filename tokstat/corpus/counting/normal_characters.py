"""What a tokenizer makes of each character, where it treats each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import category, combining

import numpy as np
import tokenizers
from numpy.typing import NDArray

from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    SEPARATOR,
    Codes,
    Mask,
    Places,
    distinct_codes,
    utf8_lengths,
)
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import normalize, pre_tokenize

_TWO_MARKS = "\u0315\u0300"
"""Marks in an order that canonical ordering reverses."""

_LONGEST_GRAPHEME = 5
"""Bytes of a grapheme of several characters that Precompiled does not write one by one."""

_UNKNOWN = 255

ODD, WHITE, INNER, ALONE = range(4)
"""What a character of the normal text is: unlike what is known here, between words, part of a word
with its neighbours, or a word alone."""


@dataclass(frozen=True, eq=False)
class NormalText:
    """Hold normal characters, what each is, and the number of the character it comes from."""

    codes: Codes
    kinds: NDArray[np.uint8]
    sources: NDArray[np.int64]


class CharacterTable:
    """Hold what a tokenizer makes of each character. It is asked when one is first seen."""

    def __init__(self, backend: tokenizers.Tokenizer, prefix: str) -> None:
        self._backend = backend
        self._prefix = prefix
        kinds = {part["type"] for part in components(backend, "normalizer")}
        self._by_grapheme = "Precompiled" in kinds
        self._sorts_marks = normalize(backend, f"a{_TWO_MARKS}b") != f"a{_TWO_MARKS}b"
        self._count = np.full(0x110000, _UNKNOWN, np.uint8)
        self._first = np.zeros(0x110000, np.int32)
        self._kinds: dict[str, int] = {DOCUMENT: WHITE, SEPARATOR: WHITE}
        if prefix:
            self._kinds[prefix] = ODD
        self._table = np.zeros((0, 2), np.uint32)
        self._joins = np.zeros(0x110000, np.bool_)
        self._first_kind = np.full(0x110000, _UNKNOWN, np.uint8)
        self._last_kind = self._first_kind.copy()

    def joins(self, before: Codes, after: Codes) -> Mask:
        """Tell between which characters a word may go on, or what is odd ends or begins."""
        for codes in (before, after):
            self._learn(codes)
        last, first = self._last_kind.take(before), self._first_kind.take(after)
        found: Mask = (first == ODD) | (last == ODD) | ((first == INNER) & (last == INNER))
        return found

    def in_short_graphemes(self, codes: Codes) -> Places:
        """Return where a character may be written together with the one before."""
        if not self._by_grapheme:
            return np.zeros(0, np.int64)
        joining = np.flatnonzero(self._joins.take(codes))
        before = codes[np.maximum(joining - 1, 0)]
        sizes = utf8_lengths(before).astype(np.int64) + utf8_lengths(codes[joining])
        return joining[sizes <= _LONGEST_GRAPHEME]

    def normalize(self, codes: Codes) -> NormalText:
        """Write characters as the normalizer does."""
        self._learn(codes)
        counts = self._count.take(codes)
        sources = np.repeat(np.arange(len(codes)), counts)
        ends = np.cumsum(counts, dtype=np.int64)
        rows = (self._first.take(codes) - (ends - counts)).take(sources) + np.arange(len(sources))
        written = self._table.take(rows, axis=0)
        return NormalText(written[:, 0].copy(), written[:, 1].astype(np.uint8), sources)

    def _learn(self, codes: Codes) -> None:
        """Put the characters into the tables that are not there yet."""
        is_new = self._count.take(codes) == _UNKNOWN
        if not is_new.any():
            return
        written: list[tuple[int, int]] = []
        for code in distinct_codes(codes.compress(is_new)).tolist():
            found = self._asked(chr(code))
            self._joins[code] = self._by_grapheme and _joins(chr(code))
            self._count[code], self._first[code] = len(found), len(self._table) + len(written)
            written += found
            # Where nothing is written, the neighbours may come together.
            self._first_kind[code] = found[0][1] if found else INNER
            self._last_kind[code] = found[-1][1] if found else INNER
        new = np.array(written, np.uint32).reshape(-1, 2)
        self._table = np.concatenate([self._table, new])

    def _asked(self, character: str) -> list[tuple[int, int]]:
        if character in (DOCUMENT, SEPARATOR):
            return [(ord(character), WHITE)]
        written = normalize(self._backend, f"a{character}b")
        is_known = category(character) != "Cn" and written[:1] == "a" and written[-1:] == "b"
        # Where Precompiled deletes a character, the library may misplace what follows.
        is_known &= not self._by_grapheme or not (written == "ab" or _begins_grapheme(character))
        if not is_known or (self._sorts_marks and any(map(combining, written))):
            return [(ord(character), ODD)]
        return [(ord(each), self._kind(each)) for each in written[1:-1]]

    def _kind(self, written: str) -> int:
        if written not in self._kinds:
            pieces = pre_tokenize(self._backend, f"a{written}b")
            one, other = f"{self._prefix}a", f"{self._prefix}b"
            splits = {(f"{one}{written}b",): INNER, (one, other): WHITE}
            if not self._prefix:
                splits[one, written, other] = ALONE
            self._kinds[written] = splits.get(tuple(pieces), ODD)
        return self._kinds[written]


def _joins(character: str) -> bool:
    """Whether a character may belong to one grapheme with the one before (UAX 29)."""
    import regex

    pattern = r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}\p{M}\p{Cf}]"
    return regex.match(pattern, character) is not None


def _begins_grapheme(character: str) -> bool:
    """Whether a character never ends a grapheme."""
    import regex

    return regex.match(r"\p{GCB=Prepend}", character) is not None

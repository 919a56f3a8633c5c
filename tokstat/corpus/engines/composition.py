"""Find in UTF-8 the characters that NFC may touch, and those that a library may not know yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers

from tokstat.corpus.safe_cuts.at_white_space import starting_at
from tokstat.tokenizer.encoding import normalize

_LEAST = 0xCC
"""The first byte of the first character that composition may touch (U+0300).

Unicode has all characters before it.
"""

_UNKNOWN, _NO, _YES = range(3)

_LAST_COMPOSED = 0x30000

_JAMO = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
"""Vowels and final consonants, which compose with what is before them by rule."""


def may_compose(text: str) -> bool:
    """Whether NFC may move a character of a text, join it with the one before, or change it.

    A text without any such character is in NFC. That may be so of every character that Python's
    Unicode does not know yet.
    """
    return any(
        unicodedata.combining(character) != 0
        or character in _joining()
        or not unicodedata.is_normalized("NFC", character)
        or unicodedata.category(character) == "Cn"
        for character in text
    )


def may_be_unknown(text: str) -> bool:
    """Whether a version of Unicode lacks a character of a text.

    The versions are Python's, and that of the tokenizers library. A later version may have the
    character as a letter or a number, and patterns then split it otherwise.
    """
    return "Cn" in map(unicodedata.category, text) or normalize(_known(), text) != text


@cache
def _known() -> Tokenizer:
    """Return a tokenizer that deletes the characters that its library does not know."""
    found = Tokenizer(models.BPE())
    found.normalizer = normalizers.Replace(Regex(r"\p{Cn}"), "")
    return found


def may_compose_by_version(text: str) -> bool:
    """Whether what NFC does to a character of a text may depend on the version of Unicode.

    Characters of Unicode 3.2 compose in the same way in all later versions (the policy of
    normalization stability).
    """
    category = unicodedata.ucd_3_2_0.category
    younger = "".join(character for character in text if category(character) == "Cn")
    return may_compose(younger) or may_be_unknown(younger)


@cache
def _joining() -> frozenset[str]:
    """Return the characters that are the second part of a composed one."""
    found = set(map(chr, _JAMO))
    composed = map(chr, range(0xC0, _LAST_COMPOSED))
    for decomposition in filter(None, map(unicodedata.decomposition, composed)):
        parts = decomposition.split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    return frozenset(found)


class CharacterSearch:
    """Find characters from U+0300 by a test, which tells whether a text has any of them.

    Most are ruled out by their first two bytes, without being decoded: the test is asked once about
    all characters that begin with these.
    """

    def __init__(self, test: Callable[[str], bool]) -> None:
        self._test = test
        self._beginnings = np.full(1 << 16, _UNKNOWN, np.uint8)
        self._characters = np.full(0x110000, _UNKNOWN, np.uint8)

    def find(self, data: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return the byte offsets where the characters begin, in order."""
        places = np.flatnonzero(data[:-1] >= _LEAST)
        pairs = data.take(places).astype(np.int64) << 8 | data.take(places + 1)
        for pair in _unknown(self._beginnings, pairs):
            is_any = self._test(_characters_of(*divmod(pair, 256)))
            self._beginnings[pair] = _YES if is_any else _NO
        places = places.compress(self._beginnings.take(pairs) == _YES)
        codes = starting_at(data, places).astype(np.int64)
        for code in _unknown(self._characters, codes):
            self._characters[code] = _YES if self._test(chr(code)) else _NO
        return np.asarray(places[self._characters[codes] == _YES], np.int64)


composing = CharacterSearch(may_compose)
"""The searches are shared, as their tables are of Unicode alone."""

unknown = CharacterSearch(may_be_unknown)

composing_by_version = CharacterSearch(may_compose_by_version)


def _unknown(table: NDArray[np.uint8], keys: NDArray[np.int64]) -> list[int]:
    """Return the distinct keys that a table does not know yet."""
    is_new = np.zeros(len(table), np.bool_)
    is_new[keys.compress(table.take(keys) == _UNKNOWN)] = True
    found: list[int] = np.flatnonzero(is_new).tolist()
    return found


def _characters_of(first: int, second: int) -> str:
    """Return the characters whose UTF-8 begins with two bytes; the first is at least 0xCC."""
    rest = max(0, (first >= 0xE0) + (first >= 0xF0))
    payload = first & (0x1F, 0x0F, 0x07)[rest] if rest < 3 else 0
    start = (payload << 6 | second & 0x3F) << 6 * rest
    return "".join(map(chr, range(start, min(start + (1 << 6 * rest), 0x110000))))

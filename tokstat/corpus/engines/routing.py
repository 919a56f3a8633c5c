"""Leave to the judge the texts on which an engine is known to differ."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.engines.engine import Engine, TokenIds, Utf8Texts
from tokstat.corpus.engines.judge import Judge
from tokstat.corpus.safe_cuts.at_white_space import starting_at
from tokstat.tokenizer.scheme import components
from tokstat.tokenizer.tokenizer import Tokenizer

MOST_STRINGS = 64
"""So many strings are looked for in every text; a tokenizer with more has no such engine."""

_LEAST_MARK = 0xCC
"""The first byte of the first character that composition may touch (U+0300)."""

_UNKNOWN, _PLAIN, _ODD = range(3)

_LAST_COMPOSED = 0x30000

_JAMO = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
"""Vowels and final consonants, which compose with what is before them by rule."""


@dataclass(frozen=True)
class OddTexts:
    """Define which texts of a tokenizer are the judge's.

    - texts with one of the `strings`: added tokens that take spaces with them or must be words;
    - if the tokenizer `composes` (NFC), texts with a younger character that composition may move,
      join or change. Libraries have the tables of different versions of Unicode.
    """

    strings: tuple[bytes, ...]
    composes: bool

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> OddTexts:
        """Return the definition for a tokenizer."""
        added = tokenizer.backend.get_added_tokens_decoder().values()
        odd = {each.content for each in added if each.lstrip or each.rstrip or each.single_word}
        kinds = {part["type"] for part in components(tokenizer.backend, "normalizer")}
        return cls(tuple(text.encode() for text in sorted(odd)), "NFC" in kinds)

    def find(self, texts: Utf8Texts) -> NDArray[np.bool_]:
        """Tell for each text whether it is the judge's; texts are in the order of their bytes."""
        found = np.zeros(len(texts) + 1, np.bool_)
        joined = texts.data.tobytes() if self.strings else b""
        for string in self.strings:
            place = joined.find(string)
            while place >= 0:
                number = int(np.searchsorted(texts.starts, place, "right")) - 1
                found[number] = True
                # The rest of this text need not be searched.
                stop = int(texts.stops[number]) if number >= 0 else 0
                place = joined.find(string, max(place + 1, stop))
        if self.composes:
            places = _odd_characters(texts.data)
            found[np.searchsorted(texts.starts, places, "right") - 1] = True
        return found[:-1]


def _odd_characters(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return where odd characters begin in UTF-8."""
    places = np.flatnonzero(data[:-1] >= _LEAST_MARK)
    pairs = data[places].astype(np.int64) << 8 | data[places + 1]
    kinds = _beginnings()
    for pair in np.flatnonzero((kinds == _UNKNOWN) & _seen(pairs)).tolist():
        kinds[pair] = _ODD if any(map(is_odd, _characters_of(*divmod(pair, 256)))) else _PLAIN
    places = places[kinds[pairs] == _ODD]
    codes = starting_at(data, places).tolist()
    are_odd = {code: is_odd(chr(code)) for code in set(codes)}
    are_here = np.array([are_odd[code] for code in codes], np.bool_)
    return np.asarray(places[are_here], np.int64)


def _seen(pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    seen = np.zeros(1 << 16, np.bool_)
    seen[pairs] = True
    return seen


@cache
def _beginnings() -> NDArray[np.uint8]:
    """Return a table over the first two bytes of a character: whether any such one is odd."""
    return np.zeros(1 << 16, np.uint8)


def _characters_of(first: int, second: int) -> Iterator[str]:
    """Yield the characters whose UTF-8 begins with two bytes; the first is at least 0xCC."""
    rest = max(0, (first >= 0xE0) + (first >= 0xF0))
    payload = first & (0x1F, 0x0F, 0x07)[rest] if rest < 3 else 0
    start = (payload << 6 | second & 0x3F) << 6 * rest
    return map(chr, range(start, min(start + (1 << 6 * rest), 0x110000)))


def is_odd(character: str) -> bool:
    """Whether NFC may move a character, join it with the one before, or change it.

    That is so of every character that Python's Unicode does not know yet. Characters of Unicode 3.2
    are none: later versions compose them in the same way (the policy of normalization stability).
    """
    if unicodedata.ucd_3_2_0.category(character) != "Cn":
        return False
    return (
        unicodedata.combining(character) != 0
        or character in _joining()
        or not unicodedata.is_normalized("NFC", character)
        or unicodedata.category(character) == "Cn"
    )


@cache
def _joining() -> frozenset[str]:
    """Return the characters that are the second part of a composed one."""
    found = set(map(chr, _JAMO))
    for code in range(0xC0, _LAST_COMPOSED):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    return frozenset(found)


class RoutedEngine:
    """Encode with an engine, and with the judge what is odd."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer) -> None:
        self.engine = engine
        self._judge = Judge(tokenizer)
        self._odd = OddTexts.of(tokenizer)

    @property
    def label(self) -> str:
        """That of the engine."""
        return self.engine.label

    def encode(self, texts: Utf8Texts) -> TokenIds:
        """Return the ids of texts. Raises as the engine and the judge do."""
        is_odd = self._odd.find(texts)
        if not is_odd.any():
            return self.engine.encode(texts)
        plain, odd = np.flatnonzero(~is_odd), np.flatnonzero(is_odd)
        one, other = self.engine.encode(texts.some(plain)), self._judge.encode(texts.some(odd))
        lengths = np.empty(len(texts), np.int64)
        lengths[plain], lengths[odd] = np.diff(one.bounds), np.diff(other.bounds)
        is_its = np.repeat(is_odd, lengths)
        ids = np.empty(len(is_its), np.uint32)
        ids[~is_its], ids[is_its] = one.ids, other.ids
        return TokenIds(ids, np.concatenate([[0], np.cumsum(lengths)]))

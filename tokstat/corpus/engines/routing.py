"""Leave to the judge the texts on which an engine is known to differ."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.engines.engine import Engine, TokenIds, Utf8Texts
from tokstat.corpus.engines.judge import Judge
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
    - if the tokenizer `composes` (NFC), texts with a character that composition may move, join
      or change. Libraries have the tables of different versions of Unicode.
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
        if self.composes and len(texts.data) and texts.data.max() >= _LEAST_MARK:
            codes = np.frombuffer(texts.data.tobytes().decode().encode("utf-32-le"), np.uint32)
            marks = np.flatnonzero(_classes(codes) == _ODD)
            if len(marks):
                places = np.flatnonzero(texts.data & 0xC0 != 0x80)[marks]
                found[np.searchsorted(texts.starts, places, "right") - 1] = True
        return found[:-1]


@cache
def _table() -> NDArray[np.uint8]:
    return np.zeros(0x110000, np.uint8)


def _classes(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return whether each character is plain or odd, shape as `codes`."""
    table = _table()
    classes: NDArray[np.uint8] = table[codes]
    new = codes[classes == _UNKNOWN]
    if len(new):
        for code in np.unique(new).tolist():
            table[code] = _ODD if is_odd(chr(code)) else _PLAIN
        classes = table[codes]
    return classes


def is_odd(character: str) -> bool:
    """Whether NFC may move a character, join it with the one before, or change it.

    That is so of every character that Python's Unicode does not know yet.
    """
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

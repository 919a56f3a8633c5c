"""Scripts and letters of many texts at once, and a printable form of any text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import eq

import numpy as np
from numpy.typing import NDArray

NO_SCRIPT = "Common"
"""Script of a text whose characters belong to no single script."""

_MAX_SCRIPTS = (1 << 15) - 1

_ASCII = 0x80

_ALPHABETIC, _NUMERIC, _WHITE_SPACE, _LOWERCASE = 1, 2, 4, 8


@dataclass(frozen=True, eq=False)
class Characters:
    """Hold the characters of n texts laid end to end.

    `codes` are code points, shape (number of characters,); text i has those from `starts[i]` to
    `ends[i]`.
    """

    codes: NDArray[np.uint32]
    lengths: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Characters:
        """Lay texts end to end."""
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        ends = np.cumsum(lengths)
        return cls(codes, lengths, ends - lengths, ends)

    def first(self) -> NDArray[np.uint32]:
        """Return the first code point of each text, 0 for an empty one."""
        return np.append(self.codes, np.uint32(0))[self.starts] * (self.lengths > 0)

    def last(self) -> NDArray[np.uint32]:
        """Return the last code point of each text, 0 for an empty one."""
        return np.append(self.codes, np.uint32(0))[self.ends - 1] * (self.lengths > 0)

    def owners(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the texts, in order, that have a flagged character; `flags` are as `codes`."""
        before = np.zeros(len(flags) + 1, np.int32)
        np.cumsum(flags, out=before[1:])
        return np.flatnonzero(before[self.ends] > before[self.starts])


@dataclass(frozen=True, eq=False)
class TextProperties:
    r"""Hold properties of n texts, one entry per text; the masks are false for empty texts.

    - `lengths`: number of characters.
    - `firsts`, `lasts`: the first and last code points, 0 for empty texts.
    - `uniform`: one repeated character only.
    - `alphabetic`: letters and marks only (`[\p{L}\p{M}]+`).
    - `lowercase`: `str.lower` changes no character; also true for empty texts.
    - `numeric`: decimal digits only.
    - `blank`: white space only.
    - `script_codes`: indices into `script_names`.
    """

    lengths: NDArray[np.int32]
    firsts: NDArray[np.uint32]
    lasts: NDArray[np.uint32]
    uniform: NDArray[np.bool_]
    alphabetic: NDArray[np.bool_]
    lowercase: NDArray[np.bool_]
    numeric: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    script_codes: NDArray[np.int16]
    script_names: tuple[str, ...]


def text_properties(texts: Sequence[str]) -> TextProperties:
    """Classify every text by its characters.

    Each distinct character is looked up once, so the cost grows with the texts, not with Unicode.
    The script of a text in several scripts is all their names in alphabetical order, such as
    "Han+Hiragana". Characters shared by scripts (Common, Inherited) are ignored.
    """
    characters = Characters.of(texts)
    codes = characters.codes
    present = np.zeros(int(codes.max(initial=0)) + 1, np.bool_)
    present[codes] = True
    distinct = np.flatnonzero(present)

    of_code = np.zeros(len(present), np.uint8)
    of_code[distinct] = _flags_of(list(map(chr, distinct.tolist())))
    filled = np.flatnonzero(characters.lengths)
    flags = np.zeros(len(texts), np.uint8)
    uniform = np.zeros(len(texts), np.bool_)
    if len(filled):
        starts = characters.starts[filled]
        uniform[filled] = np.maximum.reduceat(codes, starts) == np.minimum.reduceat(codes, starts)
        flags[filled] = np.bitwise_and.reduceat(of_code[codes], starts)
    script_codes, script_names = _scripts_of_texts(texts, characters, distinct)
    return TextProperties(
        lengths=characters.lengths.astype(np.int32),
        firsts=characters.first(),
        lasts=characters.last(),
        uniform=uniform,
        alphabetic=(flags & _ALPHABETIC) > 0,
        lowercase=((flags & _LOWERCASE) > 0) | (characters.lengths == 0),
        numeric=(flags & _NUMERIC) > 0,
        blank=(flags & _WHITE_SPACE) > 0,
        script_codes=script_codes,
        script_names=script_names,
    )


def _flags_of(characters: list[str]) -> NDArray[np.uint8]:
    categories = list(map(unicodedata.category, characters))
    return (
        _ALPHABETIC * np.array([category[0] in "LM" for category in categories], np.uint8)
        | _NUMERIC * np.array([category == "Nd" for category in categories], np.uint8)
        | _WHITE_SPACE * np.array(list(map(str.isspace, characters)), np.uint8)
        | _LOWERCASE * np.array(list(map(eq, map(str.lower, characters), characters)), np.uint8)
    )


def _scripts_of_texts(
    texts: Sequence[str], characters: Characters, distinct: NDArray[np.int64]
) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    """Return the script code of every text, and the names of the scripts.

    A text in several scripts has their joined names.
    """
    names = [NO_SCRIPT]
    index = {NO_SCRIPT: 0}

    def code_of(name: str) -> int:
        if name not in index:
            index[name] = len(names)
            names.append(name)
        return index[name]

    of_code = np.zeros(int(distinct.max(initial=0)) + 1, np.int16)
    of_code[distinct] = [code_of(name) for name in _scripts_of(distinct)]
    result = np.zeros(len(texts), np.int16)
    filled = np.flatnonzero(characters.lengths)
    if len(filled):
        scripts, starts = of_code[characters.codes], characters.starts[filled]
        highest = np.maximum.reduceat(scripts, starts)
        # Shared characters have code 0, which must not be the minimum of a text with a script.
        lowest = np.minimum.reduceat(np.where(scripts, scripts, np.int16(_MAX_SCRIPTS)), starts)
        result[filled] = highest
        for position in filled[(lowest != highest) & (highest > 0)].tolist():
            found = {script_of(character) for character in texts[position]} - {NO_SCRIPT}
            result[position] = code_of("+".join(sorted(found)))
    return result, tuple(names)


def _scripts_of(codes: NDArray[np.int64]) -> list[str]:
    """Return the scripts of many code points, given in ascending order, like `script_of`."""
    if not (codes >= _ASCII).any():
        return [script_of(chr(code)) for code in codes.tolist()]
    from fontTools.unicodedata import Scripts

    ranges = np.searchsorted(Scripts.RANGES, codes, side="right") - 1
    names = {index: _script_named(Scripts.VALUES[index]) for index in set(ranges.tolist())}
    return [names[index] for index in ranges.tolist()]


@cache
def script_of(character: str) -> str:
    """Return the Unicode script of one character, such as "Latin", or "Common" if it is shared."""
    if ord(character) < _ASCII:
        return "Latin" if character.isalpha() else NO_SCRIPT
    from fontTools import unicodedata as scripts

    return _script_named(scripts.script(character))


def _script_named(code: str) -> str:
    """Return the name of the script with an ISO 15924 code."""
    from fontTools import unicodedata as scripts

    return NO_SCRIPT if code in ("Zyyy", "Zinh", "Zzzz") else scripts.script_name(code)

"""Scripts and letters of many texts at once, and a printable form of any text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VISIBLE_SPACE = "·"
"""MIDDLE DOT stands for a blank: unlike OPEN BOX it exists in every legacy code page."""

_DOTTED_CIRCLE = "◌"

NO_SCRIPT = "Common"
"""Name of the script of a text whose characters belong to no one script."""

_MAX_SCRIPTS = 1 << 15


@dataclass(frozen=True, eq=False)
class TextProperties:
    r"""Hold what the characters of n texts are, one entry a text.

    `lengths` counts characters; `alphabetic` is true for non-empty texts of letters and marks
    only (`[\p{L}\p{M}]+`); `numeric` for non-empty texts of decimal digits only; `blank` for
    non-empty texts of white space only; `script_codes` index `script_names`.
    """

    lengths: NDArray[np.int32]
    alphabetic: NDArray[np.bool_]
    numeric: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    script_codes: NDArray[np.int16]
    script_names: tuple[str, ...]


def text_properties(texts: Sequence[str]) -> TextProperties:
    """Classify every text by its characters.

    Each distinct character is looked up once, so the cost grows with the text, not with Unicode.
    A text in several scripts is named by all of them in alphabetical order, such as
    "Han+Hiragana"; characters shared by scripts (Common, Inherited) name none.
    """
    lengths = np.fromiter(map(len, texts), np.int32, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    present = np.zeros(int(codes.max(initial=0)) + 1, np.bool_)
    present[codes] = True
    distinct = np.flatnonzero(present)
    characters = [chr(code) for code in distinct]
    categories = [unicodedata.category(character) for character in characters]

    starts = np.zeros(len(texts), np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    filled = np.flatnonzero(lengths)

    def every(flags: list[bool]) -> NDArray[np.bool_]:
        of_character = np.zeros(len(present), np.bool_)
        of_character[distinct] = flags
        result = np.zeros(len(texts), np.bool_)
        if len(filled):
            result[filled] = np.logical_and.reduceat(of_character[codes], starts[filled])
        return result

    script_codes, script_names = _scripts_of_texts(texts, codes, starts, filled, distinct)
    return TextProperties(
        lengths=lengths,
        alphabetic=every([category[0] in "LM" for category in categories]),
        numeric=every([category == "Nd" for category in categories]),
        blank=every([character.isspace() for character in characters]),
        script_codes=script_codes,
        script_names=script_names,
    )


def _scripts_of_texts(
    texts: Sequence[str],
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    filled: NDArray[np.int64],
    distinct: NDArray[np.int64],
) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    """Give every text its script: the only one, or the joined names of several."""
    names = [NO_SCRIPT]
    index = {NO_SCRIPT: 0}

    def code_of(name: str) -> int:
        if name not in index:
            index[name] = len(names)
            names.append(name)
        return index[name]

    of_character = np.zeros(int(distinct.max(initial=0)) + 1, np.int16)
    of_character[distinct] = [code_of(script_of(chr(code))) for code in distinct]
    result = np.zeros(len(texts), np.int16)
    if len(filled):
        scripts = of_character[codes]
        highest = np.maximum.reduceat(scripts, starts[filled])
        # Shared characters must not be the minimum of a text that has a script.
        lowest = np.minimum.reduceat(np.where(scripts, scripts, _MAX_SCRIPTS - 1), starts[filled])
        result[filled] = highest
        for position in filled[(lowest != highest) & (highest > 0)]:
            found = {script_of(character) for character in texts[position]} - {NO_SCRIPT}
            result[position] = code_of("+".join(sorted(found)))
    return result, tuple(names)


def script_of(character: str) -> str:
    """Name the Unicode script of one character, such as "Latin", or "Common" for a shared one."""
    if character < "\x80":
        return "Latin" if character.isalpha() else NO_SCRIPT
    from fontTools import unicodedata as scripts

    code = scripts.script(character)
    return NO_SCRIPT if code in ("Zyyy", "Zinh", "Zzzz") else scripts.script_name(code)


def visible(text: str) -> str:
    """Make any text safe and legible on one line of a terminal, a page or a table.

    Blanks become MIDDLE DOT, whatever does not print (controls, bidi overrides, zero-width
    characters, lone surrogates) its escape, and a leading mark gets a base to sit on.
    """
    if text and unicodedata.category(text[0])[0] == "M":
        text = _DOTTED_CIRCLE + text
    if text.isprintable():
        return text.replace(" ", VISIBLE_SPACE)
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if character == " ":
        return VISIBLE_SPACE
    return character if character.isprintable() else ascii(character)[1:-1]

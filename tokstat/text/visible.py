"""A printable form of any text, safe on one line."""

from __future__ import annotations

import unicodedata

VISIBLE_SPACE = "·"
"""MIDDLE DOT shows a space: unlike OPEN BOX it exists in every legacy code page."""

_DOTTED_CIRCLE = "◌"

_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Printable characters that show nothing: HANGUL FILLERs and BRAILLE PATTERN BLANK."""


def visible(text: str) -> str:
    """Return a text in a form that is safe and legible on one line.

    Spaces become MIDDLE DOT. Invisible characters (controls, bidi overrides, zero-width characters,
    fillers, lone surrogates) become escapes. A leading combining mark gets a base character.
    """
    if text and unicodedata.category(text[0])[0] == "M":
        text = _DOTTED_CIRCLE + text
    if text.isprintable() and _INVISIBLE.isdisjoint(text):
        return text.replace(" ", VISIBLE_SPACE)
    return "".join(map(_visible_character, text))


def visible_line(text: str) -> str:
    """Return a text of several words in the same safe form, but with its spaces kept."""
    return " ".join(map(visible, text.split(" ")))


def shortened(text: str, longest: int = 64) -> str:
    """Truncate a text to at most `longest` characters, with an ellipsis at its end."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _visible_character(character: str) -> str:
    if character == " ":
        return VISIBLE_SPACE
    if character.isprintable() and character not in _INVISIBLE:
        return character
    return ascii(character)[1:-1]

"""Counts, quotes and lists in sentences.

Texts may come from files that others made: all are quoted, and cut off where they are long.
"""

from __future__ import annotations

from collections.abc import Sequence
from reprlib import Repr

_MOST_NAMES = 8
_MOST_CHARACTERS = 80

_QUOTING = Repr()
_QUOTING.maxstring = _MOST_CHARACTERS


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: "1 token", "2,000 tokens".

    `plural` is for a noun that does not take a plain -s at its end.
    """
    return f"{count:,} {agreed(count, noun, plural or noun + 's')}"


def agreed(count: int, one: str, many: str) -> str:
    """Return the form of a word that agrees with a count."""
    return one if count == 1 else many


def quoted(text: str) -> str:
    """Return a text in quotes; of a long one the beginning and the end."""
    return _QUOTING.repr(text)


def listed(names: Sequence[str]) -> str:
    """Return the first names in quotes, and how many more there are."""
    shown = ", ".join(map(quoted, names[:_MOST_NAMES]))
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more:,} more" if more > 0 else shown

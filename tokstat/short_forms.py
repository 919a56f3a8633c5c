"""The parts of a result's short form, as an interactive session shows it.

Texts may come from files that others made: all are quoted, and cut off where they are long.
"""

from __future__ import annotations

from collections.abc import Sequence
from reprlib import Repr

_MOST_NAMES = 8
_MOST_CHARACTERS = 80

_QUOTING = Repr()
_QUOTING.maxstring = _MOST_CHARACTERS


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, as in "1 token" and "2,000 tokens"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def quoted(text: str) -> str:
    """Return a text in quotes; of a long one the beginning and the end."""
    return _QUOTING.repr(text)


def listed(names: Sequence[str]) -> str:
    """Return the first names in quotes, and how many more there are."""
    shown = ", ".join(map(quoted, names[:_MOST_NAMES]))
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more:,} more" if more > 0 else shown

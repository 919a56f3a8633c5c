"""Which words an example may show."""

from __future__ import annotations

import gzip
from functools import cache

from tokstat.io.files import PACKAGED_DATA

VULGAR = PACKAGED_DATA / "words" / "vulgar.txt.gz"
"""Single words, lower-cased, of the lists of dirty words by Shutterstock (npm naughty-words)."""

_PART = 4


@cache
def vulgar_words() -> frozenset[str]:
    """Return the vulgar words of many languages."""
    words = gzip.decompress(VULGAR.read_bytes()).decode().replace("ß", "ss")
    return frozenset(words.split("\n"))


def holds_vulgar(word: str) -> bool:
    """Tell whether a vulgar word of four letters or more is part of a word."""
    lower = word.lower().replace("ß", "ss")
    return any(
        lower[start:end] in vulgar_words()
        for start in range(len(lower) - _PART + 1)
        for end in range(start + _PART, len(lower) + 1)
    )


def is_vulgar(word: str) -> bool:
    """Tell whether a word should not be shown to a colleague."""
    return word.lower().replace("ß", "ss") in vulgar_words()

"""Which words an example may show."""

from __future__ import annotations

import gzip
from functools import cache

from tokstat.io.files import PACKAGED_DATA

VULGAR = PACKAGED_DATA / "words" / "vulgar.txt.gz"
"""Single words, lower-cased, of the lists of dirty words by Shutterstock (npm naughty-words)."""


@cache
def vulgar_words() -> frozenset[str]:
    """Return the vulgar words of many languages."""
    return frozenset(gzip.decompress(VULGAR.read_bytes()).decode().split("\n"))


def is_vulgar(word: str) -> bool:
    """Tell whether a word should not be shown to a colleague."""
    return word.lower() in vulgar_words()

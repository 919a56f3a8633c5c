"""Which words an example may show."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cache

from tokstat.io.files import PACKAGED_DATA

VULGAR = PACKAGED_DATA / "words" / "vulgar.txt.gz"
"""Single words, lower-cased, of the lists of dirty words by Shutterstock (npm naughty-words)."""


@cache
def vulgar_words() -> frozenset[str]:
    """Return the vulgar words of 23 languages."""
    return frozenset(gzip.decompress(VULGAR.read_bytes()).decode().split("\n"))


def presentable(words: Iterable[str]) -> Iterable[bool]:
    """Tell of each word whether an example may show it."""
    vulgar = vulgar_words()
    return (word.lower() not in vulgar for word in words)

"""Find the languages of a vocabulary, by a packaged index of frequent words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokstat.io.files import PACKAGED_DATA
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.hashing import LONGEST, hashes_of
from tokstat.words.scripts import ONE_CHARACTER_WORDS, UNSPACED

INDEX = PACKAGED_DATA / "words" / "index.npz"
"""Hashes of the 5,000 most frequent words of each of wordfreq's languages.

A word is left out of a language when another one uses it twice as often, or when the English list
knows it and it is not 100 times as frequent: every list from the web quotes English.
"""

LEAST_FOUND = 0.001
"""Least share of the alphabetic tokens that a language explains and no language before it."""

LEAST_NAMED = 0.005
"""The same share for a language that `--lang auto` takes."""


@dataclass(frozen=True)
class FoundLanguage:
    """Count the tokens that are frequent words of a language, and of no language before it."""

    language: str
    tokens: int


@dataclass(frozen=True, eq=False)
class _Index:
    """Hold sorted hashes, and for each its language and whether the word may stand bare."""

    hashes: NDArray[np.uint32]
    languages: NDArray[np.uint8]
    bare: NDArray[np.bool_]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LanguageWords:
    """Pair alphabetic tokens with the languages in which they are frequent words.

    The i-th pair is the alphabetic token `tokens[i]` (a place in `Vocabulary.alphabetic_rows`) and
    the language `names[languages[i]]`. A token without the word boundary is paired only with
    languages in which the word is seldom a part of others, unless its script writes no spaces.
    `starts` tells the pairs that need no such judgement.
    """

    tokens: NDArray[np.int64]
    languages: NDArray[np.uint8]
    starts: NDArray[np.bool_]
    names: tuple[str, ...]
    alphabetic: int

    def found(self, least: float = LEAST_FOUND) -> tuple[FoundLanguage, ...]:
        """Return the languages that explain a share of the alphabetic tokens, largest first.

        Each counts what no language before it explains, so that close languages are not all found
        for the words that they share. Only tokens with the word boundary count, and those of
        scripts without spaces.
        """
        tokens, languages = self.tokens[self.starts], self.languages[self.starts]
        found = []
        while len(tokens):
            counts = np.bincount(languages, minlength=len(self.names))
            largest = int(counts.argmax())
            if counts[largest] < least * self.alphabetic:
                break
            found.append(FoundLanguage(self.names[largest], int(counts[largest])))
            explained = np.zeros(self.alphabetic, np.bool_)
            explained[tokens[languages == largest]] = True
            left = ~explained[tokens]
            tokens, languages = tokens[left], languages[left]
        return tuple(found)

    def of(self, languages: Collection[str]) -> NDArray[np.bool_]:
        """Return a mask of the alphabetic tokens that are words of some languages."""
        wanted = np.array([name in languages for name in self.names], np.bool_)
        mask = np.zeros(self.alphabetic, np.bool_)
        mask[self.tokens[wanted[self.languages]]] = True
        return mask


def language_words(vocabulary: Vocabulary) -> LanguageWords:
    """Look up every alphabetic token in the index of frequent words."""
    index = _index()
    # One call folds many words; the index has words as wordfreq folds them.
    words = [
        word if len(word) <= LONGEST else ""
        for word in "\n".join(vocabulary.words).casefold().split("\n")
    ]
    hashes = (hashes_of(words) >> np.uint64(32)).astype(np.uint32)
    first = np.searchsorted(index.hashes, hashes, side="left")
    counts = np.searchsorted(index.hashes, hashes, side="right") - first
    codes = vocabulary.word_codes
    tokens = np.repeat(np.arange(len(codes)), counts[codes])
    ends = np.cumsum(counts[codes])
    entries = np.arange(len(tokens)) - np.repeat(ends - counts[codes] - first[codes], counts[codes])

    rows = vocabulary.alphabetic_rows
    names = vocabulary.properties.script_names
    scripts = vocabulary.properties.script_codes[rows]
    unspaced = np.array([UNSPACED.issuperset(name.split("+")) for name in names], np.bool_)
    starts = vocabulary.starts_word[rows] | unspaced[scripts]
    single = np.array([ONE_CHARACTER_WORDS.issuperset(name.split("+")) for name in names])
    long_enough = (vocabulary.properties.lengths[rows] >= 2) | single[scripts]
    kept = (starts[tokens] | index.bare[entries]) & long_enough[tokens]
    tokens = tokens[kept]
    return LanguageWords(
        tokens, index.languages[entries[kept]], starts[tokens], index.names, len(codes)
    )


@cache
def _index() -> _Index:
    with np.load(INDEX) as content:
        hashes = content["hashes"]
        bare = np.unpackbits(content["bare"], count=len(hashes)).astype(np.bool_)
        return _Index(hashes, content["languages"], bare, tuple(content["names"].tolist()))

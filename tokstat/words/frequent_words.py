"""The most frequent words of a language, in lower case and in their usual case."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.settled_words import SettledWords
from tokstat.tokenizer.single_words import Coverage, NormalizedWords, bare_words, spaced_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import WordList
from tokstat.words.scripts import UNSPACED

FREQUENT_WORDS = 20_000
"""Number of a language's most frequent words that coverage encodes."""

Masks = tuple[NDArray[np.bool_], NDArray[np.bool_]]


@dataclass(frozen=True)
class FrequentWords:
    """Hold a language's most frequent words.

    `encoded` are all in lower case, then those whose usual form is another. `cased` are the places
    of the latter among the words.
    """

    language: str
    lower: list[str]
    usual: list[str]
    encoded: list[str]
    cased: NDArray[np.int64]
    is_spaced: bool

    @classmethod
    def of(cls, words: WordList) -> FrequentWords:
        """Take the most frequent words of a list, once for each list."""
        if words in _TAKEN:
            return _TAKEN[words]
        lower = words.top(FREQUENT_WORDS)
        usual = words.usual_forms(lower)
        cased = [place for place, word in enumerate(lower) if usual[place] != word]
        is_spaced = not words.scripts or not words.scripts <= UNSPACED
        encoded = [*lower, *(usual[place] for place in cased)]
        places = np.array(cased, np.int64)
        _TAKEN[words] = cls(words.language, lower, usual, encoded, places, is_spaced)
        return _TAKEN[words]

    def bare(
        self, tokenizer: Tokenizer, normal: NormalizedWords, settled: SettledWords | None = None
    ) -> NDArray[np.bool_]:
        """Return a mask of the encoded words, whose normal forms are given, that are one token."""
        return bare_words(tokenizer, normal, settled, boundary=self.is_spaced)

    def spaced(self, tokenizer: Tokenizer, settled: SettledWords | None = None) -> Masks:
        """Return masks of the encoded words, as `spaced_words` does.

        Words of a language without spaces are encoded only where there may be unknown tokens.
        """
        if not self.is_spaced and tokenizer.unknown_id is None:
            none = np.zeros(len(self.encoded), np.bool_)
            return none, none
        return spaced_words(tokenizer, self.encoded, settled)

    def coverage(
        self, bare: NDArray[np.bool_], spaced: NDArray[np.bool_]
    ) -> tuple[Coverage, Coverage]:
        """Return the coverage of the words in their usual case and in lower case."""
        if not self.is_spaced:
            spaced = bare
        count = len(self.lower)
        usual_bare, usual_spaced = self.usual_mask(bare), self.usual_mask(spaced)
        return (
            Coverage(self.language, self.usual, usual_bare, usual_spaced, self.is_spaced),
            Coverage(self.language, self.lower, bare[:count], spaced[:count], self.is_spaced),
        )

    def usual_mask(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the mask of the words in their usual case from that of the encoded words."""
        result: NDArray[np.bool_] = mask[: len(self.lower)].copy()
        result[self.cased] = mask[len(self.lower) :]
        return result


_TAKEN: WeakKeyDictionary[WordList, FrequentWords] = WeakKeyDictionary()
"""The words of lists that are still in use."""

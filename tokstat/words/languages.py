"""Find the languages of a vocabulary, by a packaged index of frequent words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tokstat.io.files import PACKAGED_DATA
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.hashing import hashes_of_lines
from tokstat.words.scripts import ONE_CHARACTER_WORDS, UNSPACED

INDEX = PACKAGED_DATA / "words" / "index.npz"
"""Hashes of the 10,000 most frequent words of each of wordfreq's languages, with their ranks.

A word is left out of a language when another one uses it twice as often, or when the English list
knows it and it is not 100 times as frequent: every list from the web quotes English.
"""

IS_BARE, IN_ENGLISH = 1 << 6, 1 << 7
"""Flags of an entry: seldom a part of other words; known to the English list. The rest of the
number is the place of its language."""

RANKS_IN_BAND = 50
"""Ranks are counted in bands of so many words."""

LEAST_FOUND = 0.001
"""Least share of the alphabetic tokens that a language explains and no language before it."""

LEAST_NAMED = 0.005
"""The same share for a language that `--lang auto` takes."""

_FINDING = 5_000
"""Ranks of the words by which languages are found."""

_OF_ANY, _OF_FOUND, _BARE = 5_800, 10_000, 1_000
"""Ranks of the words that count for any language, for one that was found, and for tokens without
the word boundary."""

_SHORTEST_BARE = 4

_BLOCK = 1 << 13
"""Words that are hashed together, which bounds the memory."""

_FEWEST_EXPLAINED = 2
"""Words that a language explains to be named: one alone may share its hash with another word."""


@dataclass(frozen=True)
class FoundLanguage:
    """Count the tokens that are frequent words of a language, and of no language before it."""

    language: str
    tokens: int


@dataclass(frozen=True, eq=False)
class _Index:
    """Hold sorted hashes, and for each the kind and the band of ranks."""

    hashes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    bands: NDArray[np.uint8]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LanguageWords:
    """Pair alphabetic tokens with the languages in which they are frequent words.

    The i-th pair is the alphabetic token `tokens[i]` (a place in `Vocabulary.alphabetic_rows`) and
    the language `names[languages[i]]`, in which the word has about the rank `ranks[i]`. A token
    without the word boundary is paired only with languages in which the word is among the 1,000
    most frequent, has four letters, and is seldom a part of others.

    `in_english` marks the words with the boundary that the English list knows. `telling` marks the
    pairs by which languages are found: words with the word boundary (or of scripts without spaces),
    of two characters or more, unknown to the English list.
    """

    tokens: NDArray[np.int64]
    languages: NDArray[np.uint8]
    ranks: NDArray[np.int32]
    in_english: NDArray[np.bool_]
    telling: NDArray[np.bool_]
    names: tuple[str, ...]
    alphabetic: int

    def found(self, least: float = LEAST_FOUND) -> tuple[FoundLanguage, ...]:
        """Return the languages that explain a share of the alphabetic tokens, largest first.

        Each counts what no language before it explains, so that close languages are not all found
        for the words that they share. Only `telling` pairs of the 5,000 most frequent words count.
        `least` is `LEAST_FOUND` or more.
        """
        return tuple(each for each in self._found if each.tokens >= least * self.alphabetic)

    @cached_property
    def _found(self) -> tuple[FoundLanguage, ...]:
        telling = self.telling & (self.ranks < _FINDING)
        return self._largest_first(telling, LEAST_FOUND * self.alphabetic)

    def explaining(
        self, chosen: NDArray[np.bool_], named: Collection[str]
    ) -> tuple[FoundLanguage, ...]:
        """Return the languages of some alphabetic tokens but for the named ones, largest first.

        `chosen` is a mask of the alphabetic tokens. Each language counts what none before it
        explains.
        """
        is_other = np.array([name not in named for name in self.names], np.bool_)
        return self._largest_first(
            chosen[self.tokens] & is_other[self.languages], _FEWEST_EXPLAINED
        )

    def _largest_first(self, counted: NDArray[np.bool_], least: float) -> tuple[FoundLanguage, ...]:
        tokens, languages = self.tokens[counted], self.languages[counted]
        found = []
        while len(tokens):
            counts = np.bincount(languages, minlength=len(self.names))
            largest = int(counts.argmax())
            if counts[largest] < least:
                break
            found.append(FoundLanguage(self.names[largest], int(counts[largest])))
            explained = np.zeros(self.alphabetic, np.bool_)
            explained[tokens[languages == largest]] = True
            left = ~explained[tokens]
            tokens, languages = tokens[left], languages[left]
        return tuple(found)

    def words_beside(self, named: Collection[str]) -> NDArray[np.bool_]:
        """Return a mask of the alphabetic tokens that are frequent words of unnamed languages.

        A language that was found counts with 10,000 words, any other with those of 5,800 that the
        English list lacks: most vocabularies have many pieces of English words.
        """
        found = {each.language for each in self.found()}
        ranks = np.array(
            [0 if name in named else _OF_FOUND if name in found else _OF_ANY for name in self.names]
        )
        mask = np.zeros(self.alphabetic, np.bool_)
        among = self.ranks < ranks[self.languages]
        is_found = np.array([name in found for name in self.names])[self.languages]
        mask[self.tokens[among & (is_found | ~self.in_english)]] = True
        return mask


_LOOKED_UP: WeakKeyDictionary[Vocabulary, LanguageWords] = WeakKeyDictionary()
"""What was looked up of vocabularies that are still in use."""


def language_words(vocabulary: Vocabulary) -> LanguageWords:
    """Look up every alphabetic token in the index of frequent words, once for each vocabulary."""
    found = _LOOKED_UP.get(vocabulary)
    if found is None:
        found = _LOOKED_UP[vocabulary] = _look_up(vocabulary)
    return found


def _look_up(vocabulary: Vocabulary) -> LanguageWords:
    index = _index()
    hashes = _hashes_of(vocabulary.words)
    # A search for sorted hashes goes through memory in one direction, which is far faster.
    order = np.argsort(hashes)
    first, after = np.zeros((2, len(hashes)), np.int64)
    first[order] = np.searchsorted(index.hashes, hashes[order], side="left")
    after[order] = np.searchsorted(index.hashes, hashes[order], side="right")
    counts = after - first
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
    lengths = vocabulary.properties.lengths[rows]
    long_enough = (lengths >= 2) | single[scripts]
    kinds, ranks = index.kinds[entries], index.bands[entries].astype(np.int32) * RANKS_IN_BAND
    may_be_bare = ((kinds & IS_BARE) > 0) & (ranks < _BARE) & (lengths[tokens] >= _SHORTEST_BARE)
    kept = (starts[tokens] | may_be_bare) & long_enough[tokens]
    tokens, kinds = tokens[kept], kinds[kept]
    in_english = (kinds & IN_ENGLISH) > 0
    return LanguageWords(
        tokens=tokens,
        languages=kinds & (IS_BARE - 1),
        ranks=ranks[kept],
        in_english=in_english & starts[tokens],
        telling=starts[tokens] & (lengths[tokens] >= 2) & ~in_english,
        names=index.names,
        alphabetic=len(codes),
    )


def _hashes_of(words: Sequence[str]) -> NDArray[np.uint32]:
    """Return the hashes of words as the index has them, folded as wordfreq folds them."""
    blocks = [np.zeros(0, np.uint32)]
    for start in range(0, len(words), _BLOCK):
        # One call folds many words.
        text = "\n".join([*words[start : start + _BLOCK], ""]).casefold()
        blocks.append((hashes_of_lines(text) >> np.uint64(32)).astype(np.uint32))
    return np.concatenate(blocks)


@cache
def _index() -> _Index:
    with np.load(INDEX) as content:
        names = tuple(content["names"].tolist())
        return _Index(content["hashes"], content["kinds"], content["bands"], names)

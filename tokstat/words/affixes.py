"""Learn which prefixes and suffixes of a language are productive, from a word list alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from unicodedata import category

import numpy as np

from tokstat.words.hashing import LONGEST, HashedWords, find

# Shorter stems are found by accident: most strings of three or four letters are some name or word.
MIN_STEM = 5
# As long as "ization"; a longer affix is a sequence of shorter ones.
MAX_AFFIX = 7
# Fewer derived words do not show a pattern.
MIN_DERIVED = 5
# The least share of derived words among all with this beginning or ending: the 5% of RePortS.
MIN_SHARE = 0.05
# Normal deviate of the share's two-sided 95% confidence interval.
DEVIATE = 1.96
# One letter next to the split more often than this may belong to the affix: "live-r", "teach-er".
MAX_ONE_LETTER = 0.9
# Shorter affixes may be at both ends by accident, or be two affixes ("en": "enrich", "golden").
MIN_ELEMENT = 4
# An affix that is more often at the other end of words, relative to this end, is part of compounds.
MAX_OTHER_END = 0.25


@dataclass(frozen=True)
class Affixes:
    """Hold the productive affixes of a language.

    Affixes have two letters or more, lower-cased as in the word list. Match prefixes with tokens
    that start a word, and suffixes with tokens that continue one.
    """

    prefixes: frozenset[str]
    suffixes: frozenset[str]


def learn_affixes(words: Mapping[str, float]) -> Affixes:
    """Learn the productive affixes from known words, the most frequent word first.

    Only words (types) of letters and marks count, and only the order of the frequencies matters. A
    word derives from its stem by adding 1 to 7 letters, the first of which does not double the
    stem's. The stem is a more frequent word (Hay 2001) of at least 5 letters. A word with several
    derivations counts for the affix with the most words.

    An affix is productive (realised productivity: Baayen 2009) when at least 5 words count for it,
    and they are at least 5% of the words that begin or end with it. The share is the lower end of
    the Wilson (1927) interval; the 5% are those of RePortS (Keshava and Pitler 2006). An affix is
    refused when one letter is nearly always next to it, so that the split is wrong (Harris 1955).
    An affix of 4 letters or more is refused when it also derives words at the other end, as parts
    of compounds do ("house"). Two productive affixes in a row ("er" + "s") are an affix when the
    whole derives 5 words, like the suffix sequences of Goldsmith (2001).

    Endings of stems that are not words (German "-ung", Spanish "-ando") are not found.

    Sources: Baayen, Corpus linguistics in morphology, Corpus Linguistics 2 (de Gruyter 2009);
    Goldsmith, Computational Linguistics 27:153; Harris, Language 31:190; Hay, Linguistics 39:1041;
    Keshava and Pitler, PASCAL Morpho Challenge 2005; Wilson, J. Am. Stat. Assoc. 22:209.
    """
    alphabetic = [
        word
        for word in words
        if MIN_STEM <= len(word) <= LONGEST
        and (word.isalpha() or all(category(letter)[0] in "LM" for letter in word))
    ]
    if not alphabetic:
        return Affixes(frozenset(), frozenset())
    table = HashedWords(alphabetic)
    prefixes, suffixes = _count(table, prefix=True), _count(table, prefix=False)
    return Affixes(_productive(prefixes, suffixes), _productive(suffixes, prefixes))


@dataclass(frozen=True)
class _Counts:
    """Count words by affix, at one end of the word."""

    derived: dict[str, int]  # words with this derivation, if 2 or more
    won: dict[str, int]  # words that count for this affix, if MIN_DERIVED or more
    written: dict[str, int]  # words with these letters at this end, derived or not
    one_letter: dict[str, int]  # words won with the most frequent stem letter next to the split


def _count(words: HashedWords, prefix: bool) -> _Counts:
    size, row = np.nonzero(words.lengths >= np.arange(1, MAX_AFFIX + 1)[:, None] + MIN_STEM)
    size += 1
    at = size if prefix else words.lengths[row] - size
    head, rest = words.split(row, at)
    every, stem = (head, rest) if prefix else (rest, head)
    kept, place = find(stem, words.hashes[words.order])
    kept = kept[words.order[place] < row[kept]]
    before, after = words.codes[at[kept] - 1, row[kept]], words.codes[at[kept], row[kept]]
    letter = (after if prefix else before)[before != after].astype(np.int64)
    kept = kept[before != after]
    row, size = row[kept], size[kept]

    keys, first, key = np.unique(every[kept], return_index=True, return_inverse=True)
    derived = np.bincount(key, minlength=len(keys))
    score = np.zeros((MAX_AFFIX + 1, len(words.words)), np.int64)
    score[size, row] = derived[key]
    best = size == score.argmax(axis=0)[row]  # the shortest affix, when equal
    won = np.bincount(key[best], minlength=len(keys))
    pairs, repeats = np.unique(key[best] << 32 | letter[best], return_counts=True)
    one_letter = np.zeros(len(keys), np.int64)
    np.maximum.at(one_letter, pairs >> 32, repeats)
    frequent = np.flatnonzero(won >= MIN_DERIVED)
    written = np.zeros(len(keys), np.int64)
    if len(frequent):
        _, place = find(every, keys[frequent])
        written[frequent] = np.bincount(place, minlength=len(frequent))

    names: dict[int, str] = {}
    for k in np.flatnonzero(derived >= 2).tolist():
        word, length = words.words[row[first[k]]], size[first[k]]
        names[k] = word[:length] if prefix else word[-length:]
    return _Counts(
        {name: int(derived[k]) for k, name in names.items()},
        *({names[k]: int(of[k]) for k in frequent.tolist()} for of in (won, written, one_letter)),
    )


def _productive(here: _Counts, there: _Counts) -> frozenset[str]:
    simple = {
        affix
        for affix, won in here.won.items()
        if _lower_bound(won, here.written[affix]) >= MIN_SHARE
        and here.one_letter[affix] <= MAX_ONE_LETTER * won
        and (len(affix) < MIN_ELEMENT or there.derived.get(affix, 0) <= MAX_OTHER_END * won)
    }
    sequences = {
        affix
        for affix, derived in here.derived.items()
        if derived >= MIN_DERIVED
        and any(affix[:i] in simple and affix[i:] in simple for i in range(1, len(affix)))
    }
    return frozenset(affix for affix in simple | sequences if len(affix) > 1)


def _lower_bound(hits: int, trials: int) -> float:
    """Return the lower end of the Wilson interval of a share."""
    share, square = hits / trials, DEVIATE**2 / trials
    spread = sqrt(square * share * (1 - share) + square**2 / 4)
    return (share + square / 2 - spread) / (1 + square)

"""The word class of each token: a whole word, an affix, a fragment, and so on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.affixes import Affixes
from tokstat.words.languages import LanguageWords
from tokstat.words.lexicon import KNOWN_ZIPF, Known, Lexicon
from tokstat.words.scripts import ONE_CHARACTER_WORDS, UNSPACED

WORD_CLASSES = (
    "not_alphabetic",
    "other_script",
    "whole_word",
    "affix",
    "bare_word",
    "single_letter",
    "other_language",
    "joined_words",
    "fragment",
)
"""Every class of a token; class codes index this tuple. Definitions in `classify_tokens`."""

(
    _NOT_ALPHABETIC,
    _OTHER_SCRIPT,
    _WHOLE,
    _AFFIX,
    _BARE,
    _SINGLE,
    _OTHER_LANGUAGE,
    _JOINED,
    _FRAGMENT,
) = range(len(WORD_CLASSES))

_SHORTEST_JOINED = 4
"""Least letters of a word that is joined to others without a capital."""

_SHORTEST_CAPITALISED = 3
"""Least letters of a joined word that a capital sets apart."""

_JOINED_ZIPF = 3.5
"""Least Zipf frequency of a joined word: once in 300,000 words."""

_HAN = frozenset({"Han"})

_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def in_script_mask(vocabulary: Vocabulary, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Return a mask of the alphabetic tokens in the scripts of the lexicon's languages.

    Shape (number of alphabetic tokens,), in the order of `Vocabulary.alphabetic_rows`.
    """
    codes = vocabulary.properties.script_codes[vocabulary.alphabetic_rows]
    return _any_of(codes, vocabulary.properties.script_names, lexicon.scripts)


def classify_tokens(
    vocabulary: Vocabulary, lexicon: Lexicon, known: Known, others: LanguageWords
) -> NDArray[np.uint8]:
    """Return the class code of every token, shape (n,): the first class that fits, in this order.

    - `not_alphabetic`: not a content token of letters and marks only.
    - `other_script`: has a letter outside the scripts of the lexicon's languages.
    - `whole_word`: has the word boundary, is known, and has at least two characters. Its standalone
      share is at least 0.02, or it is in capitals: `SHA` is not the beginning of `shall`. In
      scripts without spaces every known word is whole; in Han and Kana one character suffices.
    - `affix`: a productive suffix on a token that continues a word, or a productive prefix on a
      token that starts a word.
    - `bare_word`: a known word without the word boundary. Its standalone share is at least 0.05.
      Being known is not enough: word lists from the web know nearly every string of two or three
      letters (`ect` has Zipf 3.1).
    - `single_letter`: one character.
    - `other_language`: a frequent word of another language found in the vocabulary; without the
      word boundary its standalone share there must be at least 0.05.
    - `joined_words`: nothing but two or more frequent words of the lexicon, of three letters or
      more and with capitals between them (`ByteString`), or of four or more (`firewall`). In a
      language written in Han alone one character suffices (`的天堂`).
    - `fragment`: all others.

    The standalone share of a string is its own frequency over the frequency of all known words that
    hold it where the token could stand: as their beginning if the token has the word boundary,
    anywhere else in them if not. `thur` is known, and nearly always the end of Arthur: 0.01.

    `known` and `others` are what the lexicon and the index know of the vocabulary's words.
    """
    rows = vocabulary.alphabetic_rows
    names = vocabulary.properties.script_names
    scripts = vocabulary.properties.script_codes[rows]
    codes, starts = vocabulary.word_codes, vocabulary.starts_word[rows]
    long_enough = (vocabulary.properties.lengths[rows] >= 2) | _any_of(
        scripts, names, ONE_CHARACTER_WORDS
    )
    unspaced = _any_of(scripts, names, UNSPACED)
    is_known = (known.zipf >= KNOWN_ZIPF)[codes]
    begins = known.whole[codes]
    unsure = np.flatnonzero(is_known & ~begins)
    begins[unsure] = _in_capitals(vocabulary, rows[unsure])
    whole = long_enough & np.where(unspaced, is_known, starts & begins)
    bare = long_enough & ~unspaced & ~starts & known.bare[codes]

    classes = np.full(len(rows), _FRAGMENT, np.uint8)
    classes[others.words_beside(lexicon.languages)] = _OTHER_LANGUAGE
    classes[vocabulary.properties.lengths[rows] < 2] = _SINGLE
    classes[bare] = _BARE
    classes[_affix_mask(vocabulary, starts, lexicon.affixes)] = _AFFIX
    classes[whole] = _WHOLE
    classes[~in_script_mask(vocabulary, lexicon)] = _OTHER_SCRIPT
    left = np.flatnonzero(classes == _FRAGMENT)
    classes[left[_joined(vocabulary, rows[left], lexicon)]] = _JOINED
    left = np.flatnonzero((classes == _FRAGMENT) & _any_of(scripts, names, _HAN))
    classes[left[_phrases(vocabulary, rows[left], lexicon)]] = _JOINED

    result = np.full(len(vocabulary), _NOT_ALPHABETIC, np.uint8)
    result[rows] = classes
    return result


def _in_capitals(vocabulary: Vocabulary, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return a mask of the tokens in some rows that have no lower-case letter."""
    result = ~vocabulary.properties.lowercase[rows]
    cased = np.flatnonzero(result).tolist()
    result[cased] = [(vocabulary.texts[rows[place]] or "").isupper() for place in cased]
    return result


@lru_cache(1)
def _parts(lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the words that may be joined to others, and how such words begin and end."""
    words = lexicon.frequent(_JOINED_ZIPF, _SHORTEST_CAPITALISED)
    first = frozenset(word[:_SHORTEST_JOINED] for word in words)
    return words, first, frozenset(word[-_SHORTEST_JOINED:] for word in words)


def _joined(vocabulary: Vocabulary, rows: NDArray[np.int64], lexicon: Lexicon) -> NDArray[np.bool_]:
    """Return a mask of the tokens in some rows that are words run together."""
    frequent, first, last = _parts(lexicon)

    def run_together(text: str) -> bool:
        """Return whether a lower-cased text is two or more words."""
        for at in range(_SHORTEST_JOINED, len(text) - _SHORTEST_JOINED + 1):
            rest = text[at:]
            if text[:at] in frequent and (rest in frequent or run_together(rest)):
                return True
        return False

    def is_joined(text: str) -> bool:
        if not text[1:].islower() and not text.isupper():
            humps = _HUMPS.findall(text)
            if len(humps) > 1 and sum(map(len, humps)) == len(text):
                return all(hump.lower() in frequent for hump in humps)
        lowered = text.lower()
        if lowered[:_SHORTEST_JOINED] not in first or lowered[-_SHORTEST_JOINED:] not in last:
            return False  # most are not joined, and this sees it sooner
        return run_together(lowered)

    long_enough = vocabulary.properties.lengths[rows] >= 2 * _SHORTEST_CAPITALISED
    result = np.zeros(len(rows), np.bool_)
    result[long_enough] = [
        is_joined(vocabulary.texts[row] or "") for row in rows[long_enough].tolist()
    ]
    return result


def _phrases(
    vocabulary: Vocabulary, rows: NDArray[np.int64], lexicon: Lexicon
) -> NDArray[np.bool_]:
    """Return a mask of the tokens of Han in some rows that are words in a row.

    Japanese is left out: most of its characters are parts of words, though the list has them.
    """
    texts = [vocabulary.texts[row] or "" for row in rows.tolist()]
    result = np.zeros(len(rows), np.bool_)
    for words in lexicon.word_lists if texts else ():
        if words.scripts == _HAN:
            frequent = frozenset(word for word, zipf in words.zipf.items() if zipf >= _JOINED_ZIPF)
            result |= [_is_made_of(text, frequent) for text in words.forms(texts)]
    return result


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Return whether a text is nothing but words."""
    ends = [True]  # for each length, whether the beginning of that length is
    for end in range(1, len(text) + 1):
        ends.append(any(ends[start] and text[start:end] in words for start in range(end)))
    return ends[-1]


def _any_of(
    codes: NDArray[np.int16], names: Sequence[str], wanted: frozenset[str]
) -> NDArray[np.bool_]:
    """Return a mask of the tokens whose scripts are all among the wanted ones."""
    fits = np.array([set(name.split("+")) <= wanted for name in names], np.bool_)
    mask: NDArray[np.bool_] = fits[codes]
    return mask


def _affix_mask(
    vocabulary: Vocabulary, starts: NDArray[np.bool_], affixes: Affixes
) -> NDArray[np.bool_]:
    """Return a mask of suffixes that continue a word and prefixes that start one.

    Where the mark is on a word's last piece, the marked tokens may be suffixes instead.
    """
    suffix_side = starts if vocabulary.scheme.end else ~starts
    suffixes = _words_among(vocabulary, affixes.suffixes)
    prefixes = _words_among(vocabulary, affixes.prefixes)
    codes = vocabulary.word_codes
    mask: NDArray[np.bool_] = np.where(suffix_side, suffixes[codes], prefixes[codes])
    return mask


def _words_among(vocabulary: Vocabulary, wanted: frozenset[str]) -> NDArray[np.bool_]:
    """Return a mask of the vocabulary's `words` that are among the wanted ones."""
    mask = np.zeros(len(vocabulary.words), np.bool_)
    mask[[vocabulary.word_index[word] for word in wanted if word in vocabulary.word_index]] = True
    return mask

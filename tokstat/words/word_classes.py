"""The word class of each token: a whole word, an affix, a fragment, and so on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.affixes import Affixes
from tokstat.words.lexicon import KNOWN_ZIPF, Lexicon

WORD_CLASSES = (
    "not_alphabetic",
    "other_script",
    "whole_word",
    "affix",
    "bare_word",
    "single_letter",
    "fragment",
)
"""Every class of a token; class codes index this tuple. Definitions in `classify_tokens`."""

_NOT_ALPHABETIC, _OTHER_SCRIPT, _WHOLE, _AFFIX, _BARE, _SINGLE, _FRAGMENT = range(len(WORD_CLASSES))

_ONE_CHARACTER_WORDS = frozenset({"Han", "Hiragana", "Katakana"})
"""Scripts in which one character may be a word."""

UNSPACED = _ONE_CHARACTER_WORDS | {"Thai", "Lao", "Khmer", "Myanmar", "Tibetan"}
"""Scripts without spaces between words, whose words need no word boundary."""


def token_frequencies(vocabulary: Vocabulary, lexicon: Lexicon) -> NDArray[np.float32]:
    """Return the Zipf frequency of each alphabetic token's lower-cased text, 0 if unknown.

    Shape (number of alphabetic tokens,), in the order of `Vocabulary.alphabetic_rows`.
    """
    return np.array(lexicon.frequencies(vocabulary.words), np.float32)[vocabulary.word_codes]


def in_script_mask(vocabulary: Vocabulary, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Return a mask of the alphabetic tokens in the scripts of the lexicon's languages.

    Shape (number of alphabetic tokens,), in the order of `Vocabulary.alphabetic_rows`.
    """
    codes = vocabulary.properties.script_codes[vocabulary.alphabetic_rows]
    return _any_of(codes, vocabulary.properties.script_names, lexicon.scripts)


def classify_tokens(
    vocabulary: Vocabulary, lexicon: Lexicon, frequencies: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Return the class code of every token, shape (n,): the first class that fits, in this order.

    - `not_alphabetic`: not a content token of letters and marks only.
    - `whole_word`: has the word boundary, is known, and has at least two characters. One character
      suffices in Han and Kana, if the lexicon has a language in that script: an English list knows
      年 only from quotations.
    - `other_script`: has a letter outside the scripts of the lexicon's languages.
    - `affix`: a productive suffix on a token that continues a word, or a productive prefix on a
      token that starts a word.
    - `bare_word`: a known word without the word boundary. The vocabulary must also have the word
      with the boundary, unless its script has no spaces. Being known is not enough: word lists
      from the web know nearly every string of two or three letters (`ect` has Zipf 3.1).
    - `single_letter`: one character.
    - `fragment`: all others.
    """
    rows = vocabulary.alphabetic_rows
    names = vocabulary.properties.script_names
    scripts = vocabulary.properties.script_codes[rows]
    known = frequencies >= KNOWN_ZIPF
    starts = vocabulary.starts_word[rows]
    long_enough = (vocabulary.properties.lengths[rows] >= 2) | _any_of(
        scripts, names, _ONE_CHARACTER_WORDS & lexicon.scripts
    )
    whole = known & starts & long_enough
    in_script = in_script_mask(vocabulary, lexicon)

    classes = np.full(len(rows), _FRAGMENT, np.uint8)
    classes[vocabulary.properties.lengths[rows] < 2] = _SINGLE
    has_whole = np.zeros(len(vocabulary.words), np.bool_)
    has_whole[vocabulary.word_codes[whole]] = True
    unspaced = _any_of(scripts, names, UNSPACED)
    bare = known & ~starts & long_enough & (has_whole[vocabulary.word_codes] | unspaced)
    classes[bare] = _BARE
    classes[_affix_mask(vocabulary, starts, lexicon.affixes)] = _AFFIX
    classes[~in_script] = _OTHER_SCRIPT
    classes[whole] = _WHOLE

    result = np.full(len(vocabulary), _NOT_ALPHABETIC, np.uint8)
    result[rows] = classes
    return result


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

"""Tests of the frequent words in their usual case."""

import numpy as np

from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.affixes import Affixes
from tokstat.words.frequent_words import FrequentWords
from tokstat.words.lexicon import WordList
from tokstat.words.packaged import LearnedWords
from tokstat.words.standalone import SeldomAlone

NONE: frozenset[str] = frozenset()


def frequent(zipf: dict[str, float], cased: dict[str, str]) -> FrequentWords:
    learned = LearnedWords(Affixes(NONE, NONE), SeldomAlone(NONE, NONE), cased)
    return FrequentWords.of(WordList("test", zipf, "test", learned=learned))


def test_words_in_both_cases(modernbert: Tokenizer) -> None:
    words = frequent({"the": 7.0, "london": 5.0, "i": 4.0}, {"london": "London", "i": "I"})
    assert words.usual == ["the", "London", "I"]
    assert words.encoded == ["the", "london", "i", "London", "I"]
    usual, lower = words.coverage(np.array([1, 0, 1, 1, 1]) > 0, np.array([1, 1, 1, 1, 0]) > 0)
    assert usual.bare.tolist() == [True, True, True]
    assert usual.spaced.tolist() == [True, True, False]
    assert lower.bare.tolist() == [True, False, True]
    assert lower.words == ["the", "london", "i"]
    spaced, unknown = words.spaced(modernbert)
    assert spaced[3]
    assert not unknown.any()


def test_words_without_spaces_have_one_coverage() -> None:
    words = frequent({"中国": 5.0, "我们": 5.0}, {})
    assert not words.is_spaced
    usual, _ = words.coverage(np.array([True, False]), np.array([False, False]))
    assert usual.spaced.tolist() == usual.bare.tolist() == [True, False]
    assert not usual.is_spaced

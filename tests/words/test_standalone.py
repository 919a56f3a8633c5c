"""Tests of standalone shares, against a plain count."""

from itertools import pairwise

import pytest

from tokstat.words.lexicon import Lexicon
from tokstat.words.standalone import seldom_alone, standalone_shares

WORDS = {
    "arthur": 5.0,
    "thur": 3.0,
    "arth": 3.0,
    "banana": 4.0,
    "an": 5.5,
    "na": 2.5,
    "bananas": 3.0,
}


def plain_shares(word: str, zipf: dict[str, float]) -> tuple[float, float]:
    """Count the frequency of the words that begin with a string, and of those that hold it."""
    own = 10 ** zipf[word]
    beginning = sum(10**each for other, each in zipf.items() if other.startswith(word))
    inside = own + sum(10**each for other, each in zipf.items() if word in other[1:])
    return own / beginning, own / inside


def test_shares_are_those_of_a_plain_count() -> None:
    starting, inside = standalone_shares(list(WORDS), list(WORDS.values()))
    expected = [plain_shares(word, WORDS) for word in WORDS]
    assert list(zip(starting.tolist(), inside.tolist(), strict=True)) == [
        pytest.approx(pair) for pair in expected
    ]


def test_shares_on_a_real_list(english: Lexicon) -> None:
    zipf = dict(list(english.word_lists[0].zipf.items())[:3_000])
    words = [word for word in zipf if len(word) > 1]
    starting, inside = standalone_shares(words, [zipf[word] for word in words])
    for row in range(0, len(words), 97):
        long = {word: zipf[word] for word in words}
        assert (starting[row], inside[row]) == pytest.approx(plain_shares(words[row], long))


def test_the_packaged_words_are_those_of_the_list(english: Lexicon) -> None:
    words = english.word_lists[0]
    assert words.learned is not None
    assert words.learned.seldom_alone == seldom_alone(words.zipf)
    assert {"thur", "ect"} <= words.seldom_alone.inside
    assert "acknowledgements" not in words.seldom_alone.starting


def test_an_empty_list_has_none() -> None:
    assert not seldom_alone({"a": 3.0}).inside
    assert all(first != second for first, second in pairwise(WORDS))

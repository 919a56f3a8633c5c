"""Words found in a whole array are those that a regular expression finds one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import regex
import uniseg.wordbreak
from hypothesis import given, settings, strategies

from tests.corpus.adversarial import TEXTS, odd_texts
from tokstat.corpus.counting import word_definitions
from tokstat.corpus.counting.word_definitions import WORDS, words_named
from tokstat.corpus.safe_cuts.boundaries import code_points
from tokstat.errors import CorpusError

BRUTE = {
    "whitespace": r"\S+",
    "letters": r"[\p{L}\p{M}]+",
    "word-characters": r"\w+",
    "wordpunct": r"\w+|[^\w\s]+",
}

# Not of any characters: the libraries know different versions of Unicode.
WORD_TEXTS = strategies.one_of(
    odd_texts,
    strategies.lists(
        strategies.sampled_from(
            [*"aב1カ.,:'\"_ \n-", "\u00ad", "\u200d", "\u0301", "·", "🙂", "。"]
        ),
        max_size=14,
    ).map("".join),
)


def found(name: str, text: str) -> list[str]:
    spans = words_named(name).find(code_points(text))
    places = zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
    return [text[start:end] for start, end in places]


def unicode_words(text: str) -> list[str]:
    """Cut by uniseg, which follows UAX 29 rule by rule, and keep what holds a letter or number.

    (The boundaries of the regex library differ from UAX 29, as before a vowel after an apostrophe.)
    """
    parts = uniseg.wordbreak.words(text)
    return [part for part in parts if regex.search(r"[\p{Alphabetic}\p{N}]", part)]


@pytest.mark.parametrize(
    "examples",
    [
        300,
        pytest.param(3000, marks=pytest.mark.slow),
        pytest.param(100_000, marks=pytest.mark.exhaustive),
    ],
)
def test_unicode_words_of_random_texts(examples: int) -> None:
    @settings(max_examples=examples)
    @given(text=WORD_TEXTS)
    def check(text: str) -> None:
        assert found("unicode", text) == unicode_words(text)

    check()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_unicode_words(text: str) -> None:
    assert found("unicode", text) == unicode_words(text)


@pytest.mark.parametrize("name", BRUTE)
@given(text=WORD_TEXTS)
@settings(max_examples=100)
def test_other_words(name: str, text: str) -> None:
    assert found(name, text) == regex.findall(BRUTE[name], text)


def test_some_words_by_hand() -> None:
    text = "can't e-mail 3.14 1,000 a.b. U.S.A. foo_bar 汉字 カタカナ 's C++"
    assert found("unicode", text) == [
        *("can't", "e", "mail", "3.14", "1,000", "a.b", "U.S.A", "foo_bar"),
        *("汉", "字", "カタカナ", "s", "C"),
    ]


@pytest.mark.parametrize("name", WORDS)
@given(left=WORD_TEXTS, right=WORD_TEXTS)
@settings(max_examples=60)
def test_no_word_reaches_over_white_space(name: str, left: str, right: str) -> None:
    for white in (" ", "\n"):
        expected = found(name, left) + found(name, "x" + white + right)[1:]
        assert found(name, left + white + right) == expected or right[:1] in "\u0301\u200d\u00ad"


@pytest.mark.slow
def test_threads_that_find_words_at_once_find_the_same() -> None:
    """They learn characters together, of which each needs all properties."""
    texts = [chr(start) * 3 + " x" + chr(start + 1) for start in range(0xC0, 0x500, 4)] * 2
    for _ in range(3):
        expected = [found("unicode", text) for text in texts]
        for table in (word_definitions._BREAKS, word_definitions._SIMPLE, word_definitions._KNOWN):
            table[:] = 0
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda text: found("unicode", text), texts)) == expected


def test_no_words() -> None:
    assert found("none", "the people") == []
    assert "none" not in WORDS


def test_unknown_definition() -> None:
    with pytest.raises(CorpusError):
        words_named("morphemes")

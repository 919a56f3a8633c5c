"""Tests of single-token coverage against brute force, one word at a time."""

import numpy as np
import pytest
import tokenizers
import wordfreq
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import models, normalizers

from tests.conftest import load_known, wrap
from tokstat.tokenizer.single_words import (
    CARRIER,
    Convention,
    Coverage,
    NormalizedWords,
    _covered_words,
    count_tokens,
    join_coverage,
    single_token_words,
    spaced_spans,
    split_words,
)
from tokstat.tokenizer.tokenizer import Tokenizer

FREQUENT = wordfreq.top_n_list("en", 20_000)
LEXICON_WORDS = FREQUENT[:250] + FREQUENT[250::80]

OTHER_WORDS = ["'s", "\u0301a", "ﬁn", "㎏", "汉字", "的", *map(str.capitalize, LEXICON_WORDS[:50])]

words = st.lists(
    st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)
    | st.sampled_from(LEXICON_WORDS + OTHER_WORDS)
)


def is_one_token(tokenizer: Tokenizer, word: str, convention: Convention) -> bool:
    """Encode the one word, after the carrier or alone, and count the tokens that it takes."""
    before = f"{CARRIER} " if convention == "spaced" else ""
    encoding = tokenizer.backend.encode(before + word, add_special_tokens=False)
    spans = list(zip(encoding.ids, encoding.offsets, strict=True))
    if convention == "spaced":
        spans = [(token, span) for token, span in spans if span[1] > len(CARRIER)]
    return (
        not NormalizedWords.of(tokenizer, [word]).changed[0]
        and len(spans) == 1
        and spans[0][0] != tokenizer.unknown_id
        and (convention == "bare" or spans[0][1][0] >= len(CARRIER))
    )


@pytest.mark.parametrize("convention", ["bare", "spaced"])
def test_frequent_words(tokenizer: Tokenizer, convention: Convention) -> None:
    found = single_token_words(tokenizer, LEXICON_WORDS, convention)
    assert len(LEXICON_WORDS) == 497
    assert found.tolist() == [is_one_token(tokenizer, word, convention) for word in LEXICON_WORDS]
    assert found.any()


@pytest.mark.parametrize("convention", ["bare", "spaced"])
def test_any_words(tokenizer: Tokenizer, convention: Convention) -> None:
    @settings(max_examples=50, deadline=None)
    @given(words)
    def check(words: list[str]) -> None:
        found = single_token_words(tokenizer, words, convention)
        assert found.tolist() == [is_one_token(tokenizer, word, convention) for word in words]

    check()


@pytest.mark.parametrize("convention", ["bare", "spaced"])
def test_many_words(modernbert: Tokenizer, convention: Convention) -> None:
    """Words are encoded in batches, and the seams must not show."""
    found = single_token_words(modernbert, FREQUENT, convention)
    parts = [
        single_token_words(modernbert, FREQUENT[i : i + 97], convention)
        for i in range(0, len(FREQUENT), 97)
    ]
    assert found.tolist() == [yes for part in parts for yes in part.tolist()]


def test_the_leading_blank_makes_the_difference(modernbert: Tokenizer, bert: Tokenizer) -> None:
    assert single_token_words(modernbert, ["tiger", "tar"], "bare").tolist() == [False, True]
    assert single_token_words(modernbert, ["tiger", "tar"], "spaced").tolist() == [True, True]
    assert single_token_words(bert, ["tiger", "tar"], "bare").all()
    assert single_token_words(bert, ["tiger", "tar"], "spaced").all()


@pytest.mark.parametrize("convention", ["bare", "spaced"])
def test_no_words_and_no_tokens(bert: Tokenizer, convention: Convention) -> None:
    """A word that the normalizer takes away is no token, and neither is the unknown one."""
    assert single_token_words(bert, [], convention).tolist() == []
    assert single_token_words(bert, ["\u200b", "🦖", "the"], convention).tolist() == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("convention", ["bare", "spaced"])
def test_two_words_are_not_one_token(bert: Tokenizer, convention: Convention) -> None:
    """As in WordSim, where `formic_acid` is `formic acid`."""
    words = ["formic acid", "Pocket Monsters", "acid"]
    assert single_token_words(bert, words, convention).tolist() == [False, False, True]


def test_a_token_of_two_words_covers_neither(superword: Tokenizer) -> None:
    two_words = superword.backend.encode("the of the", add_special_tokens=False)
    assert two_words.tokens[-1] == "ĠofĠthe"
    found = single_token_words(superword, ["of", "the", "a", "of", "a", "the"], "spaced")
    assert found.tolist() == [False, False, True, True, True, True]
    assert single_token_words(superword, ["the", "of"], "spaced").tolist() == [True, True]
    assert single_token_words(superword, ["of", "the"], "bare").tolist() == [False, False]


def test_neighbours_cover_no_word(superword: Tokenizer) -> None:
    """Whatever stands beside it, a word that is cut up is never covered."""

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.sampled_from(["of", "the", "a", "off", "t", "fthe"]), min_size=1))
    def check(words: list[str]) -> None:
        covered = single_token_words(superword, words, "spaced")
        for word, is_covered in zip(words, covered, strict=True):
            assert is_covered <= is_one_token(superword, word, "spaced")

    check()


def test_pieces_of_a_word(modernbert: Tokenizer) -> None:
    def pieces(convention: Convention) -> list[str]:
        ids = split_words(modernbert, ["tiger"], convention)[0]
        return [modernbert.vocabulary[token].display for token in ids]

    assert pieces("bare") == ["t", "iger"]
    assert pieces("spaced") == ["·tiger"]


def test_spans_count_from_the_word(modernbert: Tokenizer, bert: Tokenizer) -> None:
    """The blank, where a token has it, is at -1."""
    (tiger,), (short, tail) = (
        spaced_spans(modernbert, ["tiger"])[0],
        spaced_spans(bert, ["tigerish"])[0],
    )
    assert tiger[1:] == (-1, 5)
    assert short[1:] == (0, 5)
    assert tail[1:] == (5, 8)
    assert spaced_spans(bert, []) == []


def test_tokens_are_counted(modernbert: Tokenizer) -> None:
    assert count_tokens(modernbert, ["tiger", "", " tiger tiger"]) == [2, 0, 2]


def test_coverage_of_languages_is_joined() -> None:
    masks = [np.array(each) for each in ([True, False], [False, True], [True], [False])]
    one = Coverage("en", ["a", "b"], masks[0], masks[1])
    two = Coverage("de", ["c"], masks[2], masks[3])
    joined = join_coverage([one, two])
    assert (joined.language, joined.words) == ("en+de", ["a", "b", "c"])
    assert joined.bare.tolist() == [True, False, True]
    assert joined.spaced.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("ids", "offsets", "unknown", "covered"),
    [
        ([7, 1], [(0, 3), (3, 6)], None, True),  # without an unknown token no id is one
        ([7, 1], [(0, 3), (3, 6)], 1, False),
        ([7, 8], [(0, 4), (4, 6)], None, True),  # the blank may be the carrier's
        ([7, 8], [(0, 5), (5, 6)], None, False),  # a letter may not
        ([7, 8], [(0, 3), (4, 7)], None, False),
        ([7], [(0, 6)], None, False),
        ([], [], None, False),
    ],
)
def test_a_word_is_one_token_of_its_own(
    ids: list[int], offsets: list[tuple[int, int]], unknown: int | None, covered: bool
) -> None:
    """The carrier and `ab`, laid out as `the ab`."""
    found, _ = _covered_words(["ab"], ids, offsets, unknown)
    assert found.tolist() == [covered]
    assert found.dtype == np.bool_


@pytest.mark.parametrize("convention", ["bare", "spaced"])
def test_masks_are_masks(modernbert: Tokenizer, convention: Convention) -> None:
    found = single_token_words(modernbert, ["X", "Xyzzyx"], convention)
    assert found.tolist() == [True, False]
    assert found.dtype == np.bool_


def test_a_carrier_without_tokens_hides_no_word() -> None:
    """The only token begins behind the carrier, as where a normalizer takes that away."""
    assert _covered_words(["ab"], [5], [(3, 6)], None)[0].tolist() == [True]
    masks = _covered_words(["ab", "cd"], [5, 6], [(3, 6), (6, 9)], 6)
    assert [mask.tolist() for mask in masks] == [[True, False], [False, True]]


def test_a_normalizer_with_an_expression_sees_one_word_at_a_time() -> None:
    """It may look at the neighbours, which words alone do not have."""
    model = models.WordLevel({"a": 0, "b": 1, "[UNK]": 2}, unk_token="[UNK]")
    backend = tokenizers.Tokenizer(model)
    backend.normalizer = normalizers.Replace(tokenizers.Regex("(?<=\n)b"), "c")
    found = single_token_words(wrap(backend, "neighbours"), ["a", "b", "c"], "bare")
    assert found.tolist() == [True, True, False]


@pytest.mark.parametrize("name", ["metaspace-prefix", "byte-level", "bert"])
def test_an_added_token_changes_nothing_of_the_next_word(name: str) -> None:
    """Words share a text, and a text may begin anew after an added token."""
    tokenizer = load_known(name)
    for number in sorted(tokenizer.added_ids):
        added = str(tokenizer.backend.id_to_token(number))
        words = [added, "0", "people", f"a{added}", "people"]
        found = single_token_words(tokenizer, words, "spaced")
        assert found.tolist() == [is_one_token(tokenizer, word, "spaced") for word in words]

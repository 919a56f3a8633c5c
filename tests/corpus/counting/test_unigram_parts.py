"""Parts of words have their tokens wherever they stand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies
from tokenizers import models

from tokstat.corpus.counting.unigram_parts import UnigramParts
from tokstat.corpus.safe_cuts.boundaries import code_points

VOCABULARY = [("<unk>", 0.0), ("a", -2.0), ("b", -2.1), ("c", -2.3), ("-", -1.7), ("d", -0.1)]
VOCABULARY += [("ab", -3.3), ("ba", -3.7), ("aba", -4.9), ("-c", -3.9), ("bb", -4.2), ("?", -3.0)]
MODEL = models.Unigram(VOCABULARY, 0)
PARTS = UnigramParts(MODEL)


def cut(word: str) -> list[str]:
    """Cut a word at all places."""
    places = [0, *PARTS.cuts(code_points(word)).nonzero()[0].tolist(), len(word)]
    return [word[start:end] for start, end in itertools.pairwise(places)]


def tokens(text: str) -> list[str]:
    return [token.value for token in MODEL.tokenize(text)]


@pytest.mark.parametrize(
    ("word", "parts"),
    [("ab-ba", ["ab", "-", "ba"]), ("a-c", ["a", "-c"]), ("cd", ["c", "d"]), ("axa", ["axa"])],
)
def test_no_token_spans_a_cut(word: str, parts: list[str]) -> None:
    assert cut(word) == parts


def test_equal_paths_decide_nothing() -> None:
    """`bb` scores as much as its letters do."""
    found = PARTS.are_decided(["bb", "abba", "ab", "-", "a?", "a\u00e9", "a" * 30])
    assert found.tolist() == [False, True, True, True, True, False, False]


@settings(max_examples=100, deadline=None)
@given(word=strategies.text("abc-d?", min_size=1, max_size=12))
def test_a_word_has_the_tokens_of_its_parts(word: str) -> None:
    first, *later = cut(word)
    if all(PARTS.are_decided(later)):
        assert tokens(word) == [token for part in (first, *later) for token in tokens(part)]


def test_neighbours_of_unknown_tokens_stay_together() -> None:
    """The library joins them to one."""
    model = models.Unigram([("?", -1.0), ("a", -2.0)], 0)
    assert [token.value for token in model.tokenize("??")] == ["??"]
    assert not UnigramParts(model).cuts(code_points("??")).any()

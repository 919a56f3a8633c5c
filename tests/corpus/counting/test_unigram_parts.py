"""Parts of words have their tokens wherever they stand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from tokenizers import models

from tokstat.corpus.counting.unigram_parts import UnigramParts
from tokstat.corpus.safe_cuts.boundaries import code_points

VOCABULARY = [("<unk>", 0.0), ("a", -2.0), ("b", -2.1), ("c", -2.3), ("-", -1.7), ("d", -0.1)]
VOCABULARY += [("ab", -3.3), ("ba", -3.7), ("aba", -4.9), ("-c", -3.9), ("bb", -4.2), ("?", -3.0)]
VOCABULARY += [("bbc", -1.0)]
MODEL = models.Unigram(VOCABULARY, 0)
PARTS = UnigramParts(MODEL)


def cut(word: str) -> list[str]:
    """Cut a word at all places."""
    places = [0, *PARTS.cuts(code_points(word)).nonzero()[0].tolist(), len(word)]
    return [word[start:end] for start, end in itertools.pairwise(places)]


def encoded(parts: list[str]) -> list[list[str]]:
    """Return the tokens of each part, none where rounding may decide."""
    ids, counts = PARTS.encode(code_points("".join(parts)), np.cumsum([0, *map(len, parts)]))
    ends = np.cumsum(counts).tolist()
    names = [VOCABULARY[number][0] for number in ids.tolist()]
    return [names[start:end] for start, end in itertools.pairwise([0, *ends])]


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
    parts = ["bb", "abba", "ab", "", "-", "a?", "a\u00e9", "a" * 65]
    assert encoded(parts) == [[], ["ab", "ba"], ["ab"], [], ["-"], ["a", "?"], [], []]


def test_equal_paths_beside_the_best_do_no_harm() -> None:
    """The best path of `bbc` does not stop after `bb`."""
    assert encoded(["bbc"]) == [tokens("bbc")] == [["bbc"]]


@settings(max_examples=100, deadline=None)
@given(word=strategies.text("abc-d?", min_size=1, max_size=12))
def test_a_word_has_the_tokens_of_its_parts(word: str) -> None:
    parts = encoded(cut(word))
    if all(parts):
        assert tokens(word) == [token for part in parts for token in part]


def test_neighbours_of_unknown_tokens_stay_together() -> None:
    """The library joins them to one."""
    model = models.Unigram([("?", -1.0), ("a", -2.0)], 0)
    assert [token.value for token in model.tokenize("??")] == ["??"]
    parts = UnigramParts(model)
    assert not parts.cuts(code_points("??")).any()
    ids, counts = parts.encode(code_points("??a?a"), np.array([0, 2, 5]))
    assert (ids.tolist(), counts.tolist()) == ([1, 0, 1], [0, 3])

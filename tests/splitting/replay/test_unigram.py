"""Unigram, replayed against the library on scores drawn at random."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models

from tokstat.splitting.replay.unigram import UnigramModel

PIECES = ["a", "b", "ab", "ba", "aab", "abb", "bab", "abab", "é", "<0xC3>", "<0xA8>"]


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, unique=True),
    st.data(),
    st.booleans(),
    st.text("abéè", min_size=1, max_size=12),
)
def test_it_splits_as_the_library(
    pieces: list[str], data: st.DataObject, falls_back: bool, text: str
) -> None:
    # Of quarters sums are exact, and so equal scores are frequent.
    scores = [data.draw(st.integers(-16, -1)) / 4 for _ in pieces]
    vocabulary = [("<unk>", 0.0), *zip(pieces, scores, strict=True)]
    library = models.Unigram(vocabulary, 0, falls_back)
    trace = UnigramModel(vocabulary, 0, falls_back).trace(text)
    assert list(trace.ids) == [token.id for token in library.tokenize(text)]
    assert "".join(trace.best.tokens) == text
    if trace.runner_up is not None:
        assert trace.runner_up.score <= trace.best.score
        assert trace.runner_up.tokens != trace.best.tokens


@given(
    st.lists(st.integers(-40, -1), min_size=8, max_size=8), st.text("ab", min_size=1, max_size=8)
)
def test_the_best_two_paths_are_the_best_of_all(numbers: list[int], text: str) -> None:
    vocabulary = [("<unk>", 0.0), *zip(PIECES[:8], map(float, numbers), strict=True)]
    score_of = dict(vocabulary)
    trace = UnigramModel(vocabulary, 0).trace(text)
    scores = sorted(
        (
            sum(score_of[part] for part in parts)
            for parts in _ways(text)
            if score_of.keys() >= {*parts}
        ),
        reverse=True,
    )
    assert trace.best.score == pytest.approx(scores[0])
    assert (trace.runner_up is None) == (len(scores) == 1)
    if trace.runner_up is not None:
        assert trace.runner_up.score == pytest.approx(scores[1])


def _ways(text: str) -> list[list[str]]:
    """Return all ways to split a text."""
    ways = []
    for marks in product([False, True], repeat=len(text) - 1):
        parts = [text[0]]
        for letter, is_split in zip(text[1:], marks, strict=True):
            if is_split:
                parts.append(letter)
            else:
                parts[-1] += letter
        ways.append(parts)
    return ways


def test_unknown_characters_beside_one_another_become_one_unknown_token() -> None:
    trace = UnigramModel([("<unk>", 0.0), ("a", -1.0)], 0).trace("xyaz")
    assert trace.tokens == ("<unk>", "a", "<unk>")
    assert trace.ids == (0, 1, 0)
    assert trace.best.tokens == ("xy", "a", "z")


def test_an_empty_piece_has_no_tokens() -> None:
    assert UnigramModel([("<unk>", 0.0)], 0).trace("").ids == ()

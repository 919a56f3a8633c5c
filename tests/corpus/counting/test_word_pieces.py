"""Words have the tokens that the library's models give them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from tokenizers import models

from tokstat.corpus.counting.word_pieces import WordPieces
from tokstat.corpus.safe_cuts.boundaries import code_points

WORDS = ["[UNK]", "a", "ab", "abc", "b", "##b", "##bc", "##c", "##\u00e9", "##", "#"]
VOCABULARY = {word: 3 * number for number, word in enumerate(WORDS)}

MODELS: dict[str, models.WordPiece | models.WordLevel] = {
    "prefix": models.WordPiece(VOCABULARY, unk_token="[UNK]", max_input_chars_per_word=8),
    "no-prefix": models.WordPiece(VOCABULARY, unk_token="[UNK]", continuing_subword_prefix=""),
    "other-prefix": models.WordPiece(VOCABULARY, unk_token="b", continuing_subword_prefix="@"),
    "words": models.WordLevel(VOCABULARY, "[UNK]"),
}


def encoded(model: models.WordPiece | models.WordLevel, words: list[str]) -> list[list[int]]:
    """Return the ids of each word."""
    bounds = np.cumsum([0, *map(len, words)])
    ids, counts = WordPieces(model).encode(code_points("".join(words)), bounds)
    return [part.tolist() for part in np.split(ids, np.cumsum(counts)[:-1])]


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=100, deadline=None)
@given(
    words=strategies.lists(
        strategies.text("abc#\u00e9z", min_size=1, max_size=10), min_size=1, max_size=20
    )
)
def test_words_have_the_ids_of_the_library(name: str, words: list[str]) -> None:
    expected = [[token.id for token in MODELS[name].tokenize(word)] for word in words]
    assert encoded(MODELS[name], words) == expected


def test_a_model_without_its_unknown_token_leaves_words_out() -> None:
    """The library is asked about them, and fails."""
    model = models.WordPiece({"a": 0, "##b": 1}, unk_token="[UNK]")
    assert encoded(model, ["ab", "ac", "", "a"]) == [[0, 1], [], [], [0]]

"""WordPiece, replayed against the library on vocabularies drawn at random."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models

from tokstat.errors import EncodingError
from tokstat.splitting.replay.wordpiece import WordPieceModel

TOKENS = st.lists(st.text("ab", min_size=1, max_size=3), max_size=8, unique=True)


@given(TOKENS, TOKENS, st.sampled_from(["##", ""]), st.text("abc", min_size=1, max_size=9))
def test_it_splits_as_the_library(
    whole: list[str], inside: list[str], continuation: str, piece: str
) -> None:
    tokens = dict.fromkeys(["[UNK]", *whole, *(continuation + token for token in inside)])
    vocabulary = {token: number for number, token in enumerate(tokens)}
    library = models.WordPiece(
        vocabulary,
        unk_token="[UNK]",
        continuing_subword_prefix=continuation,
        max_input_chars_per_word=8,
    )
    trace = WordPieceModel(vocabulary, "[UNK]", continuation, 8).trace(piece)
    assert list(trace.ids) == [token.id for token in library.tokenize(piece)]
    assert trace.is_too_long == (len(piece) > 8)
    if not trace.is_too_long and trace.tokens != ("[UNK]",):
        assert trace.tokens == tuple(candidates[-1] for candidates in trace.tried)


def test_it_names_the_candidates_longest_first() -> None:
    model = WordPieceModel({"[UNK]": 0, "a": 1, "##b": 2}, "[UNK]", "##", 100)
    assert model.trace("ab").tried == (("ab", "a"), ("##b",))
    assert model.trace("ac").tried == (("ac", "a"), ("##c",))
    assert model.trace("ac").ids == (0,)


def test_the_unknown_token_is_needed_only_where_it_is_used() -> None:
    model = WordPieceModel({"a": 0}, "[UNK]", "##", 100)
    assert model.trace("a").ids == (0,)
    with pytest.raises(EncodingError):
        model.trace("b")

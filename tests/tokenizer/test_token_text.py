"""Tokens decoded one by one are those of the vocabulary, which decodes all at once."""

from __future__ import annotations

import pytest

from tests.conftest import load_known
from tokstat.tokenizer.token_text import count_stored
from tokstat.tokenizer.tokenizer import Tokenizer


def test_every_token_is_decoded_as_in_the_vocabulary(tokenizer: Tokenizer) -> None:
    vocabulary = tokenizer.vocabulary
    shown = vocabulary.displays(list(range(len(vocabulary))))
    differing = [
        (token, found)
        for token, display in zip(vocabulary, shown, strict=True)
        if (found := tokenizer.token_texts[token.id])
        and (found.token, found.display, found.kind, found.is_added)
        != (token.token, display, token.kind, token.rank is None)
    ]
    assert differing == []


def test_the_tokens_of_one_byte_are_those_of_the_vocabulary(tokenizer: Tokenizer) -> None:
    vocabulary = tokenizer.vocabulary
    assert tokenizer.token_texts.byte_ids == vocabulary.ids[vocabulary.kind("byte")].tolist()


def test_the_number_of_tokens_is_the_library_s(tokenizer: Tokenizer) -> None:
    size = tokenizer.backend.get_vocab_size(with_added_tokens=True)
    assert count_stored(tokenizer.backend) == size


def test_a_space_shows_in_text_where_it_is_part_of_the_token(
    modernbert: Tokenizer, bert: Tokenizer
) -> None:
    word = modernbert.token_texts[39121]
    assert (word.display, word.in_text) == ("·tiger", "·tiger")
    word = bert.token_texts[bert["tiger"].id]
    assert (word.display, word.in_text) == ("·tiger", "tiger")


def test_an_id_without_a_token_is_unknown() -> None:
    bert = load_known("bert")
    assert 0 in bert.token_texts
    assert 30522 not in bert.token_texts
    with pytest.raises(KeyError):
        bert.token_texts[30522]


def test_a_tokenizer_is_read_by_token_and_by_id(modernbert: Tokenizer) -> None:
    assert len(modernbert) == 50_368
    assert modernbert["·tiger"].id == modernbert["Ġtiger"].id == modernbert[39121].id == 39121
    assert "·tiger" in modernbert
    assert "tiger" not in modernbert
    assert 39121 not in modernbert
    with pytest.raises(KeyError):
        modernbert["tiger"]
    assert modernbert.encode("tiger") == [85, 8047]
    assert modernbert.encode("tiger", special=True) == [50281, 85, 8047, 50282]
    assert modernbert.decode([85, 8047]) == "tiger"
    assert next(iter(modernbert)).id == 0

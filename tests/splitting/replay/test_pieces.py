"""Pieces of a text, with their places in it."""

from __future__ import annotations

import pytest
from tokenizers import Regex, normalizers, pre_tokenizers

from tokstat.errors import EncodingError
from tokstat.splitting.replay.pieces import Pieces, TextPiece, texts_of


def test_pieces_keep_their_places_in_the_given_text() -> None:
    pieces = Pieces("xx Éa bcyy", 3, 8)
    pieces.normalize(normalizers.NFD())
    pieces.normalize(normalizers.StripAccents())
    assert pieces.text == "Ea bc"
    pieces.pre_tokenize(pre_tokenizers.WhitespaceSplit())
    assert pieces.now == (TextPiece("Ea", 3, 5), TextPiece("bc", 6, 8))
    assert texts_of(pieces.now) == ("Ea", "bc")


def test_a_part_is_taken_by_characters_of_the_normalized_text() -> None:
    pieces = Pieces("x½ yz", 1, 5)
    pieces.normalize(normalizers.NFKD())
    assert pieces.text == "1⁄2 yz"
    assert pieces.between(4, 5).now == (TextPiece("y", 3, 4),)


def test_a_pattern_that_fails_is_an_error_of_ours() -> None:
    pieces = Pieces("a" * 60 + "b", 0, 61)
    step = pre_tokenizers.Split(Regex(r"(a+)+$"), "isolated")
    with pytest.raises(EncodingError, match="pre-tokenizer"):
        pieces.pre_tokenize(step)

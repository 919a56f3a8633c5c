"""One text as one tokenizer splits it: ids, places, kinds and classes."""

from __future__ import annotations

import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings, strategies
from tokenizers import decoders, models, normalizers, pre_tokenizers

from tests.conftest import load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.errors import EncodingError
from tokstat.splitting.panel import PANEL
from tokstat.splitting.split import MOST_CHARACTERS, split_text, split_texts
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon

TEXT = "The tiger's naïve 🙂 汉字"


@pytest.mark.parametrize("special", [False, True])
def test_the_ids_are_the_encoders(tokenizer: Tokenizer, special: bool) -> None:
    for text in PANEL.values():
        split = split_text(tokenizer, text, special=special)
        assert split.ids == tokenizer.encode(text, special=special)
        assert len(split) == len(split.ids)


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(name=strategies.sampled_from([*SMALL, "bert", "modernbert"]), text=strategies.text())
def test_places_are_in_the_text(name: str, text: str) -> None:
    text = text.replace("\0", "")
    data = text.encode()
    for token in split_text(load_known(name), text).tokens:
        assert 0 <= token.start <= token.end <= len(text)
        assert data[token.byte_start : token.byte_end].decode() == text[token.start : token.end]


def test_tokens_of_a_part_of_a_character_span_it(modernbert: Tokenizer) -> None:
    split = split_text(modernbert, "a汉")
    places = [(each.start, each.end, each.byte_start, each.byte_end) for each in split]
    assert places[0] == (0, 1, 0, 1)
    assert set(places[1:]) == {(1, 2, 1, 4)}
    assert [each.kind for each in split] == ["text", "partial", "byte"]


@pytest.mark.parametrize(
    ("normalizer", "text", "place"),
    [
        (normalizers.NFC(), "xe\u0301y", (1, 3)),
        (normalizers.NFC(), "x\u1112\u1161\u11aby", (1, 4)),
        (normalizers.StripAccents(), "xe\u0301y", (1, 3)),
        (normalizers.NFKC(), "x\ufb01y", (1, 2)),
        (normalizers.NFD(), "x\u00e9y", (1, 2)),
    ],
)
def test_places_are_of_the_given_text_whatever_the_normalizer(
    normalizer: normalizers.Normalizer, text: str, place: tuple[int, int]
) -> None:
    alphabet = {each: number for number, each in enumerate(pre_tokenizers.ByteLevel.alphabet())}
    backend = tokenizers.Tokenizer(models.BPE(alphabet, []))
    backend.normalizer = normalizer
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    split = split_text(wrap(backend, "bytes"), text)
    first, *inside, last = ((each.start, each.end) for each in split)
    assert (first, last) == ((0, 1), (len(text) - 1, len(text)))
    assert min(start for start, _ in inside) == place[0]
    assert max(end for _, end in inside) == place[1]


def test_inserted_tokens_have_no_place(bert: Tokenizer) -> None:
    split = split_text(bert, "tiger [MASK]", special=True)
    assert [each.is_inserted for each in split] == [True, False, False, True]
    assert [each.is_special for each in split] == [True, False, True, True]
    assert (split.tokens[0].start, split.tokens[0].byte_end) == (-1, -1)
    assert (split.tokens[2].start, split.tokens[2].end) == (6, 12)


def test_unknown_tokens_are_counted(bert: Tokenizer) -> None:
    assert split_text(bert, "tiger \U0010ffff \U0010ffff").unknown == 2
    assert split_text(bert, TEXT).unknown == 3


def test_classes_are_looked_up_if_asked_for(modernbert: Tokenizer, english: Lexicon) -> None:
    split = split_text(modernbert, "tiger tiger 1", lexicon=english)
    assert [each.word_class for each in split] == [
        "single_letter",
        "other_language",
        "whole_word",
        "not_alphabetic",
    ]
    assert [each.label for each in split] == [
        "single_letter",
        "other_language",
        "whole_word",
        "text",
    ]
    assert {each.word_class for each in split_text(modernbert, TEXT)} == {""}


def test_a_split_is_data(modernbert: Tokenizer) -> None:
    split = split_text(modernbert, "tiger")
    assert "2 tokens t|iger" in repr(split)
    assert split.to_dict()["tokens"][1]["id"] == 8047
    assert split.to_table().columns["id"] == (85, 8047)
    assert len(repr(split_text(modernbert, TEXT * 50))) < 200


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a\ud800", "lone surrogate at character 1"),
        ("ab\0", "NUL character at character 2"),
        ("a" * (MOST_CHARACTERS + 1), "1,000,001 characters"),
    ],
)
def test_what_is_no_text_is_refused(bert: Tokenizer, text: str, problem: str) -> None:
    with pytest.raises(EncodingError, match=problem):
        split_texts(bert, ["fine", text])


def test_a_tokenizer_that_fails_is_an_error() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}, unk_token="[UNK]"))
    with pytest.raises(EncodingError, match="cannot encode"):
        split_text(wrap(backend, "broken"), "b")

"""The suite has what engines are known to get wrong, and is the same each time."""

from __future__ import annotations

import unicodedata

import pytest
from tokenizers import AddedToken

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.corpus.engines.suite import GENERATED, conformance_texts
from tokstat.text.utf8 import has_lone_surrogates
from tokstat.tokenizer.tokenizer import Tokenizer

pytestmark = pytest.mark.slow


def test_it_is_the_same_each_time(byte_level: Tokenizer) -> None:
    texts = conformance_texts(byte_level)
    assert texts == conformance_texts(byte_level)
    assert len(texts) > GENERATED
    assert not any(map(has_lone_surrogates, texts))


def test_it_has_every_token_and_every_assigned_character(byte_level: Tokenizer) -> None:
    texts = conformance_texts(byte_level)
    known = set(texts)
    tokens = [text for text in byte_level.vocabulary.texts if text]
    assert {*tokens, *(f" {text}" for text in tokens)} <= known
    characters = set().union(*texts)
    missing = {
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co") and chr(code) not in characters
    }
    assert missing == set()


def test_it_has_added_tokens_in_contexts() -> None:
    backend = SMALL["byte-level"]()
    backend.add_tokens([AddedToken("<odd>", single_word=True)])
    texts = conformance_texts(wrap(backend, "odd"))
    assert "<odd>" in texts
    assert any("a<odd>b" in text and "<odd><odd>" in text for text in texts)

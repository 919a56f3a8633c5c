"""SentencePiece models, held to the library that makes them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import wordfreq
from hypothesis import given, settings

from tests.loading.agreement import TEXTS, differences, ids_of, without
from tests.loading.conftest import (
    CONTROL_NAMES,
    OPTIONS,
    model_of,
    processor_of,
    rules,
)
from tests.samples import LANGUAGES, sample
from tests.sentencepiece_models import edited, processor
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Tokenizer]:
    @cache
    def by_name(name: str) -> Tokenizer:
        path = tmp_path_factory.mktemp("model") / "tokenizer.model"
        path.write_bytes(model_of(name))
        return load(path)

    return by_name


@pytest.mark.parametrize("name", OPTIONS)
def test_encodes_as_sentencepiece(name: str, loaded: Callable[[str], Tokenizer]) -> None:
    reference = processor(model_of(name))
    texts = without(sample(), CONTROL_NAMES)
    assert differences(loaded(name).backend, reference.encode, texts) == []


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("name", ["bpe like Llama's", "bpe like Gemma's", "unigram, bytes"])
def test_encodes_any_text_as_sentencepiece(
    name: str, loaded: Callable[[str], Tokenizer], text: str
) -> None:
    reference = processor_of(name)
    assert differences(loaded(name).backend, reference.encode, without([text], CONTROL_NAMES)) == []


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_rewrites_any_text_as_sentencepiece(loaded: Callable[[str], Tokenizer], text: str) -> None:
    """Where a mark stands on a letter that has one already, docs/formats.md names the limit."""
    reference = processor_of("unigram")
    normalizer = loaded("unigram").backend.normalizer
    if _joins_further(rules().normalize(text)) or "\ufdd0" in text:
        return
    assert normalizer.normalize_str(text) == reference.Normalize(text)


def _joins_further(text: str) -> bool:
    """Tell whether NFC would join what the rules leave apart."""
    return len(unicodedata.normalize("NFC", text)) < len(text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_rewrites_words_in_either_form(
    form: Any, language: str, loaded: Callable[[str], Tokenizer]
) -> None:
    words = [unicodedata.normalize(form, w) for w in wordfreq.top_n_list(language, 300)]
    reference = processor_of("unigram")
    assert differences(loaded("unigram").backend, reference.encode, words) == []


def test_rewrites_every_character_as_sentencepiece(loaded: Callable[[str], Tokenizer]) -> None:
    reference = processor_of("unigram")
    normalizer = loaded("unigram").backend.normalizer
    characters = [chr(c) for c in range(0x20000) if not 0xD800 <= c < 0xE000 and c != 0xFDD0]
    different = [c for c in characters if normalizer.normalize_str(c) != reference.Normalize(c)]
    assert different == []


@pytest.mark.parametrize("name", ["bpe like Gemma's", "unigram like XLNet's"])
def test_kinds_and_surfaces(name: str, loaded: Callable[[str], Tokenizer]) -> None:
    reference = processor(model_of(name))
    vocabulary = loaded(name).vocabulary
    assert len(vocabulary) == reference.get_piece_size()
    for token in vocabulary:
        piece = reference.id_to_piece(token.id)
        assert token.token == piece
        if reference.is_control(token.id) or reference.is_unknown(token.id):
            assert token.kind == "special"
        elif reference.is_byte(token.id):
            assert token.kind == "byte"
            assert token.surface == bytes.fromhex(piece[3:5])
        elif piece == "<unused0>":
            assert token.kind == "placeholder"
        else:
            in_bpe = loaded(name).model_type == "BPE"
            added = in_bpe and piece in ("\n\n", "\n\n\n", "<start_of_turn>")
            assert token.kind == ("added" if added else "text")
            assert token.surface.decode() == piece.replace("▁", " ")


def test_origin(tmp_path: Path) -> None:
    data = model_of("bpe like Llama's")
    for name in ("tokenizer.model", "tokenizer.model.v3", "spiece.model", "any.MODEL"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_bytes(data)
        for spec in (folder, folder / name):
            origin = load(spec).origin
            assert origin.loader == "SentencePiece BPE"
            assert origin.sha256 == hashlib.sha256(data).hexdigest()
            assert origin.files == (name,)
            assert origin.notes == ()


def test_decodes_what_it_encodes(loaded: Callable[[str], Tokenizer]) -> None:
    for name in ("bpe like Llama's", "unigram, bytes"):
        backend = loaded(name).backend
        for text in without(sample(), (*CONTROL_NAMES, "▁", "<0x")):
            assert backend.decode(ids_of(backend, text)) == text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"model_type": 3}, "WORD"),
        ({"model_type": 4}, "CHAR"),
        ({"treat_whitespace_as_suffix": True}, "treat_whitespace_as_suffix"),
        ({"escape_whitespaces": False}, "escape_whitespaces"),
        ({"types": {"<unk>": 1}}, r"\b0 "),
        ({"types": {"<s>": 2}}, r"\b2 "),
        ({"byte_fallback": True}, "byte_fallback"),
        ({"precompiled_charsmap": b"\x04\0\0\0\0\0\0\0"}, "normalization rules"),
        ({"precompiled_charsmap": b"\xff\xff\xff\x7f"}, r"2,147,483,647.*\b0\b"),
    ],
)
def test_what_is_not_read_is_said(changes: dict[str, Any], problem: str, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(edited(model_of("unigram"), **changes))
    with pytest.raises(InvalidTokenizerError, match=problem):
        load(path)

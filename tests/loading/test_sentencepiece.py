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
from tests.sentencepiece_models import edited, processor, train
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


def with_rules(folder: Path, *rules: tuple[str, str], **options: Any) -> bytes:
    """Train a model with rules of its own, each a text and its replacement."""
    file = folder / "rules.tsv"
    lines = ("\t".join(" ".join(f"{ord(c):X}" for c in each) for each in rule) for rule in rules)
    file.write_text("".join(f"{line}\n" for line in lines))
    return train(normalization_rule_tsv=str(file), normalization_rule_name="", **options)


RULES = {
    "several characters": [("th", "T"), ("ing", "*"), ("(see", ""), ("A", "a")],
    "one in another": [("the", "X"), ("th", "T"), ("here", "Y")],
    "to several": [("of", "o f"), ("ß", "ss"), ("...", "…")],
}
TYPES = ("unigram", "bpe")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", RULES)
def test_rules_of_several_characters(name: str, kind: str, tmp_path: Path) -> None:
    model = with_rules(tmp_path, *RULES[name], model_type=kind)
    path = tmp_path / "tokenizer.model"
    path.write_bytes(model)
    texts = without(sample(), CONTROL_NAMES)
    loaded = load(path)
    assert loaded.origin.notes == () if name != "one in another" else loaded.origin.notes
    if not loaded.origin.notes:
        assert differences(loaded.backend, processor(model).encode, texts) == []


def test_rules_that_overlap_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(with_rules(tmp_path, ("ab", "X"), ("bc", "Y"), model_type="bpe"))
    (note,) = load(path).origin.notes
    assert "'ab', 'bc'" in note


def test_user_defined_pieces_with_a_space_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(train(user_defined_symbols=["new▁york", "▁▁"], add_dummy_prefix=False))
    (note,) = load(path).origin.notes
    assert "'new york'" in note


UNIGRAM = {"model_type": "unigram"}
KINDS: dict[str, dict[str, Any]] = {
    "unigram, user-defined": {**UNIGRAM, "user_defined_symbols": ["th", "e", "ing▁", "xyzzy"]},
    "unigram, user-defined with a space": {**UNIGRAM, "user_defined_symbols": ["of▁the"]},
    "unigram, long user-defined": {**UNIGRAM, "user_defined_symbols": ["information", "<tool>"]},
    "unigram, no prefix": {**UNIGRAM, "add_dummy_prefix": False},
    "unigram, digits": {**UNIGRAM, "split_digits": True},
    "unigram, nfkc": {**UNIGRAM, "normalization_rule_name": "nfkc"},
    "unigram, nfkc folded": {**UNIGRAM, "normalization_rule_name": "nfkc_cf"},
    "unigram, no scripts": {**UNIGRAM, "split_by_unicode_script": False},
    "unigram, numbers": {**UNIGRAM, "split_by_number": False},
    "unigram, small": {**UNIGRAM, "vocab_size": 300},
    "unigram, bytes, user-defined": {
        **UNIGRAM,
        "byte_fallback": True,
        "user_defined_symbols": ["🙂", "12"],
    },
    "bpe, nfkc": {"normalization_rule_name": "nfkc"},
    "bpe, folded": {"normalization_rule_name": "nmt_nfkc_cf", "remove_extra_whitespaces": True},
    "bpe, digits": {"split_digits": True},
    "bpe, over words": {"split_by_whitespace": False},
    "bpe, no scripts": {"split_by_unicode_script": False},
    "bpe, small": {"vocab_size": 400},
    "bpe, user-defined": {"user_defined_symbols": ["<tool>", "th"], "add_dummy_prefix": False},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_more_kinds_encode_as_sentencepiece(name: str, tmp_path: Path) -> None:
    """With those of `OPTIONS`, 30 kinds."""
    assert len(KINDS) + len(OPTIONS) == 30
    model = train(**KINDS[name])
    path = tmp_path / "tokenizer.model"
    path.write_bytes(model)
    texts = without(sample(), CONTROL_NAMES)
    loaded = load(path)
    assert loaded.origin.notes == ()
    assert differences(loaded.backend, processor(model).encode, texts) == []

"""Formats that transformers converts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loading.conftest import SAMPLE, model_of
from tests.needs import need
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load
from tokstat.loading.converted import _lost_pieces
from tokstat.loading.pieces import Conventions, Piece, build_unigram
from tokstat.loading.sentencepiece import _parse


def test_other_formats_are_converted_and_the_converter_is_named(tmp_path: Path) -> None:
    """A SentencePiece model, against the library that made it."""
    sentencepiece = need("sentencepiece")
    need("google.protobuf")
    with (tmp_path / "tokenizer.model").open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SAMPLE[:2] * 20),
            model_writer=file,
            model_type="bpe",
            vocab_size=340,
            byte_fallback=True,
            hard_vocab_limit=False,
            normalization_rule_name="identity",
            minloglevel=2,
        )
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "LlamaTokenizer"}')
    loaded = load(tmp_path)
    assert loaded.origin.loader.startswith("transformers ")
    assert "LlamaTokenizer" in loaded.origin.loader
    assert "tokenizer.model" in loaded.origin.files
    assert len(loaded.origin.notes) == 1
    processor = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "tokenizer.model"))
    for text in ("Nickel prices rose", "the defendants ventured 🙂"):
        assert loaded.backend.encode(text, add_special_tokens=False).ids == processor.encode(text)


@pytest.mark.parametrize(
    ("kind", "model", "name"),
    [
        ("M2M100", "m2m_100", "sentencepiece.bpe.model"),
        ("Marian", "marian", "source.spm"),
        ("RemBert", "rembert", "sentencepiece.model"),
    ],
)
def test_a_model_that_is_not_converted_can_be_read_itself(
    kind: str, model: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / "tokenizer_config.json").write_text(f'{{"tokenizer_class": "{kind}Tokenizer"}}')
    (tmp_path / "config.json").write_text(f'{{"model_type": "{model}"}}')
    (tmp_path / name).write_bytes(model_of("unigram"))
    hints = []
    try:
        loaders = [load(tmp_path).origin.loader]
    except InvalidTokenizerError as error:
        loaders, hints = [], [error.hint]
    assert all(loader.startswith("transformers ") for loader in loaders)
    assert all(f"tokstat inspect {tmp_path / name}." in hint for hint in hints)
    assert len(loaders + hints) == 1
    assert load(tmp_path / name).origin.loader == "SentencePiece Unigram"


def test_pieces_that_a_conversion_loses_are_noted(tmp_path: Path) -> None:
    data = model_of("unigram")
    (tmp_path / "sentencepiece.bpe.model").write_bytes(data)
    pieces: list[Piece] = _parse(data, "test").pieces
    whole = build_unigram(pieces, Conventions(), "test")
    assert _lost_pieces(whole, tmp_path) == ()
    (note,) = _lost_pieces(build_unigram(pieces[:-11], Conventions(), "test"), tmp_path)
    assert note.startswith("11 of ")

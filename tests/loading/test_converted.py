"""Formats that transformers converts."""

from __future__ import annotations

from pathlib import Path

from tests.loading.conftest import SAMPLE
from tests.needs import need
from tokstat.loading import load


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

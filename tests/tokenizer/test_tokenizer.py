"""What a tokenizer is seen to do, whatever its settings are called."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers

from tests.conftest import load_known, word_level_json, wrap
from tests.small_tokenizers import SMALL
from tokstat.loading.local import load_path
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize(
    ("name", "model", "lowercases", "adds_space", "has_unknown"),
    [
        ("bert", "WordPiece", True, False, True),
        ("modernbert", "BPE", False, False, False),
        ("metaspace-prefix", "BPE", False, True, False),
    ],
)
def test_what_it_does(
    name: str, model: str, lowercases: bool, adds_space: bool, has_unknown: bool
) -> None:
    tokenizer = load_known(name)
    assert (tokenizer.model_type, tokenizer.lowercases) == (model, lowercases)
    assert tokenizer.adds_leading_space == adds_space
    assert (tokenizer.unknown_id is not None) == has_unknown


def test_padding_and_truncation_are_remembered_and_taken_off() -> None:
    backend = SMALL["wordpiece"]()
    backend.enable_padding(length=9, pad_id=0, pad_token="[UNK]")
    backend.enable_truncation(3)
    tokenizer = wrap(backend, "made")
    assert tokenizer.stored_padding is not None
    assert tokenizer.stored_padding["length"] == 9
    assert tokenizer.stored_truncation is not None
    assert tokenizer.stored_truncation["max_length"] == 3
    assert (tokenizer.backend.padding, tokenizer.backend.truncation) == (None, None)


def test_the_unknown_token_is_the_one_that_comes() -> None:
    vocab = {"a": 0, "<unk>": 1}
    named = wrap(tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="<unk>")), "named")
    lacking = wrap(tokenizers.Tokenizer(models.WordLevel({"a": 0}, unk_token="<unk>")), "lacking")
    assert (named.unknown_id, lacking.unknown_id) == (1, None)


def test_a_normalizer_that_lowers_is_seen_in_a_sequence() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}, unk_token="a"))
    backend.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    assert wrap(backend, "made").lowercases


def test_the_written_text_is_the_file_s_own(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(word_level_json("a") + b"\n ")
    tokenizer: Tokenizer = load_path("made", path)
    assert tokenizer.source_text().as_written
    assert not wrap(tokenizer.backend, "made").source_text().as_written
    (tmp_path / "config.json").write_text('{"vocab_size": 2}')
    folder = tokenizer.model_folder
    assert folder is not None
    assert folder.configuration("config.json") == {"vocab_size": 2}
    other = tmp_path / "other.json"
    other.write_bytes(word_level_json("a"))
    assert load_path("made", other).model_folder is None


def test_forgotten_tokens_are_read_again() -> None:
    tokenizer = wrap(SMALL["byte-level"](), "made")
    ids, tokens = tokenizer.ids, tokenizer.stored_tokens.tokens
    tokenizer.forget_tokens()
    assert "stored_tokens" not in vars(tokenizer)
    assert tokenizer.ids is ids
    assert tokenizer.stored_tokens.tokens == tokens

"""Files that the library would abort on are refused before it reads them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.conftest import word_level_json
from tokstat.errors import InvalidTokenizerError, LimitError
from tokstat.loading.tokenizer_json import parse_tokenizer_json


def bpe(**settings: Any) -> bytes:
    data = json.loads(word_level_json())
    data["model"] = {"type": "BPE", "vocab": {"a": 0, "é": 1, "aé": 2}, "merges": [], **settings}
    return json.dumps(data, ensure_ascii=False).encode()


def test_a_sound_file_is_read() -> None:
    assert parse_tokenizer_json(word_level_json("a", "b"), "file").get_vocab_size() == 3
    assert parse_tokenizer_json(bpe(merges=["a é"]), "file").get_vocab_size() == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"model": {"type": "Neural"}}',
        word_level_json().replace(b'{"[UNK]":0}', b"{}"),
        bpe(merges=["a x"]),
    ],
    ids=["empty", "no JSON", "a list", "an unknown model", "no tokens", "an unknown merge"],
)
def test_what_is_no_tokenizer_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidTokenizerError, match="file"):
        parse_tokenizer_json(data, "file")


@pytest.mark.parametrize("key", ["continuing_subword_prefix", "continuing\\u005fsubword_prefix"])
def test_a_merge_that_divides_a_character_is_refused(key: str) -> None:
    data = bpe(merges=["a é"], continuing_subword_prefix="#")
    data = data.replace(b"continuing_subword_prefix", key.encode())
    with pytest.raises(InvalidTokenizerError, match="inside a character"):
        parse_tokenizer_json(data, "file")


def test_damaged_rules_of_a_normalizer_are_refused() -> None:
    data = json.loads(word_level_json())
    rules = base64.b64encode(b"\xff\xff\xff\x7f" + bytes(8)).decode()
    data["normalizer"] = {"type": "Precompiled", "precompiled_charsmap": rules}
    with pytest.raises(InvalidTokenizerError, match="file"):
        parse_tokenizer_json(json.dumps(data).encode(), "file")


def test_depth_has_a_limit() -> None:
    with pytest.raises(LimitError):
        parse_tokenizer_json(b"[" * 100_000, "file")

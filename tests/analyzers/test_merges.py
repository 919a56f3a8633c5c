"""Tokens without merges, checked against a search that goes from the token down."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pytest
import tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL, byte_level_bpe
from tokstat.analyzers.merges import merges
from tokstat.analyzers.subject import Subject
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def without_path(content: dict[str, Any]) -> set[int]:
    """Take every token of a BPE model apart by its merges, until only characters are left."""
    model = content["model"]
    prefix = model["continuing_subword_prefix"] or ""
    suffix = model["end_of_word_suffix"] or ""
    parts: dict[str, list[tuple[str, str]]] = {}
    for left, right in map(tuple, model["merges"]):
        parts.setdefault(left + right[len(prefix) :], []).append((left, right))

    @lru_cache(None)
    def is_built(token: str) -> bool:
        core = token.removeprefix(prefix).removesuffix(suffix)
        if len(core or token) == 1:
            return True
        return any(is_built(left) and is_built(right) for left, right in parts.get(token, ()))

    exempt = {token["content"] for token in content["added_tokens"]} | {model["unk_token"]}
    exempt |= {f"<0x{byte:02X}>" for byte in range(256)}
    return {
        number
        for token, number in model["vocab"].items()
        if token not in exempt and not is_built(token)
    }


def found(tokenizer: Tokenizer, lexicon: Lexicon) -> set[int]:
    section = merges(Subject(tokenizer, lexicon))
    ids = {token for finding in section.findings for token in finding.token_ids}
    assert section.metric("tokens_without_merges").value == len(ids)
    return ids


BPE = [name for name in SMALL if name not in ("wordpiece", "unigram", "word-level")]


@pytest.mark.parametrize("name", BPE)
@pytest.mark.parametrize("drop", [0, 1, 40, 700])
def test_merges_that_are_dropped(name: str, drop: int, english: Lexicon) -> None:
    content = json.loads(SMALL[name]().to_str())
    kept = content["model"]["merges"]
    content["model"]["merges"] = kept[: len(kept) // 2 - drop] + kept[len(kept) // 2 :]
    tokenizer = wrap(tokenizers.Tokenizer.from_str(json.dumps(content)), name)
    expected = without_path(content)
    assert bool(expected) == bool(drop)
    assert found(tokenizer, english) == expected


def test_whole_pieces_need_no_merges(english: Lexicon) -> None:
    content = json.loads(byte_level_bpe(prefix=False).to_str())
    del content["model"]["merges"][100]
    assert without_path(content)
    content["model"]["ignore_merges"] = True
    tokenizer = wrap(tokenizers.Tokenizer.from_str(json.dumps(content)), "whole")
    assert found(tokenizer, english) == set()


def test_other_models_have_no_merges(bert: Tokenizer, english: Lexicon) -> None:
    section = merges(Subject(bert, english))
    assert (section.skipped, section.metrics, section.findings) == (None, (), ())


@pytest.mark.slow
def test_real(real_tokenizer: Tokenizer, english: Lexicon) -> None:
    section = merges(Subject(real_tokenizer, english))
    assert section.findings == ()
    content = json.loads(real_tokenizer.source_text().data)
    if content["model"]["type"] == "BPE" and not content["model"].get("ignore_merges"):
        content["model"] = {
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "unk_token": None,
            **content["model"],
            "merges": real_tokenizer.source_text().merges(),
        }
        assert without_path(content) == set()

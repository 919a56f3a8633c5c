"""Which arguments name tokenizers, and which are texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.errors import SourceNotFoundError
from tokstat.loading import load
from tokstat.loading.names import meant_by, names_tokenizer, split_arguments


@pytest.mark.parametrize(
    ("argument", "is_one"),
    [
        ("answerdotai/ModernBERT-base", True),
        ("answerdotai/ModernBERT-base@main", True),
        ("bert-base-uncased", True),
        ("tiktoken:cl100k_base", True),
        ("hf:gpt2", True),
        ("tiger", False),
        (" tiger", False),
        ("and / or", False),
        ("a/b/c", False),
        ("", False),
        ("x" * 5000, False),
        ("~nobody/x y", False),
    ],
)
def test_a_name_has_the_form_of_one(argument: str, is_one: bool) -> None:
    assert names_tokenizer(argument) == is_one


def test_files_are_told_by_their_content(tmp_path: Path, bert_json: bytes) -> None:
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    (tmp_path / "notes.md").write_text("tiger", "utf-8")
    assert names_tokenizer(str(tmp_path / "tokenizer.json"))
    assert names_tokenizer(str(tmp_path))
    assert not names_tokenizer(str(tmp_path / "notes.md"))


def test_specs_come_before_texts() -> None:
    assert split_arguments(["gpt2"]) == (["gpt2"], [])
    assert split_arguments(["gpt2", "tiger", " tiger"]) == (["gpt2"], ["tiger", " tiger"])
    assert split_arguments(["gpt2", "a/b", "x", "c/d"]) == (["gpt2", "a/b"], ["x", "c/d"])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("cl100k_base", "tiktoken:cl100k_base"),
        ("O200k_base", "tiktoken:o200k_base"),
        ("gpt-4o", "tiktoken:o200k_base"),
        ("gpt-4o-mini", "tiktoken:o200k_base"),
        ("gpt-4", "tiktoken:cl100k_base"),
        ("gpt-3.5-turbo", "tiktoken:cl100k_base"),
        ("modernbert", "answerdotai/ModernBERT-base"),
        ("ModernBert-base", "answerdotai/ModernBERT-base"),
    ],
)
def test_what_is_meant_is_known_before_the_hub_is_asked(name: str, meant: str) -> None:
    assert meant_by(name) == meant
    with pytest.raises(SourceNotFoundError, match=f"Did you mean {meant}"):
        load(name)


@pytest.mark.parametrize("name", ["gpt2", "bert-base-uncased", "org/modernbert", "t5-small", "gpt"])
def test_names_that_mean_themselves(name: str) -> None:
    assert meant_by(name) == ""

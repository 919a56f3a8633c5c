"""Which arguments name tokenizers, and which are texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.loading.names import names_tokenizer, split_arguments


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

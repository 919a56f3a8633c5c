"""Configurations of a folder, whole, damaged and absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokstat.model.folder import ModelFolder, roles, text_of


def test_an_empty_folder_has_nothing_and_nothing_is_broken(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path)
    assert folder.configuration("config.json") == {}
    assert (folder.special_tokens, folder.embeddings, folder.broken) == ({}, None, [])


def test_special_tokens_are_named_with_their_file(tmp_path: Path) -> None:
    (tmp_path / "special_tokens_map.json").write_text(
        json.dumps({"eos_token": "</s>", "additional_special_tokens": ["<x>"]})
    )
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps({"pad_token": {"content": "<pad>"}, "extra_special_tokens": {"image": "<i>"}})
    )
    assert ModelFolder(tmp_path).special_tokens == {
        "</s>": "special_tokens_map.json",
        "<x>": "special_tokens_map.json",
        "<pad>": "tokenizer_config.json",
        "<i>": "tokenizer_config.json",
    }


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b""])
def test_a_damaged_file_is_one_problem_and_counts_as_empty(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(content)
    folder = ModelFolder(tmp_path)
    (problem,) = folder.broken
    assert "config.json" in problem
    assert folder.configuration("config.json") == {}


def test_roles_have_a_text_or_an_object_with_one() -> None:
    assert roles({"eos_token": "</s>", "pad_token": {"content": "<p>"}, "bos_token": None}) == {
        "eos": "</s>",
        "pad": "<p>",
    }
    assert [text_of(each) for each in ("a", {"content": "b"}, {"content": 1}, 1, None)] == [
        *("a", "b", "", "", "")
    ]

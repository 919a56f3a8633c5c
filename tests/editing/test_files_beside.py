"""A repair keeps what it was not asked to change, in all files, with the new ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.cases import folders
from tests.cases.drafts import draft
from tokstat.loading.local import load_path


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Any]:
    """A chat model, lower-cased, so that ids change; its new files by name."""
    made = draft("byte-level")
    folders.tokens_that_are_special_in_every_file(made)
    made.tokenizer_config["additional_special_tokens"] = ["<|im_start|>", "<|im_end|>"]
    made.tokenizer_config["padding_side"] = "left"
    made.tokenizer_config["tokenizer_class"] = "Qwen2Tokenizer"
    made.files["chat_template.jinja"] = folders.CHATML.encode()
    made.files["additional_chat_templates/rag.jinja"] = b"rag"
    start = made.config["vocab_size"] - 2
    made.files["added_tokens.json"] = json.dumps(
        {"<|im_start|>": start, "<|im_end|>": start + 1}
    ).encode()
    (tmp_path / "in").mkdir()
    made.write(tmp_path / "in")
    tokstat.repair(str(tmp_path / "in"), tmp_path / "out", decase=True)
    files = (tmp_path / "out").glob("*.json")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in files}


def test_all_files_keep_roles_flags_and_templates(written: dict[str, Any], tmp_path: Path) -> None:
    tokenizer = load_path("out", tmp_path / "out")
    start, end = (tokenizer.id_of(text) for text in ("<|im_start|>", "<|im_end|>"))
    config = written["tokenizer_config"]
    assert config["additional_special_tokens"] == ["<|im_start|>", "<|im_end|>"]
    assert config["added_tokens_decoder"] == {
        str(start): {"content": "<|im_start|>", "special": True}
    }
    assert (config["eos_token"], config["padding_side"]) == ("<|im_end|>", "left")
    assert config["tokenizer_class"] == "PreTrainedTokenizerFast"
    assert config["chat_template"] == folders.CHATML
    assert written["special_tokens_map"]["additional_special_tokens"] == ["<|im_start|>"]
    assert written["added_tokens"] == {"<|im_start|>": start, "<|im_end|>": end}
    assert written["generation_config"]["eos_token_id"] == end
    out = tmp_path / "out"
    assert (out / "chat_template.jinja").read_text("utf-8") == folders.CHATML
    assert (out / "additional_chat_templates" / "rag.jinja").read_text("utf-8") == "rag"


def test_nothing_is_found_in_what_is_written(written: dict[str, Any], tmp_path: Path) -> None:
    del written
    chosen = ["special_tokens", "token_roles", "loadability", "neighbours", "files"]
    assert tokstat.inspect(tmp_path / "out", analyzers=chosen).findings == ()


@pytest.mark.slow
def test_markers_stay_special_in_transformers(written: dict[str, Any], tmp_path: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    del written
    theirs = PreTrainedTokenizerFast.from_pretrained(str(tmp_path / "out"))
    ids = theirs("<|im_start|>people<|im_end|>")["input_ids"]
    assert theirs.decode(ids, skip_special_tokens=True) == "people"

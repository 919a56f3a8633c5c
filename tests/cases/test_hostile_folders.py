"""Folders with hostile or broken files: a finding or a clear line, within the limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases.drafts import draft
from tokstat import inspect

CHOSEN = (
    *("files", "special_tokens", "chat_template", "token_roles"),
    *("loadability", "neighbours", "trained_rows"),
)

VALUES: tuple[Any, ...] = (None, {}, [], 3, 1e400, True, "", "\ud800", ["a", None], {"content": 1})


def codes(folder: Path) -> set[str]:
    report = inspect(folder, analyzers=CHOSEN)
    assert not [each.skipped for each in report.sections if each.skipped]
    return {each.code for each in report.findings}


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_fields_of_any_type(tmp_path: Path, value: Any) -> None:
    made = draft("byte-level")
    for key in (
        *("pad_token", "eos_token", "additional_special_tokens", "extra_special_tokens"),
        *("added_tokens_decoder", "tokenizer_class", "auto_map", "chat_template"),
        *("model_max_length", "padding_side", "add_bos_token"),
    ):
        made.tokenizer_config[key] = value
        made.special_tokens_map[key] = value
    config = {**made.config, "eos_token_id": value, "architectures": value, "text_config": value}
    contents = {
        "tokenizer_config": made.tokenizer_config,
        "special_tokens_map": made.special_tokens_map,
        "config": config,
        "generation_config": {"eos_token_id": value},
        "adapter_config": {"base_model_name_or_path": value, "trainable_token_indices": value},
        "added_tokens": {"<x>": value},
    }
    draft("byte-level").write(tmp_path)
    for name, content in contents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
    assert "TS190" not in codes(tmp_path)


@pytest.mark.parametrize(
    "name", ["config.json", "adapter_config.json", "generation_config.json", "added_tokens.json"]
)
def test_a_file_of_two_gibibytes_is_a_finding(tmp_path: Path, name: str) -> None:
    draft("byte-level").write(tmp_path)
    with (tmp_path / name).open("wb") as file:
        file.truncate(2 << 30)
    assert "TS603" in codes(tmp_path)


@pytest.mark.parametrize("name", ["vocab.json", "merges.txt"])
def test_a_vocabulary_of_two_gibibytes_is_a_finding(tmp_path: Path, name: str) -> None:
    draft("byte-level").write(tmp_path)
    with (tmp_path / name).open("wb") as file:
        file.truncate(2 << 30)
    assert codes(tmp_path) == {"TS672"}


@pytest.mark.parametrize("name", ["chat_template.jinja", "additional_chat_templates/x.jinja"])
def test_a_template_that_is_no_text(tmp_path: Path, name: str) -> None:
    made = draft("byte-level")
    made.files[name] = b"\xff\x00{% if %}"
    made.write(tmp_path)
    assert codes(tmp_path) == {"TS651"}

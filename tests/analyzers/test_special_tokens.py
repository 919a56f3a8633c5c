"""Special tokens that the files of a folder name differently."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import word_level_json
from tokstat import inspect

Codes = Callable[..., list[tuple[str, tuple[int, ...]]]]

ADDED = {"5": {"content": "<new>"}, "1": {"content": "the"}}
"""The list of added tokens in tokenizer_config.json, where "<new>" has no place in the file."""


@pytest.fixture
def found(tmp_path: Path) -> Codes:
    """Write files beside a tokenizer of four tokens, and return each finding's code and ids."""

    def run(**files: object) -> list[tuple[str, tuple[int, ...]]]:
        (tmp_path / "tokenizer.json").write_bytes(word_level_json("the", "</s>", "<pad>"))
        for name, content in files.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(content))
        report = inspect(tmp_path, analyzers=["special_tokens"])
        return [(finding.code, finding.token_ids) for finding in report.findings]

    return run


def test_files_that_agree(found: Codes) -> None:
    names = {"eos_token": "</s>", "pad_token": {"content": "<pad>"}}
    assert found() == []
    assert found(tokenizer_config=names, special_tokens_map=names, config={"eos_token_id": 2}) == []


def test_a_token_that_the_vocabulary_lacks(found: Codes) -> None:
    assert found(tokenizer_config={"eos_token": "<end>"}) == [("TS607", ())]


def test_two_files_name_different_tokens(found: Codes) -> None:
    files = {"special_tokens_map": {"eos_token": "<pad>"}, "config": {"eos_token_id": 2}}
    assert found(tokenizer_config={"eos_token": "</s>"}, **files) == [("TS608", ())]


@pytest.mark.parametrize("stated", [3, [0, 3]])
def test_another_id_in_a_configuration(found: Codes, stated: object) -> None:
    files = {"tokenizer_config": {"eos_token": "</s>"}, "generation_config": {}}
    assert found(**files, config={"eos_token_id": stated}) == [("TS609", (2,))]
    allowed = {"eos_token_id": [2, stated] if isinstance(stated, int) else [2]}
    assert found(**files, config=allowed) == []


def test_another_id_of_an_added_token(found: Codes) -> None:
    assert found(added_tokens={"<pad>": 3, "</s>": 7}) == [("TS610", (7,))]
    config = {"added_tokens_decoder": ADDED}
    assert found(tokenizer_config=config, added_tokens={}) == [("TS610", (5,))]

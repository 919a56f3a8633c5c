"""Sizes and lengths of files beside a tokenizer that has 40 tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.conftest import word_level_json
from tokstat import inspect
from tokstat.results.report import Finding

Files = Callable[..., dict[str, Finding]]


@pytest.fixture
def found(tmp_path: Path) -> Files:
    """Write files beside the tokenizer, and return the findings by code."""

    def run(
        config: object = None, tokenizer_config: object = None, rows: int = 0
    ) -> dict[str, Finding]:
        words = (f"w{number}" for number in range(39))
        (tmp_path / "tokenizer.json").write_bytes(word_level_json(*words))
        for name, content in (("config", config), ("tokenizer_config", tokenizer_config)):
            if content is not None:
                (tmp_path / f"{name}.json").write_text(json.dumps(content))
        if rows:
            matrix = np.zeros((rows, 2), np.float32)
            save_file({"model.embed_tokens.weight": matrix}, tmp_path / "model.safetensors")
        return {each.code: each for each in inspect(tmp_path, analyzers=["files"]).findings}

    return run


def test_no_files_and_files_that_agree(found: Files) -> None:
    assert found() == {}
    assert found({"vocab_size": 40}, {"model_max_length": 512}, rows=40) == {}


def test_tokens_without_a_row(found: Files) -> None:
    codes = found({"vocab_size": 37})
    assert set(codes) == {"TS604"}
    assert codes["TS604"].token_ids == (37, 38, 39)


@pytest.mark.parametrize("key", ["text_config", "llm_config"])
def test_the_size_of_a_nested_configuration_counts(found: Files, key: str) -> None:
    assert set(found({key: {"vocab_size": 64}})) == {"TS605"}


def test_the_matrix_and_its_configuration_disagree(found: Files) -> None:
    codes = found({"vocab_size": 40}, rows=39)
    assert set(codes) == {"TS604", "TS606"}
    assert codes["TS604"].token_ids == (39,)


@pytest.mark.parametrize(("length", "is_found"), [(512, False), (10**30, True), (2e30, True)])
def test_a_length_that_is_no_limit(found: Files, length: float, is_found: bool) -> None:
    assert set(found(None, {"model_max_length": length})) == ({"TS611"} if is_found else set())


def test_a_damaged_file(found: Files, tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text("{")
    assert set(found()) == {"TS603"}

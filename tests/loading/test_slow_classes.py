"""Older files by the class of the tokenizer, held to transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.loading.slow_folders import CASES, REFUSED, TEXTS, write_folder
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load
from tokstat.loading.slow_classes import CLASSES, CONVERTED, class_of

REFERENCE: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("data", "slow_classes.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES)
def test_ids_are_those_of_transformers(case: str, tmp_path: Path) -> None:
    write_folder(case, tmp_path)
    tokenizer = load(tmp_path)
    assert tokenizer.origin.notes == ()
    for special, expected in zip((False, True), REFERENCE["ids"][case], strict=True):
        found = [tokenizer.encode(text, special=special) for text in TEXTS]
        assert found == expected


@pytest.mark.parametrize("name", REFUSED)
def test_classes_with_code_of_their_own_are_named(name: str, tmp_path: Path) -> None:
    write_folder(name, tmp_path)
    with pytest.raises(InvalidTokenizerError, match=f"{name}Tokenizer"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("config", "model_config", "expected"),
    [
        ({}, {}, ""),
        ({"tokenizer_class": "BertTokenizerFast"}, {"model_type": "esm"}, "BertTokenizer"),
        ({}, {"model_type": "esm"}, "EsmTokenizer"),
        ({}, {"model_type": "opt"}, "GPT2Tokenizer"),
        (
            {},
            {"tokenizer_class": "BertweetTokenizer", "model_type": "roberta"},
            "BertweetTokenizer",
        ),
        ({"tokenizer_class": "PreTrainedTokenizerFast"}, {"model_type": "bert"}, "BertTokenizer"),
        ({"tokenizer_class": 7}, {"model_type": ["bert"]}, ""),
    ],
)
def test_the_class_of_a_folder(
    config: dict[str, Any], model_config: dict[str, Any], expected: str
) -> None:
    assert class_of(config, model_config) == expected


def test_the_table_names_each_class_once() -> None:
    assert len(CLASSES) >= 25
    assert not set(CLASSES) & set(CONVERTED)


def test_ids_that_cannot_be_kept_are_noted(tmp_path: Path) -> None:
    write_folder("Bert", tmp_path)
    (tmp_path / "added_tokens.json").write_text('{"<tool>": 900}')
    (note,) = load(tmp_path).origin.notes
    assert "'<tool>'" in note

"""Roles and their ids, and the harm of wrong ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tokenizers

from tests.cases import folders
from tests.cases.drafts import draft
from tokstat import inspect
from tokstat.analyzers.token_roles import is_possible, stated_ids
from tokstat.model.folder import ModelFolder
from tokstat.results.report import Report


def report_of(folder: Path, edit: str, family: str = "byte-level") -> Report:
    made = draft(family)
    getattr(folders, edit)(made)
    made.write(folder)
    return inspect(folder, analyzers=["token_roles"])


def test_the_table_shows_tokens_and_ids(tmp_path: Path) -> None:
    table = report_of(tmp_path, "eos").table("roles")
    assert table.columns["role"] == ("eos", "unk", "pad")
    assert table.columns["token"][0] == "<eos>"
    number = table.columns["id"][0]
    expected = f"{number} (config.json), {number} (generation_config.json)"
    assert table.columns["ids_of_the_model"][0] == expected


def test_ids_of_every_place_are_read(tmp_path: Path) -> None:
    text = '{"eos_token_id": [1, 2], "text_config": {"pad_token_id": -1}, "bos_token_id": null}'
    (tmp_path / "config.json").write_text(text, "utf-8")
    assert list(stated_ids(ModelFolder(tmp_path))) == [
        ("config.json", "eos_token_id", 1),
        ("config.json", "eos_token_id", 2),
        ("config.json", "text_config.pad_token_id", -1),
    ]


@pytest.mark.parametrize("value", [-1, 10, "3", 3.0, True, {"id": 1}, None])
def test_what_is_no_id(value: object) -> None:
    assert not is_possible(value, 10)
    assert is_possible(9, 10)


def test_an_id_beyond_the_matrix_cannot_be_looked_up(tmp_path: Path) -> None:
    made = draft("byte-level")
    folders.eos_id_beyond_the_matrix(made)
    assert made.embeddings is not None
    with pytest.raises(IndexError):
        _ = made.embeddings[np.array(made.generation_config["eos_token_id"])]
    made.write(tmp_path)
    (found,) = inspect(tmp_path, analyzers=["token_roles"]).findings
    assert (found.code, found.severity) == ("TS663", "error")


def test_a_role_learned_as_text_is_split_and_an_added_one_is_not(tmp_path: Path) -> None:
    (found,) = report_of(tmp_path, "separator_that_was_learned_as_text").findings
    backend = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    number = backend.token_to_id("[SEP]")
    assert found.token_ids == (number,)
    assert len(backend.encode("[SEP]").ids) > 1
    backend.add_special_tokens(["[SEP]"])  # as the hint says
    assert backend.encode("[SEP]").ids == [number]


def test_special_decides_what_decoding_leaves_out(tmp_path: Path) -> None:
    (found,) = report_of(tmp_path, "token_that_is_special_in_one_file").findings
    backend = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert found.token_ids == (backend.token_to_id("<|im_start|>"),)
    assert backend.decode(list(found.token_ids), skip_special_tokens=True) == "<|im_start|>"


@pytest.mark.slow
def test_transformers_refuses_a_batch_without_a_pad_token(tmp_path: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    codes = [each.code for each in report_of(tmp_path, "no_pad_token").findings]
    assert codes == ["TS662"]
    theirs = PreTrainedTokenizerFast.from_pretrained(str(tmp_path))
    with pytest.raises(ValueError, match="padding token"):
        theirs(["a", "a tiger"], padding=True)

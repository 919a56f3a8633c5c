"""Mends of roles, flags, the frame, the length and the clean-up, and what they change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tokenizers

import tokstat
from tests.cases import folders
from tests.cases.drafts import Draft, draft
from tokstat.editing.mends import NO_MENDS, make_mends
from tokstat.errors import EditError


def repaired(folder: Path, made: Draft, **mends: Any) -> dict[str, Any]:
    """Repair a draft, and return the contents of the new files."""
    (folder / "in").mkdir()
    made.write(folder / "in")
    tokstat.repair(str(folder / "in"), folder / "out", **mends)
    files = (folder / "out").glob("*.json")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in files}


def codes(folder: Path) -> set[str]:
    return {
        each.code for each in tokstat.inspect(folder / "out", analyzers=["token_roles"]).findings
    }


def test_a_role_stands_in_every_file(tmp_path: Path) -> None:
    made = draft("byte-level")
    folders.pad_token_that_is_eos(made)
    (number,) = made.add_special("<pad>")
    found = repaired(tmp_path, made, roles={"pad": "<pad>"})
    assert found["tokenizer_config"]["pad_token"] == "<pad>"
    assert found["special_tokens_map"]["pad_token"] == "<pad>"
    assert found["generation_config"]["pad_token_id"] == number
    assert "TS661" not in codes(tmp_path)


def test_a_token_learned_as_text_becomes_an_added_one(tmp_path: Path) -> None:
    made = draft("wordpiece")
    folders.separator_that_was_learned_as_text(made)
    repaired(tmp_path, made, roles={"sep": "[SEP]"})
    backend = tokenizers.Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    assert backend.encode("[SEP]").ids == [made.vocab["[SEP]"]]
    assert codes(tmp_path) == set()


def test_flags_are_set_in_both_files(tmp_path: Path) -> None:
    made = draft("byte-level")
    folders.token_that_is_special_in_one_file(made)
    found = repaired(tmp_path, made, flags=["<|im_start|>:special=true"])
    assert [each["special"] for each in found["tokenizer"]["added_tokens"]] == [True] * 3
    assert codes(tmp_path) == set()


@pytest.mark.parametrize("family", ["wordpiece", "byte-level"])
def test_a_frame_is_put_around_each_text(tmp_path: Path, family: str) -> None:
    made = draft(family)
    first, last = made.add_special("<first>", "<last>")
    repaired(tmp_path, made, frame="<first> $A <last>")
    backend = tokenizers.Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    ids = backend.encode("the").ids
    assert (ids[0], ids[-1]) == (first, last)
    assert [each for each in backend.encode("the", "the").ids if each >= first] == [
        first,
        last,
        last,
    ]


def test_length_and_clean_up(tmp_path: Path) -> None:
    found = repaired(tmp_path, draft("wordpiece"), max_length=77, clean_up=False)
    assert found["tokenizer_config"]["model_max_length"] == 77
    assert found["tokenizer_config"]["clean_up_tokenization_spaces"] is False


@pytest.mark.parametrize(
    ("mends", "words"),
    [
        ({"roles": ["pod=<pad>"]}, "Did you mean pad"),
        ({"roles": ["pad"]}, "pad=TOKEN"),
        ({"flags": ["<mask>:left=true"]}, "lstrip"),
        ({"flags": ["<mask>:lstrip=yes"]}, "FLAG=true"),
        ({"frame": "[CLS] [SEP]"}, "\\$A"),
    ],
)
def test_what_is_no_mend_is_refused(mends: dict[str, Any], words: str) -> None:
    with pytest.raises(EditError, match=words):
        make_mends(**mends)
    assert make_mends() == NO_MENDS


@pytest.mark.parametrize(
    "mends", [{"roles": {"pad": "<no>"}}, {"flags": ["<no>:special=true"]}, {"frame": "<no> $A"}]
)
def test_a_token_that_is_not_there_is_refused(tmp_path: Path, mends: dict[str, Any]) -> None:
    with pytest.raises(EditError, match="<no>"):
        repaired(tmp_path, draft("byte-level"), **mends)
    assert not (tmp_path / "out").exists()

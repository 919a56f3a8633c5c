"""Vocabulary files beside tokenizer.json, and that another tokenizer comes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers
from tokenizers import models

from tests.cases import files_beside
from tests.cases.drafts import draft
from tokstat import inspect
from tokstat.results.report import Finding


def findings_of(folder: Path, edit: str, family: str) -> tuple[Finding, ...]:
    made = draft(family)
    getattr(files_beside, edit)(made)
    made.write(folder)
    return inspect(folder, analyzers=["neighbours"]).findings


def test_swapped_ids_are_named_and_encode_otherwise(tmp_path: Path) -> None:
    (found,) = findings_of(tmp_path, "vocab_json_of_another_version", "byte-level")
    backend = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    text = backend.decode([found.token_ids[0]])
    ours = backend.encode(text).ids
    assert len(found.token_ids) == 2
    backend.model = models.BPE.from_file(str(tmp_path / "vocab.json"), str(tmp_path / "merges.txt"))
    assert backend.encode(text).ids != ours


def test_the_first_merge_that_differs_is_named(tmp_path: Path) -> None:
    (found,) = findings_of(tmp_path, "merges_txt_that_is_cut_off", "byte-level")
    lines = (tmp_path / "merges.txt").read_text("utf-8").splitlines()
    assert f"Merge {len(lines):,} is none there" in found.message


def test_files_that_the_hint_writes_agree(tmp_path: Path) -> None:
    findings_of(tmp_path, "vocab_json_of_another_version", "byte-level")
    backend = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    backend.model.save(str(tmp_path))
    assert inspect(tmp_path, analyzers=["neighbours"]).findings == ()


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"a": "b"}', b"\xff", b"[" * 999])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    draft("byte-level").write(tmp_path)
    (tmp_path / "vocab.json").write_bytes(content)
    assert [each.code for each in inspect(tmp_path, analyzers=["neighbours"]).findings] == ["TS672"]

"""Files of other kinds are named for what they are, wherever a tokenizer's file is read."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import pytest

from tokstat.errors import InvalidTokenizerError
from tokstat.io.foreign_files import require_own_kind
from tokstat.loading.local import load_path

POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
KINDS = {
    "Git LFS pointer": POINTER,
    "HTML page": b"\n<!DOCTYPE html>\n<html><body>404</body></html>",
    "pickle": pickle.dumps({"model": None}),
    "ZIP archive": b"PK\x03\x04" + bytes(30),
    "gzip archive": gzip.compress(b"{}"),
}
NAMES = ("tokenizer.json", "vocab.txt", "tokenizer.model", "tekken.json", "qwen.tiktoken", "a.bin")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_other_kinds(kind: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(KINDS[kind])
    with pytest.raises(InvalidTokenizerError) as caught:
        load_path(str(path), path)
    assert kind in caught.value.problem
    assert str(path) in caught.value.problem
    assert caught.value.hint


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_in_a_folder(kind: str, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(KINDS[kind])
    with pytest.raises(InvalidTokenizerError, match=kind):
        load_path(str(tmp_path), tmp_path)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"<pad>\n<html>\n", b"[PAD]\nhtml\n", b"PK\nversion\n"]
)
def test_tokenizers_own_kinds(data: bytes) -> None:
    require_own_kind(data, "made")

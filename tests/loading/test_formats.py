"""Formats by name and by the first bytes, which outrank the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.errors import AccessDeniedError
from tokstat.loading.formats import format_of, is_complete, is_convertible, is_tokenizer, set_of


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("m.gguf", b"", "gguf"),
        ("m.txt", b"GGUF\3\0\0\0", "gguf"),
        ("m.tiktoken", b"", "ranks"),
        ("m.model", b"IQ== 0\n", "ranks"),
        ("tekken-v3.json", b"", "tekken"),
        ("m.json", b' {"vocab": [{"token_bytes": ""}]}', "tekken"),
        ("m.model", b"\x0a\x05", "sentencepiece"),
        ("m.model.v3", b"", "sentencepiece"),
        ("m.json", b"{}", None),
        ("m.txt", b"one two\n", None),
    ],
)
def test_the_format_of_a_file(name: str, content: bytes, kind: str | None, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert format_of(path) == kind


def test_sets_are_complete_or_none(tmp_path: Path) -> None:
    (tmp_path / "vocab.json").write_text("{}")
    names = ("vocab.json", "merges.txt")
    assert not is_complete(tmp_path, names)
    assert set_of(tmp_path / "vocab.json") is None
    (tmp_path / "merges.txt").write_text("")
    assert is_complete(tmp_path, names)
    assert set_of(tmp_path / "vocab.json") == set_of(tmp_path / "merges.txt") == names


def test_an_empty_folder_is_no_tokenizer(tmp_path: Path) -> None:
    assert not is_tokenizer(tmp_path)
    assert not is_convertible(tmp_path)
    (tmp_path / "spiece.model").write_bytes(b"")
    assert is_tokenizer(tmp_path)
    assert is_convertible(tmp_path)


def test_what_cannot_be_read_has_no_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "no")

    monkeypatch.setattr("tokstat.loading.formats._head", refuse)
    with pytest.raises(AccessDeniedError):
        format_of(tmp_path / "file")
    assert not is_tokenizer(tmp_path / "file")

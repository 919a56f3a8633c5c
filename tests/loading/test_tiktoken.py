"""Rank files and named encodings, held to tiktoken."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.loading.agreement import ids_of
from tokstat.errors import InvalidTokenizerError, SourceNotFoundError, SpecError
from tokstat.loading import load
from tokstat.loading.encodings import ENCODINGS, Encoding


def rank_file(ranks: Mapping[bytes, int]) -> bytes:
    lines = [b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in ranks.items()]
    return b"".join(lines)


def test_file_of_a_known_name(ranks: dict[bytes, int], tmp_path: Path) -> None:
    path = tmp_path / "r50k_base.tiktoken"
    path.write_bytes(rank_file(ranks))
    for spec in (path, tmp_path, f"tiktoken:{path}", str(path)):
        loaded = load(spec)
        assert loaded.origin.loader == "tiktoken ranks, pattern of r50k_base"
        assert loaded.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert loaded.origin.files == ("r50k_base.tiktoken",)
        assert loaded.origin.notes == ()
    assert loaded.vocabulary[50_256].kind == "special"
    assert len(loaded.vocabulary) == len(ranks) + 1
    for token, rank in ranks.items():
        assert loaded.vocabulary[rank].surface == token


def test_a_token_without_bytes_is_left_out(ranks: dict[bytes, int], tmp_path: Path) -> None:
    """Whisper's multilingual file ends so; tiktoken reads the line and never returns the token."""
    path = tmp_path / "r50k_base.tiktoken"
    path.write_bytes(rank_file(ranks) + b"= 50255\n")
    loaded = load(path)
    assert len(loaded.vocabulary) == len(ranks) + 1
    assert loaded.vocabulary[0].surface == min(ranks, key=lambda token: ranks[token])


def test_an_unknown_file_is_read_with_a_note(ranks: dict[bytes, int], tmp_path: Path) -> None:
    path = tmp_path / "mine.model"
    path.write_bytes(rank_file(ranks))
    loaded = load(path)
    assert loaded.origin.loader == "tiktoken ranks, pattern of cl100k_base"
    assert len(loaded.origin.notes) == 1
    named = load(f"tiktoken:{path}@qwen")
    assert named.origin.loader == "tiktoken ranks, pattern of qwen"
    assert named.origin.notes == ()
    assert ids_of(named.backend, "e\u0301") == ids_of(named.backend, "é")
    assert ids_of(loaded.backend, "e\u0301") != ids_of(loaded.backend, "é")


@pytest.fixture
def cache(ranks: dict[bytes, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """tiktoken's cache with one small encoding, `tiny`."""
    data = rank_file(ranks)
    tiny = Encoding(
        "tiny", hashlib.sha256(data).hexdigest(), "https://example.org/tiny", r"\S+|\s+", {}
    )
    monkeypatch.setitem(ENCODINGS, "tiny", tiny)
    path = tmp_path / "cache" / hashlib.sha1(tiny.url.encode()).hexdigest()
    path.parent.mkdir()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("variable", "inside"),
    [("TIKTOKEN_CACHE_DIR", "cache"), ("DATA_GYM_CACHE_DIR", "cache"), ("TMPDIR", "")],
)
def test_named_encoding_in_the_cache(
    variable: str, inside: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.tempdir", None)
    if not inside:
        cache.parent.rename(cache.parent.with_name("data-gym-cache"))
    monkeypatch.setenv(variable, str(cache.parents[1] / inside))
    loaded = load("tiktoken:tiny")
    assert loaded.origin.loader == "tiktoken ranks, pattern of tiny"
    assert loaded.origin.spec == "tiktoken:tiny"


def test_named_encoding_that_is_not_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache.parent))
    with pytest.raises(SourceNotFoundError, match="cl100k_base") as caught:
        load("tiktoken:cl100k_base")
    assert "cl100k_base.tiktoken" in caught.value.hint
    with pytest.raises(SourceNotFoundError) as caught:
        load("tiktoken:gpt2")  # of which tiktoken keeps two files of another format
    assert "get_encoding('r50k_base')" in caught.value.hint
    with pytest.raises(SourceNotFoundError, match="llama3"):
        load("tiktoken:llama3")
    for spec in ("tiktoken:", "tiktoken:cl200k@qwen"):
        with pytest.raises(SpecError):
            load(spec)
    with pytest.raises(SpecError) as misspelt:
        load("tiktoken:cl100k")
    assert "tiktoken:cl100k_base?" in misspelt.value.hint


def test_damaged_file_in_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache.parent))
    cache.write_bytes(cache.read_bytes()[:-20])
    with pytest.raises(InvalidTokenizerError, match="SHA-256"):
        load("tiktoken:tiny")
    assert cache.is_file()

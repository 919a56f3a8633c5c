"""Copies on this machine are taken without the Hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.loading import load
from tokstat.loading.copies import load_copy


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bert_json: bytes) -> Path:
    """A cache of the Hub's client that has one repository."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    home = tmp_path / "hub" / "models--some--bert"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text("abc", "utf-8")
    (home / "snapshots" / "abc").mkdir(parents=True)
    (home / "snapshots" / "abc" / "tokenizer.json").write_bytes(bert_json)
    return home


def test_the_copy_in_the_cache_is_taken(cache: Path) -> None:
    found = load("some/bert", prefers_copy=True)
    assert (found.origin.source, found.origin.revision) == ("hf:some/bert (cache)", "abc")
    assert load("hf:some/bert", prefers_copy=True).origin.sha256 == found.origin.sha256


def test_an_incomplete_copy_is_none(cache: Path) -> None:
    (cache / "snapshots" / "abc" / "tokenizer.json").unlink()
    assert load_copy("some/bert", "some/bert") is None
    assert load_copy("other/bert", "other/bert") is None


def test_the_packaged_copy_is_next(cache: Path) -> None:
    found = load_copy("answerdotai/ModernBERT-base", "answerdotai/ModernBERT-base")
    assert found is not None
    assert found.origin.source.startswith("packaged copy")

"""What a spec names: a path before a Hub name, and prefixes before both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import word_level_json
from tokstat.errors import SourceNotFoundError, SpecError
from tokstat.loading import hub
from tokstat.loading.resolve import load


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Which repositories were asked for."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr(hub, "load_repository", lambda *given: found.append(given))
    return found


@pytest.mark.parametrize(
    ("spec", "repository", "revision"),
    [
        ("gpt2", "gpt2", None),
        ("org/name", "org/name", None),
        ("org/name@v1.0", "org/name", "v1.0"),
        ("hf:org/name@refs/pr/1", "org/name", "refs/pr/1"),
    ],
)
def test_names_of_the_hub(
    spec: str, repository: str, revision: str | None, asked: list[tuple[Any, ...]]
) -> None:
    load(spec)
    assert asked == [(spec, repository, revision)]


def test_a_path_that_exists_comes_first(
    asked: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gpt2").mkdir()
    (tmp_path / "gpt2" / "tokenizer.json").write_bytes(word_level_json("a"))
    assert len(load("gpt2").vocabulary) == 2
    load("hf:gpt2")
    assert asked == [("hf:gpt2", "gpt2", None)]


@pytest.mark.parametrize("spec", ["./absent", "/absent", "a/b/c", "absent.json", "gguf:absent"])
def test_a_path_that_does_not_exist(spec: str, asked: list[tuple[Any, ...]]) -> None:
    with pytest.raises(SourceNotFoundError):
        load(spec)
    assert asked == []


@pytest.mark.parametrize("spec", ["", " ", "two words", "hf:", "org/name@"])
def test_what_is_no_spec(spec: str, asked: list[tuple[Any, ...]]) -> None:
    with pytest.raises(SpecError):
        load(spec)
    assert asked == []

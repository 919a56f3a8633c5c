"""Places in which commands run, and what they find there."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.hub_server import Hub
from tests.small_tokenizers import SMALL
from tests.wordsim import as_file, random_pairs, save_static_model, source_of, word_level
from tokstat.wordsim import evaluation, sets, store
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS
from tokstat.wordsim.store import load_set


@pytest.fixture
def spec(tmp_path: Path, bert_json: bytes) -> str:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(bert_json)
    return str(file)


@pytest.fixture
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collected: None) -> None:
    """Work in an empty folder, with an empty cache, and never wait."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("TOKSTAT_DATA", raising=False)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


@pytest.fixture
def small_tokenizer(tmp_path: Path, empty_place: None) -> None:
    """Work in a folder with a small tokenizer."""
    (tmp_path / "small").mkdir()
    SMALL["byte-level"]().save(str(tmp_path / "small" / "tokenizer.json"))


def report(outcome: Outcome) -> dict[str, Any]:
    assert outcome.code == 0, outcome.stderr
    found: dict[str, Any] = json.loads(outcome.stdout, parse_constant=pytest.fail)
    return found


WORDS = ["tiger", "cat", "New York", "zebra", "apple", "Apple", "run", "ran"]


STAND_INS = {
    source: as_file(random_pairs(20 + index, WORDS, index))
    for index, source in enumerate(WORDSIM_SETS)
}
"""A small file for each of the seven sets."""


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A static model that knows the words of WordSim-353 and of the small files."""
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    known = sorted({*packaged.words, "New", "York", *WORDS} - {"New York", "zebra"})
    save_static_model(tmp_path / "model", word_level(*known))
    return "model"


@pytest.fixture
def small_sets(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Make the small files those of the seven sets, and return them by name."""
    made = {
        replace(source_of(content, source.name), pairs=20 + index, file=source.file): content
        for index, (source, content) in enumerate(STAND_INS.items())
    }
    for module in (sets, store):
        monkeypatch.setattr(module, "ALL_SETS", (*made, *PACKAGED_SETS))
    for module in (sets, evaluation):
        monkeypatch.setattr(module, "WORDSIM_SETS", tuple(made))
    return {source.file: content for source, content in made.items()}


@pytest.fixture
def folder(small_sets: dict[str, bytes], tmp_path: Path) -> str:
    """A folder with the small files."""
    (tmp_path / "sets").mkdir()
    for name, content in small_sets.items():
        (tmp_path / "sets" / name).write_bytes(content)
    return "sets"


@pytest.fixture
def source(hub: Hub, small_sets: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A server with the small files, which they are fetched from."""
    # It would print that a client went away in the middle of an answer.
    monkeypatch.setattr(hub, "handle_error", lambda *about: None)
    hub.commit("org/sets", small_sets)
    monkeypatch.setenv("TOKSTAT_DATA_URL", f"{hub.url}/org/sets/resolve/main/")
    return hub


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bert_json: bytes) -> Path:
    """A working folder with BERT's tokenizer, which has one finding: TS103, of level info."""
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    monkeypatch.chdir(tmp_path)
    return tmp_path


INSPECT = ("inspect", "tokenizer.json", "--analyzer", "composition", "--analyzer", "whole_words")

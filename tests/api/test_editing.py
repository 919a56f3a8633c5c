"""Ladders and repairs: what they need before anything is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.conftest import wrap
from tests.experiments import HashTeacher
from tests.small_tokenizers import SMALL
from tokstat.errors import EditError, OutputError
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.sets import PACKAGED_SETS
from tokstat.wordsim.store import load_set


def test_a_repair_without_a_change_is_refused(small_files: list[str], tmp_path: Path) -> None:
    with pytest.raises(EditError):
        tokstat.repair(small_files[0], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_exists_is_not_written_to(small_files: list[str], tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        tokstat.repair(small_files[0], tmp_path, decase=True)
    assert list(tmp_path.iterdir()) == []


STEPS = ("leading_blank", "decase", "drop_fragment", "add_words", "greedy")


def test_the_packaged_ladders_have_five_rungs() -> None:
    for ladder in (tokstat.read_ladder(), *tokstat.read_ladders().ladders):
        assert tuple(rung.step for rung in ladder.rungs) == STEPS


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


@pytest.fixture(scope="module")
def target() -> Tokenizer:
    return wrap(SMALL["wordpiece"](), "wordpiece")


def test_whatif_takes_the_packaged_set_where_others_are_absent(
    tokenizer: Tokenizer, target: Tokenizer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TOKSTAT_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("tokstat.distillation.encoders.load_teacher", lambda spec: HashTeacher())
    found = tokstat.whatif(tokenizer, target=target, add_words=500)
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    assert found.sets == (packaged.source.name,)
    assert len(found.missing_sets) == 7
    assert found.start.words == len(packaged.words)
    assert tuple(rung.step for rung in found.rungs) == STEPS
    assert "500 most frequent words" in found.rungs[-2].title
    assert all(rung.part is None for rung in found.rungs)

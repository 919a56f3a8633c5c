"""Grids of texts and of counted words, without a transformer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.experiments import HashTeacher
from tests.experiments.test_grid_effects import make_grid
from tokstat.errors import CorpusError, DataError, OutputError
from tokstat.experiments.grid import Grid
from tokstat.experiments.grid_effects import with_effects


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments of each grid, none of which is measured."""
    found: list[Any] = []
    grid = with_effects(make_grid(lambda a, s, c, b: a, noise=1.0))

    def run(*places: Any, **options: Any) -> Grid:
        found.append((places, options))
        options["on_row"](grid)
        return grid

    monkeypatch.setattr("tokstat.experiments.grid_run.run_grid", run)
    return found


def test_texts_and_counted_words(given: list[Any], tmp_path: Path) -> None:
    text, path = tmp_path / "text.txt", tmp_path / "grid.json"
    text.write_text("A tiger saw a tiger\n", "utf-8")
    teacher = HashTeacher()
    grid = tokstat.run_grid(text, teacher=teacher, sizes=[3], path=path, folder=tmp_path)
    again = tokstat.run_grid(
        {" tiger": 2, "the": 1}, teacher=teacher, sizes=[2], path=path, name="two words"
    )
    assert tokstat.read_grid(path) == grid == again
    (places, options), (others, more) = given
    assert places[1:3] == ({"A": 1, " tiger": 2, " saw": 1, " a": 1}, str(text))
    assert others[1:3] == ({" tiger": 2, "the": 1}, "two words")
    assert (options["sizes"], options["folder"], options["finished"]) == ([3], tmp_path, None)
    assert more["finished"] == grid


def test_what_is_refused_before_anything(given: list[Any], tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("A tiger saw a tiger\n", "utf-8")
    with pytest.raises(DataError, match=r"3 distinct words, too few to learn 32,000 tokens"):
        tokstat.run_grid([text], teacher="absent")
    with pytest.raises(CorpusError, match="names no text file"):
        tokstat.run_grid(tmp_path / "absent.txt", teacher="absent")
    with pytest.raises(OutputError):
        tokstat.run_grid(text, teacher="absent", path=tmp_path / "absent" / "grid.json")
    (tmp_path / "grid.json").write_text("{}", "utf-8")
    with pytest.raises(DataError, match="not a saved grid"):
        tokstat.run_grid(text, teacher="absent", path=tmp_path / "grid.json")
    assert given == []

"""A grid as data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.experiments.test_grid_effects import make_grid
from tokstat.errors import DataError
from tokstat.experiments.grid import (
    PACKAGED_GRIDS,
    SPACE_LEVELS,
    Grid,
    order_of,
    packaged_grid,
    read_grid,
)
from tokstat.experiments.grid_effects import with_effects


@pytest.fixture(scope="module")
def grid() -> Grid:
    return with_effects(make_grid(lambda a, s, c, b: 10 + a + s + c * b, noise=1.0))


def test_a_grid_is_read_again(grid: Grid, tmp_path: Path) -> None:
    path = tmp_path / "grid.json"
    path.write_text(grid.to_json(), "utf-8")
    assert read_grid(path) == grid
    small = grid.without_samples()
    assert len(small.to_json()) < len(grid.to_json()) / 2
    assert Grid.from_json(small.to_json()) == small != grid
    assert small.effects == grid.effects


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 1}', "no JSON"])
def test_other_data_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "grid.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"grid\.json: The file is not a saved grid"):
        read_grid(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_grid(tmp_path / "nothing.json")


def test_the_table_has_a_row_for_each_row(grid: Grid) -> None:
    table = grid.to_table()
    assert len(table.columns["wordsim"]) == len(grid.rows) == 36
    assert "samples" not in table.columns
    assert table.columns["men"] == table.columns["wordsim"]
    assert len(grid.to_csv().splitlines()) == 37
    assert replace(grid, rows=()).to_csv() == ""


def test_levels_have_an_order() -> None:
    assert order_of("size", ["16,000", "8,000", "64,000"]) == ["8,000", "16,000", "64,000"]
    assert order_of("space", ["dropped", "alone", "in text"]) == ["alone", "in text", "dropped"]
    assert order_of("algorithm", ["Unigram", "BPE"]) == ["BPE", "Unigram"]


def test_packaged_grids_are_of_the_same_tokenizers() -> None:
    first, *others = map(packaged_grid, PACKAGED_GRIDS)
    assert packaged_grid() == first
    places = {row.levels: row.sha256 for row in first.rows}
    assert set(first.levels("space")) == {*SPACE_LEVELS}
    assert len(first.levels("size")) == 4
    assert len(places) == len(first.rows) == 72
    for other in others:
        assert {row.levels: row.sha256 for row in other.rows} == places
        assert other.teacher_sha256 != first.teacher_sha256
    with pytest.raises(DataError, match=r"'word2vec'.*multilingual-e5-small"):
        packaged_grid("word2vec")

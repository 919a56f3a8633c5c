"""Several teachers in turn: one that fails stops no other, and no finished row is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import tokstat
from tests.conftest import wrap
from tests.experiments import HashTeacher
from tests.small_tokenizers import SMALL
from tokstat.distillation.teachers import Progress, Recipe, Teacher, Vectors
from tokstat.errors import TeacherError
from tokstat.experiments.by_teacher import StudiesByTeacher, read_studies
from tokstat.experiments.ladder import Ladder
from tokstat.experiments.several_teachers import climb_with, study_with
from tokstat.wordsim.study_results import Study, packaged_study


class BrokenTeacher(HashTeacher):
    """A teacher whose weights turn out to be damaged."""

    def embed(
        self,
        texts: Sequence[str],
        recipe: Recipe,
        progress: Progress | None = None,
        before_new: Callable[[], None] | None = None,
    ) -> Vectors:
        raise TeacherError("The weights are damaged", "Give others.")


def half_a_study(teacher: Teacher, finished: Study | None, save: Callable[[Study], None]) -> Study:
    """Save two rows; a broken teacher then fails."""
    rows = finished.rows if finished is not None else ()
    study = replace(
        packaged_study(), teacher=teacher.name, teacher_sha256=teacher.sha256, rows=rows
    )
    more = packaged_study().rows[len(rows) : len(rows) + 2]
    save(replace(study, rows=(*rows, *more)))
    if isinstance(teacher, BrokenTeacher):
        teacher.embed([], Recipe())
    return replace(study, rows=(*rows, *more))


def rows_of(found: StudiesByTeacher) -> dict[str, int]:
    return {each.teacher_sha256: len(each.rows) for each in found.studies}


def test_no_finished_row_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "studies.json"
    teachers = [HashTeacher("one"), BrokenTeacher("two"), HashTeacher("three")]
    found = study_with(teachers, path, half_a_study)
    assert rows_of(found) == {"one": 2, "two": 2, "three": 2}
    assert [each.teacher for each in found.missing] == ["hashes"]
    assert "damaged" in found.missing[0].reason
    assert read_studies(path) == found
    again = study_with([HashTeacher("two")], path, half_a_study)
    assert rows_of(again) == {"one": 2, "two": 4, "three": 2}
    assert again.missing == ()


def test_an_interrupted_study_is_saved(tmp_path: Path) -> None:
    def stop(teacher: Teacher, finished: Study | None, save: Callable[[Study], None]) -> Study:
        half_a_study(teacher, finished, save)
        raise KeyboardInterrupt

    path = tmp_path / "studies.json"
    with pytest.raises(KeyboardInterrupt):
        study_with([HashTeacher("one")], path, stop)
    assert rows_of(read_studies(path)) == {"one": 2}


def test_a_study_of_one_teacher_is_continued_with_several(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    one = replace(packaged_study(), teacher_sha256="one", rows=packaged_study().rows[:2])
    path.write_text(one.to_json(), "utf-8")
    found = study_with([HashTeacher("one"), HashTeacher("two")], path, half_a_study)
    assert rows_of(found) == {"one": 4, "two": 2}


def test_without_any_teacher() -> None:
    def fail(teacher: Teacher) -> Ladder:
        raise TeacherError(f"{teacher.sha256} is broken", "Give others.")

    with pytest.raises(TeacherError, match="one is broken"):
        climb_with([HashTeacher("one"), HashTeacher("two")], fail)
    with pytest.raises(TeacherError, match="no teacher"):
        climb_with([], fail)


def test_whatif_with_several() -> None:
    tokenizer = wrap(SMALL["byte-level"](), "byte-level")
    teachers = [HashTeacher("one"), BrokenTeacher("two"), HashTeacher("three"), HashTeacher("one")]
    found = tokstat.whatif(tokenizer, teacher=teachers, add_words=300)
    assert [each.teacher_sha256 for each in found.ladders] == ["one", "three"]
    assert len(found.missing) == 1
    alone = tokstat.whatif(tokenizer, teacher=HashTeacher("one"), add_words=300)
    assert found.ladders[0] == alone
    assert [rung.step for rung in alone.rungs][-1] == "greedy"

"""Measure under several teachers, one after the other; what is finished outlives a failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from tokstat.distillation.encoders import TeacherSpec, load_teacher
from tokstat.distillation.teachers import Teacher
from tokstat.errors import MissingExtraError, TeacherError
from tokstat.experiments.by_teacher import (
    LaddersByTeacher,
    MissingTeacher,
    StudiesByTeacher,
    read_studies,
)
from tokstat.experiments.ladder import Ladder
from tokstat.experiments.study import Measure
from tokstat.io.files import save_file
from tokstat.wordsim.study_results import Study

_Found = TypeVar("_Found")

_Missing = list[tuple[MissingTeacher, TeacherError | MissingExtraError]]


def climb_with(
    teachers: Sequence[TeacherSpec], climb: Callable[[Teacher], Ladder]
) -> LaddersByTeacher:
    """Measure a ladder with each teacher; those that fail are named in the result.

    Raises:
        TeacherError, MissingExtraError: of the first teacher, if all fail.
    """
    ladders, missing = _in_turn(teachers, climb)
    if not ladders:
        raise missing[0][1]
    return LaddersByTeacher(tuple(ladders), tuple(each for each, _ in missing))


def study_with(
    teachers: Sequence[TeacherSpec], path: Path | None, measure: Measure
) -> StudiesByTeacher:
    """Make a study with each teacher, and save all after each tokenizer.

    Saved studies of other teachers stay in the file. A teacher that fails keeps the rows that it
    has.

    Raises:
        DataError: the file has no saved studies.
        TeacherError, MissingExtraError: of the first teacher, if all fail and no row is finished.
    """
    saved = read_studies(path).studies if path is not None and path.is_file() else ()
    studies = {each.teacher_sha256: each for each in saved}

    def keep(study: Study) -> None:
        studies[study.teacher_sha256] = study
        if path is not None:
            save_file(path, StudiesByTeacher(tuple(studies.values())).to_json())

    def measured(teacher: Teacher) -> Study:
        study = measure(teacher, studies.get(teacher.sha256), keep)
        keep(study)
        return study

    _, missing = _in_turn(teachers, measured)
    if not studies:
        raise missing[0][1]
    found = StudiesByTeacher(tuple(studies.values()), tuple(each for each, _ in missing))
    if path is not None:
        save_file(path, found.to_json())
    return found


def _in_turn(
    teachers: Sequence[TeacherSpec], measure: Callable[[Teacher], _Found]
) -> tuple[list[_Found], _Missing]:
    """Measure with each teacher, and collect the errors of those that cannot be used."""
    if not teachers:
        raise TeacherError("There is no teacher", "Give a teacher, or a list of them.")
    found: list[_Found] = []
    missing: _Missing = []
    done: set[str] = set()
    for spec in teachers:
        name = _name_of(spec)
        try:
            teacher = load_teacher(spec)
            if teacher.sha256 not in done:
                done.add(teacher.sha256)
                found.append(measure(teacher))
        except (TeacherError, MissingExtraError) as error:
            missing.append((MissingTeacher(name, str(error)), error))
    return found, missing


def _name_of(spec: TeacherSpec) -> str:
    if isinstance(spec, Teacher):
        return spec.name
    return str(getattr(spec, "__qualname__", spec)) if callable(spec) else str(spec)

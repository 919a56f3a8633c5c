"""Ladders and studies under several teachers, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tokstat.errors import DataError, TeacherError
from tokstat.experiments.ladder import LADDER_FILE, PACKAGED_LADDERS, Ladder, Rung, text_of
from tokstat.io.csv_and_json import to_csv, to_json
from tokstat.io.limits import parse_json
from tokstat.results.from_json import UNREADABLE, build, shape_of
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted
from tokstat.wordsim.study_results import Study, StudyRow, read_study_text


@dataclass(frozen=True)
class MissingTeacher:
    """Name a teacher that could not be used, and the reason."""

    teacher: str
    reason: str


def require_teachers(found: object) -> None:
    """Raise TeacherError if a result under several teachers lacks one; it names all of them."""
    if not isinstance(found, (LaddersByTeacher, StudiesByTeacher)) or not found.missing:
        return
    count = counted(len(found.missing), "teacher")
    reasons = " ".join(f"{each.teacher}: {each.reason}" for each in found.missing)
    measured = listed(found.teachers)
    raise TeacherError(
        f"{count} could not be used; the result has {measured}. {reasons.rstrip('.')}",
        "Run the command again with a teacher that works: what is measured is kept.",
    )


def mean_of(values: Sequence[float | None]) -> float | None:
    """Return the mean over teachers, None if one has no value."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None


def spread_of(values: Sequence[float | None]) -> float | None:
    """Return the largest minus the smallest value, None for fewer than two, or if one is absent."""
    known = [value for value in values if value is not None]
    return max(known) - min(known) if len(known) > 1 and len(known) == len(values) else None


def names_of(teachers: Sequence[str]) -> list[str]:
    """Return short names of teachers, without their folders where these do not tell them apart."""
    short = [name.rstrip("/").rpartition("/")[2] or name for name in teachers]
    return short if len(set(short)) == len(short) else list(teachers)


@dataclass(frozen=True)
class LaddersByTeacher(Written):
    """Hold what-if ladders of one tokenizer with the same steps, one a teacher."""

    ladders: tuple[Ladder, ...]
    missing: tuple[MissingTeacher, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for ladders that differ in more than the teacher, or for none."""
        settings = {
            (each.sha256, each.sets, each.mode, tuple(rung.step for rung in each.rungs))
            for each in self.ladders
        }
        if len(settings) != 1:
            raise ValueError(f"ladders of {len(settings)} kinds")

    def __repr__(self) -> str:
        return (
            f"<LaddersByTeacher of {quoted(self.ladders[0].tokenizer)} with"
            f" {listed(self.teachers)}>"
        )

    @property
    def teachers(self) -> list[str]:
        """Short names of the teachers."""
        return names_of([each.teacher for each in self.ladders])

    def rungs(self, place: int) -> list[Rung]:
        """Return one rung of every ladder."""
        return [each.rungs[place] for each in self.ladders]

    def to_table(self) -> Table:
        """Return rows of values by teacher with mean and spread, in blocks named by `measure`.

        These are WordSim in sequence, the change in sequence, the change alone, and where it was
        measured the mean change over all orders. The spread is the largest minus the smallest.
        """
        first = self.ladders[0]
        rows: list[tuple[str, str, list[float | None]]] = [
            ("wordsim", "as it is", [each.start.wordsim for each in self.ladders])
        ]
        for measure in ("wordsim", "change_in_sequence", "change_alone", "part"):
            for place, rung in enumerate(first.rungs):
                values = [_value(each, measure) for each in self.rungs(place)]
                if any(value is not None for value in values):
                    rows.append((measure, rung.title, values))
            if measure == "wordsim" and first.target is not None:
                targets = [each.target.wordsim if each.target else None for each in self.ladders]
                rows.append((measure, first.target_tokenizer or "", targets))
        columns: dict[str, tuple[Any, ...]] = {
            "measure": tuple(measure for measure, _, _ in rows),
            "step": tuple(step for _, step, _ in rows),
            **_by_teacher(self.teachers, [values for _, _, values in rows]),
        }
        return Table("ladders", "Changes and their effect on WordSim, by teacher", columns)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the ladders as JSON."""
        return to_json(self.to_dict(), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> LaddersByTeacher:
        """Rebuild ladders; a single ladder is one of them. Raises DataError for other data."""
        try:
            data = parse_json(text, "The saved ladders")
            if data.pop("schema_version") != SCHEMA_VERSION:
                raise ValueError("another schema version")
            if "ladders" not in data:
                return cls((Ladder.from_dict(data),))
            ladders = tuple(Ladder.from_dict(each) for each in data["ladders"])
            return cls(ladders, tuple(build(MissingTeacher, each) for each in data["missing"]))
        except UNREADABLE as error:
            raise DataError(
                f"The file has no saved ladders: {shape_of(error)}", LADDER_FILE
            ) from error


def _by_teacher(
    teachers: Sequence[str], rows: Sequence[Sequence[float | None]]
) -> dict[str, tuple[float | None, ...]]:
    """Return a column for each teacher, the mean and the spread, from rows of values by teacher."""
    return {
        **{name: tuple(row[number] for row in rows) for number, name in enumerate(teachers)},
        "mean": tuple(map(mean_of, rows)),
        "spread": tuple(map(spread_of, rows)),
    }


def _value(rung: Rung, measure: str) -> float | None:
    if measure == "wordsim":
        return rung.in_sequence.wordsim
    change = getattr(rung, measure)
    return None if change is None else float(change.value)


def read_ladders(path: Path) -> LaddersByTeacher:
    """Read saved ladders of several teachers, or of one. Raises DataError."""
    return LaddersByTeacher.from_json(text_of(path))


@cache
def packaged_ladders() -> LaddersByTeacher:
    """Return the packaged ladders; `python -m tests.tools.build_ladder` measures them again."""
    return read_ladders(PACKAGED_LADDERS)


@dataclass(frozen=True)
class StudiesByTeacher(Written):
    """Hold studies of the same tokenizers, one a teacher.

    A study that ended early has fewer rows, and is kept.
    """

    studies: tuple[Study, ...]
    missing: tuple[MissingTeacher, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError without a study."""
        if not self.studies:
            raise ValueError("no studies")

    def __repr__(self) -> str:
        return f"<StudiesByTeacher of {counted(self.tokenizers, 'tokenizer')} with" + (
            f" {listed(self.teachers)}>"
        )

    @property
    def teachers(self) -> list[str]:
        """Short names of the teachers."""
        return names_of([each.teacher for each in self.studies])

    @property
    def tokenizers(self) -> int:
        """The number of tokenizers that any study has."""
        return len({row.tokenizer for study in self.studies for row in study.rows})

    def to_table(self) -> Table:
        """Return a row for each tokenizer and convention: WordSim by teacher, mean and spread."""
        found: dict[tuple[str, str], dict[int, StudyRow]] = {}
        for number, study in enumerate(self.studies):
            for row in study.rows:
                found.setdefault((row.tokenizer, row.convention), {})[number] = row
        values = [
            [
                rows[number].wordsim if number in rows else None
                for number in range(len(self.studies))
            ]
            for rows in found.values()
        ]
        columns: dict[str, tuple[Any, ...]] = {
            "tokenizer": tuple(tokenizer for tokenizer, _ in found),
            "convention": tuple(convention for _, convention in found),
            **_by_teacher(self.teachers, values),
        }
        return Table("studies", "Tokenizers under several teachers", columns)

    def to_csv(self) -> str:
        """Return `to_table` as CSV with a header line."""
        table = self.to_table()
        return to_csv([tuple(table.columns), *table.rows()])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the studies as JSON."""
        return to_json(self.to_dict(), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> StudiesByTeacher:
        """Rebuild studies; a single study is one of them. Raises DataError for other data."""
        try:
            data = parse_json(text, "The saved studies")
            if "studies" not in data:
                return cls((build(Study, data),))
            if data.pop("schema_version") != SCHEMA_VERSION:
                raise ValueError("another schema version")
            return build(cls, data)
        except UNREADABLE as error:
            raise DataError(
                f"The file has no saved studies: {shape_of(error)}",
                "Give the file of: tokstat study SPEC... -o FILE",
            ) from error


def read_studies(path: Path) -> StudiesByTeacher:
    """Read saved studies of several teachers, or of one. Raises DataError."""
    text = read_study_text(path)
    try:
        return StudiesByTeacher.from_json(text)
    except DataError as error:
        raise DataError(f"{path}: {error.problem}", error.hint) from error

"""The rows of a study, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tokstat.errors import DataError, reason_of
from tokstat.io.csv_and_json import to_csv, to_json
from tokstat.io.files import PACKAGED_DATA
from tokstat.io.limits import parse_json, read_text
from tokstat.results.from_json import UNREADABLE, build, shape_of
from tokstat.results.report import Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted
from tokstat.wordsim.statistics import Floats

VOCABULARY_SCORES = ("whole_word_ratio", "casing_duplicate_ratio", "fragment_ratio")

SCORES = (*VOCABULARY_SCORES, "coverage", "wordsim353_coverage", "wordsim_coverage")
"""The scores that WordSim is correlated with; coverages are of words as the row encodes them."""


@dataclass(frozen=True)
class StudyRow:
    """Hold one tokenizer under one convention (words alone or in text), with its scores.

    Tokenizers of one `family` share most of their tokens; it has the name of its first member.
    `sha256` is of the tokenizer's file. `interval_low` and `interval_high` are those of WordSim,
    over words. `coverage` is over the lexicon's 20,000 most frequent words in lower case,
    `wordsim_coverage` over the words of WordSim, `wordsim353_coverage` over those of the packaged
    set.
    """

    tokenizer: str
    sha256: str
    scheme: str
    vocab_size: int
    convention: str
    wordsim: float
    interval_low: float
    interval_high: float
    whole_word_ratio: float
    casing_duplicate_ratio: float
    fragment_ratio: float
    coverage: float
    wordsim353_coverage: float
    wordsim_coverage: float
    rho: dict[str, float]
    family: str = ""


@dataclass(frozen=True)
class Study(Written):
    """Hold the rows of a study, and the settings that they were measured with.

    `capitalized` of the sets' `words` have a capital letter.
    """

    teacher: str
    teacher_sha256: str
    recipe: str
    mode: str
    seed: int
    environment: str
    rows: tuple[StudyRow, ...]
    words: int = 0
    capitalized: int = 0

    def __repr__(self) -> str:
        tokenizers = tuple(dict.fromkeys(row.tokenizer for row in self.rows))
        return (
            f"<Study with {quoted(self.teacher)}: {counted(len(self.rows), 'row')} of"
            f" {listed(tokenizers)}>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the study as JSON."""
        return to_json(self.to_dict(), indent=1) + "\n"

    def to_table(self) -> Table:
        """Return the rows, with one column for each set."""
        names = [each for each in StudyRow.__dataclass_fields__ if each != "rho"]
        sets = dict.fromkeys(name for row in self.rows for name in row.rho)
        rho = {name: tuple(row.rho.get(name) for row in self.rows) for name in sets}
        plain = Table.of("study", "Tokenizers under one teacher", self.rows, names)
        return replace(plain, columns={**plain.columns, **rho})

    @classmethod
    def from_json(cls, text: str) -> Study:
        """Rebuild a study. Raises DataError for other data."""
        try:
            data = parse_json(text, "The saved study")
            if "studies" in data:
                raise DataError(
                    f"The file has studies of {counted(len(data['studies']), 'teacher')}",
                    "Make a study with one: tokstat study SPEC... --teacher TEACHER -o FILE",
                )
            return build(cls, data)
        except UNREADABLE as error:
            raise DataError(
                f"The file is not a saved study: {shape_of(error)}",
                "Give the file of: tokstat study SPEC... -o FILE",
            ) from error

    def to_csv(self) -> str:
        """Return `to_table` as CSV with a header line; nothing without rows."""
        table = self.to_table()
        return to_csv([tuple(table.columns), *table.rows()] if self.rows else [])


def read_study(path: Path) -> Study:
    """Read a saved study. Raises DataError for a file that cannot be read, or has other data."""
    text = read_study_text(path)
    try:
        return Study.from_json(text)
    except DataError as error:
        raise DataError(f"{path}: {error.problem}", error.hint) from error


def read_study_text(path: Path) -> str:
    """Read the text of a saved study. Raises DataError."""
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path} cannot be read: {reason_of(error)}",
            "Give the file of: tokstat study SPEC... -o FILE",
        ) from error


@cache
def packaged_study() -> Study:
    """Return the packaged study; `python tests/tools/build_study.py` measures it again."""
    return Study.from_json((PACKAGED_DATA / "study.json").read_text("utf-8"))


def column(rows: Sequence[StudyRow], name: str) -> Floats:
    """Return one score of all rows, shape (rows,)."""
    return np.array([getattr(row, name) for row in rows], np.float64)


def rows_by_tokenizer(rows: Sequence[StudyRow]) -> list[list[int]]:
    """Return the positions of each tokenizer's rows."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.tokenizer, []).append(place)
    return list(places.values())


def rows_by_family(rows: Sequence[StudyRow]) -> list[list[int]]:
    """Return the positions of each family's rows; a tokenizer without family is one of its own."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.family or row.tokenizer, []).append(place)
    return list(places.values())

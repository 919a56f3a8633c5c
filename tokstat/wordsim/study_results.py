"""The rows of a study, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tokstat.errors import DataError
from tokstat.io.csv_and_json import to_csv, to_json
from tokstat.io.files import PACKAGED_DATA
from tokstat.io.limits import parse_json, read_text
from tokstat.results.from_json import build
from tokstat.wordsim.statistics import Floats

VOCABULARY_SCORES = ("whole_word_ratio", "casing_duplicate_ratio", "fragment_ratio")

SCORES = (*VOCABULARY_SCORES, "coverage", "wordsim353_coverage", "wordsim_coverage")
"""What a row's WordSim is held against; the coverages are of words as the row encodes them."""


@dataclass(frozen=True)
class StudyRow:
    """Hold one tokenizer under one convention, with its WordSim and its scores.

    `sha256` is of the tokenizer's file; `interval_low` and `_high` are WordSim's, over pairs;
    `coverage` is of the lexicon's 20,000 most frequent words, `wordsim_coverage` of WordSim's,
    `wordsim353_coverage` of the packaged set's.
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


@dataclass(frozen=True)
class Study:
    """Hold the rows of a study, and what they were made with."""

    teacher: str
    teacher_sha256: str
    recipe: str
    mode: str
    seed: int
    environment: str
    rows: tuple[StudyRow, ...]

    def to_json(self) -> str:
        """Return the study as JSON."""
        return to_json(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Study:
        """Rebuild a study. Raises DataError for data that is none."""
        try:
            data = parse_json(text, "The saved study")
            rows = tuple(build(StudyRow, row) for row in data["rows"])
            return build(cls, {**data, "rows": rows})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"The file is no saved study: {error!r}", "Give one that `tokstat study` wrote."
            ) from error

    def to_csv(self) -> str:
        """Return the rows as a table, one column a set."""
        table = [{**asdict(row), **row.rho} for row in self.rows]
        for row in table:
            del row["rho"]
        return to_csv([tuple(table[0]), *(tuple(row.values()) for row in table)] if table else [])


def read_study(path: Path) -> Study:
    """Read a saved study. Raises DataError for a file that cannot be read, or is none."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path} cannot be read: {error}", "Give a file of tokstat study."
        ) from error
    try:
        return Study.from_json(text)
    except DataError as error:
        raise DataError(f"{path}: {error.problem}", error.hint) from error


@cache
def packaged_study() -> Study:
    """Return the packaged study; `python tests/tools/build_study.py` measures it again."""
    return Study.from_json((PACKAGED_DATA / "study.json").read_text("utf-8"))


def column(rows: Sequence[StudyRow], name: str) -> Floats:
    """Return one score of all rows, shape (rows,)."""
    return np.array([getattr(row, name) for row in rows], np.float64)


def rows_by_tokenizer(rows: Sequence[StudyRow]) -> list[list[int]]:
    """Return the places of each tokenizer's rows."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.tokenizer, []).append(place)
    return list(places.values())

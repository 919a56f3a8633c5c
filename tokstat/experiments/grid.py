"""A grid of tokenizers trained alike, and the effects of what they differ in, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tokstat.errors import DataError, reason_of
from tokstat.io.csv_and_json import to_csv, to_json
from tokstat.io.files import PACKAGED_DATA
from tokstat.io.limits import parse_json, read_text
from tokstat.results.from_json import UNREADABLE, build, shape_of
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, quoted

FACTORS = ("algorithm", "size", "casing", "space")
"""What the rows of a grid differ in."""

SPACE_LEVELS = ("alone", "in text", "dropped")
"""What becomes of the space before a word.

In the first two it is part of tokens, as in GPT-2, and words are encoded without one, or in text.
In the third it is dropped, as in BERT, so that a word is encoded alike alone and in text.
"""

_FILE = "Give the file of: tokstat study --grid TEXT... -o FILE"


@dataclass(frozen=True)
class GridRow:
    """Hold the measurement of one tokenizer of a grid, with words encoded in one way.

    `size` is the number of tokens. `interval_low` and `interval_high` are the 95% interval of
    WordSim over words. `coverage` is over the lexicon's 20,000 most frequent words in lower case,
    `wordsim_coverage` over the words of WordSim: the share that is one token. `samples` has WordSim
    of each resample of words, the same ones in each row; it is left out of the packaged grid.
    """

    algorithm: str
    size: int
    casing: str
    space: str
    sha256: str
    wordsim: float
    interval_low: float
    interval_high: float
    coverage: float
    wordsim_coverage: float
    rho: dict[str, float]
    samples: tuple[float, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The row's level of each factor, in words."""
        return (self.algorithm, f"{self.size:,}", self.casing, self.space)


@dataclass(frozen=True)
class GridEffect:
    """Hold the change of WordSim from one level of a factor to another, all else equal.

    It is the mean over all levels of the other factors, or over those with one level of `within`.
    `given_coverage` is what is left of it when WordSim is first predicted from coverage alone, by a
    curve through all rows. Intervals are over words; each resample fits the curve again.
    """

    factor: str
    low: str
    high: str
    within: str
    level: str
    change: float
    interval: tuple[float, float]
    given_coverage: float
    given_interval: tuple[float, float]


@dataclass(frozen=True)
class GridShare:
    """Hold the share of WordSim's variance over the rows that factors account for together.

    One factor is a main effect, two are an interaction: what their main effects leave. The rest of
    the variance is that of interactions of three and four. `given_coverage` is the same share of
    the variance of WordSim, of what the curve of coverage leaves.
    """

    factors: tuple[str, ...]
    share: float
    interval: tuple[float, float]
    given_coverage: float


@dataclass(frozen=True)
class Grid(Written):
    """Hold the rows of a grid, and the effects of what they differ in.

    `text` names the text that the tokenizers were trained on: `words` in all, `distinct` ones in
    lower case. `text_sha256` is of its counted words, scaled down as trainers see them.
    `explained` is the share of the variance of WordSim that the curve of coverage explains over all
    rows, and `curve` has its coefficients: the constant, of coverage, and of its square. An
    unfinished grid has none of these.
    """

    teacher: str
    teacher_sha256: str
    recipe: str
    mode: str
    seed: int
    environment: str
    text: str
    text_sha256: str
    words: int
    distinct: int
    rows: tuple[GridRow, ...]
    effects: tuple[GridEffect, ...] = ()
    shares: tuple[GridShare, ...] = ()
    curve: tuple[float, ...] = ()
    explained: float | None = None

    def __repr__(self) -> str:
        return f"<Grid with {quoted(self.teacher)}: {counted(len(self.rows), 'row')}>"

    @property
    def main_effects(self) -> tuple[GridEffect, ...]:
        """The effects over all levels of the other factors."""
        return tuple(each for each in self.effects if not each.within)

    def levels(self, factor: str) -> list[str]:
        """Return the levels of a factor, in the order of the rows."""
        place = FACTORS.index(factor)
        return list(dict.fromkeys(row.levels[place] for row in self.rows))

    def without_samples(self) -> Grid:
        """Return the grid without the resamples, to keep it small; its effects stay."""
        return replace(self, rows=tuple(replace(row, samples=()) for row in self.rows))

    def to_table(self) -> Table:
        """Return the rows, with one column for each set."""
        names = [each for each in GridRow.__dataclass_fields__ if each not in ("rho", "samples")]
        sets = dict.fromkeys(name for row in self.rows for name in row.rho)
        rho = {name: tuple(row.rho.get(name) for row in self.rows) for name in sets}
        plain = Table.of("grid", "Tokenizers trained alike", self.rows, names)
        return replace(plain, columns={**plain.columns, **rho})

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the grid as JSON."""
        return to_json(self.to_dict()) + "\n"

    def to_csv(self) -> str:
        """Return `to_table` as CSV with a header line; nothing without rows."""
        table = self.to_table()
        return to_csv([tuple(table.columns), *table.rows()] if self.rows else [])

    @classmethod
    def from_json(cls, text: str) -> Grid:
        """Rebuild a grid. Raises DataError for other data."""
        try:
            data = parse_json(text, "The saved grid")
            if data.pop("schema_version") != SCHEMA_VERSION:
                raise ValueError("another schema version")
            return build(cls, data)
        except UNREADABLE as error:
            raise DataError(f"The file is not a saved grid: {shape_of(error)}", _FILE) from error


def read_grid(path: Path) -> Grid:
    """Read a saved grid. Raises DataError for a file that cannot be read, or has other data."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {reason_of(error)}", _FILE) from error
    try:
        return Grid.from_json(text)
    except DataError as error:
        raise DataError(f"{path}: {error.problem}", error.hint) from error


PACKAGED_GRIDS = {
    "all-MiniLM-L6-v2": PACKAGED_DATA / "grid.json",
    "multilingual-e5-small": PACKAGED_DATA / "grid_cased.json",
}
"""The files of the packaged grids by teacher: an uncased one, and a cased one."""


@cache
def packaged_grid(teacher: str = "all-MiniLM-L6-v2") -> Grid:
    """Return a packaged grid; `python -m tests.tools.build_grid` measures them again.

    Raises:
        DataError: there is none with this teacher.
    """
    if teacher not in PACKAGED_GRIDS:
        raise DataError(
            f"There is no packaged grid with the teacher {teacher!r}",
            f"Choose one of: {', '.join(PACKAGED_GRIDS)}.",
        )
    return read_grid(PACKAGED_GRIDS[teacher])


def order_of(factor: str, levels: Sequence[str]) -> list[str]:
    """Return levels in their usual order: sizes by number, spaces as words are met."""
    if factor == "size":
        return sorted(levels, key=lambda level: int(level.replace(",", "")))
    usual = ("BPE", "WordPiece", "Unigram", "cased", "lower-cased", *SPACE_LEVELS)
    return sorted(levels, key=usual.index)

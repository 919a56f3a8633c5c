"""The rungs of a what-if ladder, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tokstat.errors import DataError, reason_of
from tokstat.experiments.conditions import Conditions
from tokstat.io.csv_and_json import to_json
from tokstat.io.files import PACKAGED_DATA
from tokstat.io.limits import parse_json, read_text
from tokstat.results.from_json import UNREADABLE, build, shape_of
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted


@dataclass(frozen=True)
class Measurement:
    """Hold the measurements of one edited tokenizer.

    `steps` are the changes made. `wordsim` is the mean over the sets, `interval` its 95% interval
    over words, `rho` the value of each set. `single` of the sets' `words` are one token.
    The rest counts tokens, as `tokstat.editing.edit.Edit` does.
    """

    steps: tuple[str, ...]
    wordsim: float
    interval: tuple[float, float]
    rho: dict[str, float]
    words: int
    single: int
    vocab_size: int
    removed: int
    renamed: int
    added: int
    skipped: int
    indispensable: int
    stranded: int

    def __post_init__(self) -> None:
        if self.words < 1:
            raise ValueError("a measurement of no words")

    @property
    def coverage(self) -> float:
        """Share of the sets' words that are one token."""
        return self.single / self.words


@dataclass(frozen=True)
class Change:
    """Hold a difference of WordSim and its 95% interval, over the same words on both sides."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Rung:
    """Hold one step: made alone, made after those before it, and averaged over all orders.

    `part` is that average, None unless every order was measured.
    """

    step: str
    title: str
    alone: Measurement
    change_alone: Change
    in_sequence: Measurement
    change_in_sequence: Change
    part: Change | None


@dataclass(frozen=True)
class Ladder(Conditions, Written):
    """Hold a what-if ladder, and the settings that it was measured with.

    `target` is the measurement of another, unchanged tokenizer. `weights` tells where the teacher's
    weights came from, "" where only its name is known. `texts` tells that pairs of texts were
    scored in place of words; `wordsim` is then the mean correlation with their scores.
    """

    start: Measurement
    rungs: tuple[Rung, ...]
    target_tokenizer: str | None = None
    target: Measurement | None = None
    weights: str = ""
    texts: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a measurement that lacks a set."""
        measured = [self.start, *(rung.in_sequence for rung in self.rungs)]
        measured += [] if self.target is None else [self.target]
        if any(set(self.sets) - each.rho.keys() for each in measured):
            raise ValueError("a measurement lacks a set")

    def __repr__(self) -> str:
        steps = listed([rung.step for rung in self.rungs])
        return (
            f"<Ladder of {quoted(self.tokenizer)} with {quoted(self.teacher)}:"
            f" WordSim {self.start.wordsim:.1f}; steps {steps}>"
        )

    @property
    def score(self) -> str:
        """What the score is: WordSim, the mean of other sets, or the correlation of texts."""
        if self.texts:
            return "correlation"
        return "mean" if self.missing_sets else "WordSim"

    @property
    def distance(self) -> float | None:
        """WordSim of the target minus that of the unchanged tokenizer."""
        return None if self.target is None else self.target.wordsim - self.start.wordsim

    def to_table(self) -> Table:
        """Return a row for each change: its effect alone, in sequence, and over all orders."""
        rungs = self.rungs
        changes: dict[str, list[Change] | list[Change | None]] = {
            "change_alone": [rung.change_alone for rung in rungs],
            "change_in_sequence": [rung.change_in_sequence for rung in rungs],
            "part": [rung.part for rung in rungs],
        }
        columns: dict[str, tuple[Any, ...]] = {
            "step": tuple(rung.step for rung in rungs),
            "title": tuple(rung.title for rung in rungs),
            "wordsim": tuple(rung.in_sequence.wordsim for rung in rungs),
            "coverage": tuple(rung.in_sequence.coverage for rung in rungs),
            "tokens": tuple(rung.in_sequence.vocab_size for rung in rungs),
        }
        for name, column in changes.items():
            columns[name] = tuple(None if each is None else each.value for each in column)
            for end, which in (("low", 0), ("high", 1)):
                columns[f"{name}_{end}"] = tuple(
                    None if each is None else each.interval[which] for each in column
                )
        return Table("rungs", "Changes and their effect on WordSim", columns)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the ladder as JSON."""
        return to_json(self.to_dict(), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Ladder:
        """Rebuild a ladder. Raises DataError for other data."""
        try:
            data = parse_json(text, "The saved ladder")
            if data.pop("schema_version") != SCHEMA_VERSION:
                raise ValueError("another schema version")
            if "ladders" in data:
                raise DataError(
                    f"The file has ladders of {counted(len(data['ladders']), 'teacher')}",
                    "Read it with tokstat.read_ladders.",
                )
            return cls.from_dict(data)
        except UNREADABLE as error:
            raise DataError(
                f"The file is not a saved ladder: {shape_of(error)}", LADDER_FILE
            ) from error

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Ladder:
        """Rebuild a ladder from plain data without a version. Raises one of UNREADABLE."""
        ladder = build(cls, data)
        if not ladder.rungs:
            raise ValueError("no rungs")
        return ladder


LADDER_FILE = "Give the file of: tokstat whatif SPEC --json -o FILE"
"""What to do about a file that is no saved ladder."""

PACKAGED_LADDERS = PACKAGED_DATA / "ladders.json"
"""The ladders from ModernBERT to BERT, by teacher."""


def read_ladder(path: Path | None = None) -> Ladder:
    """Read a saved ladder; by default the packaged one, from ModernBERT to BERT.

    `python -m tests.tools.build_ladder` measures the packaged one again. Raises DataError.
    """
    if path is not None:
        return Ladder.from_json(text_of(path))
    packaged = parse_json(text_of(PACKAGED_LADDERS), "The packaged ladders")
    return Ladder.from_dict(packaged["ladders"][0])


def text_of(path: Path) -> str:
    """Read the text of a saved ladder, or of several. Raises DataError."""
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {reason_of(error)}", LADDER_FILE) from error

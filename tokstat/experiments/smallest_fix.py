"""WordSim by the number of words added, and the fewest that equal the leading space, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tokstat.experiments.conditions import Conditions
from tokstat.io.csv_and_json import to_json
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import quoted

FORMS = ("alone", "in text", "both")
"""How words are added: as the token of the word alone, of the word in text, or both."""


@dataclass(frozen=True)
class FixPoint:
    """Hold a measurement with words added in one form, or with the leading space.

    `words` of the list were to be added, which took `tokens` new tokens. `wordsim` and its 95%
    interval are of words encoded alone, `wordsim_in_text` of words in text. `single` is the share
    of the sets' words that are one token alone.
    """

    form: str
    words: int
    tokens: int
    wordsim: float
    interval: tuple[float, float]
    wordsim_in_text: float
    single: float


@dataclass(frozen=True)
class CauseGain:
    """Hold what a fix brings by way of one cause; the `points` of all causes are the whole change.

    `off_before` and `off_after` are the mean distance of a pair's rank from the one by its rating,
    as a share of its set.
    """

    fix: str
    cause: str
    pairs: int
    points: float
    off_before: float
    off_after: float


@dataclass(frozen=True)
class PairGain:
    """Hold one pair that the leading space brings nearer to its rating; ranks are as in CauseGain.

    Rank 1 is the most similar pair of the set, by the `rating`, and by cosine before and after.
    """

    set: str
    first: str
    second: str
    cause: str
    rating: float
    before: float
    after: float


@dataclass(frozen=True)
class SmallestFix(Conditions, Written):
    """Hold the curve of words added, and what equals the leading space.

    `words` names the list that words are taken from, in its order. `equal` is the measurement with
    the fewest words added, each as its token alone, whose WordSim is at least that of `space`: that
    is `start` where the space gains nothing, and None if no number of words reaches it.
    """

    words: str
    start: FixPoint
    space: FixPoint
    points: tuple[FixPoint, ...]
    equal: FixPoint | None
    causes: tuple[CauseGain, ...]
    pairs: tuple[PairGain, ...]

    def __repr__(self) -> str:
        fewest = "no number of words" if self.equal is None else f"{self.equal.words:,} words"
        return f"<SmallestFix of {quoted(self.tokenizer)}: {fewest} equal the leading space>"

    def to_table(self) -> Table:
        """Return a row for each measurement: as it is, with the space, and with words added."""
        rows = [self.start, self.space, *self.points]
        names = [each for each in FixPoint.__dataclass_fields__ if each != "interval"]
        plain = Table.of("fixes", "WordSim by words added", rows, names)
        ends = {
            f"interval_{end}": tuple(row.interval[which] for row in rows)
            for which, end in enumerate(("low", "high"))
        }
        return Table(plain.name, plain.title, {**plain.columns, **ends})

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the result as JSON."""
        return to_json(self.to_dict(), indent=1) + "\n"

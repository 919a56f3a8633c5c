"""Agreement of tokenizers' splits with the morphemes of words."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from tokstat.io.files import as_path
from tokstat.results.declarations import OWN, MetricType
from tokstat.results.report import Table
from tokstat.text.wording import counted, listed

if TYPE_CHECKING:
    from tokstat.api.loading import Spec
    from tokstat.words.morphology import Agreement
    from tokstat.words.segmentations import Segmentations

_LOG = logging.getLogger(__name__)

Row: TypeAlias = "dict[str, Any]"

_MORPHSCORE = "MorphScore, arXiv 2411.14198 and 2507.06378"

ALL = "all"
"""What the row over all languages has for its language."""

DEFINITIONS = {
    metric.name: metric
    for metric in (
        MetricType(
            "morphscore",
            "ratio",
            "share of a word's morpheme boundaries that its split has, mean over the scored words;"
            " over all languages, the mean of the languages",
            _MORPHSCORE,
        ),
        MetricType(
            "recall_micro",
            "ratio",
            "share of the morpheme boundaries of all scored words that their splits have",
            _MORPHSCORE,
        ),
        MetricType(
            "precision_macro",
            "ratio",
            "share of a word's token boundaries that are morpheme boundaries, mean over the scored"
            " words; over all languages, the mean of the languages",
            _MORPHSCORE,
        ),
        MetricType(
            "precision_micro",
            "ratio",
            "share of the token boundaries of all scored words that are morpheme boundaries",
            _MORPHSCORE,
        ),
        MetricType("scored", "words", "words that are two tokens or more, all of them known", OWN),
        MetricType("one_token", "words", "words that are one token, which are not scored", OWN),
        MetricType("unknown", "words", "words with an unknown token, which are not scored", OWN),
        MetricType(
            "misspelled", "words", "words that their pieces do not spell, which are not scored", OWN
        ),
        MetricType(
            "whole", "lines", "lines without a morpheme boundary, which are not scored", OWN
        ),
        MetricType("repeated", "lines", "lines that an earlier line has too", OWN),
    )
}
"""The columns of `morphology` that are numbers."""


def morphology(
    specs: Spec | list[Spec] | tuple[Spec, ...],
    segmentations: str | Path | Sequence[str | Path],
    *,
    in_text: bool = False,
) -> Table:
    """Compare the splits of words with their morphemes, as MorphScore does.

    `segmentations` are files (see `tokstat.words.segmentations`), fetched ones by their names
    ("morphynet:deu"), or "LANGUAGE=FILE". Words are encoded alone, or with `in_text` after a word
    and a space. The table has a row for each tokenizer and language, and one for all languages
    where there are several. `DEFINITIONS` defines the columns.

    Raises:
        TokstatError: as `load`, `DataError` for segmentations that cannot be read, or
            `EncodingError` and `LimitError` for a tokenizer that fails.
    """
    from tokstat.api.loading import load
    from tokstat.words.morphology import agreement

    files = read_files(segmentations)
    rows: list[Row] = []
    for spec in specs if isinstance(specs, (list, tuple)) else [specs]:
        tokenizer = load(spec)
        _LOG.info("splitting the words of %s by %s", counted(len(files), "file"), spec)
        found = [agreement(tokenizer, file, "spaced" if in_text else "bare") for file in files]
        own = [_row(file, each) for file, each in zip(files, found, strict=True)]
        if len(own) > 1:
            own.append(_over_all(own, found))
        rows += [{"tokenizer": tokenizer.origin.spec, **row} for row in own]
    columns = ("tokenizer", "language", *DEFINITIONS)
    title = "Agreement of splits with morphemes, " + ("in text" if in_text else "words alone")
    return Table("morphology", title, {name: tuple(row[name] for row in rows) for name in columns})


def _row(file: Segmentations, found: Agreement) -> Row:
    return {
        "language": file.language,
        "morphscore": found.recall_macro,
        "recall_micro": found.recall_micro,
        "precision_macro": found.precision_macro,
        "precision_micro": found.precision_micro,
        "scored": found.scored,
        "one_token": found.one_token,
        "unknown": found.unknown,
        "misspelled": len(file.misspelled),
        "whole": file.whole,
        "repeated": file.repeated,
    }


def _over_all(rows: Sequence[Row], found: Sequence[Agreement]) -> Row:
    """Return the row over all languages: means of languages, shares of all words, and sums."""
    shared = sum(each.shared for each in found)
    return {
        "language": ALL,
        "morphscore": _mean(rows, "morphscore"),
        "recall_micro": _over(shared, sum(each.morpheme_boundaries for each in found)),
        "precision_macro": _mean(rows, "precision_macro"),
        "precision_micro": _over(shared, sum(each.token_boundaries for each in found)),
        **{name: sum(row[name] for row in rows) for name in _COUNTS},
    }


_COUNTS = ("scored", "one_token", "unknown", "misspelled", "whole", "repeated")


def read_files(segmentations: str | Path | Sequence[str | Path]) -> list[Segmentations]:
    """Read the segmentations that `morphology` is given. Raises DataError."""
    from tokstat.words.segmentation_store import fetched_file, find_source
    from tokstat.words.segmentations import read_segmentations

    given = [segmentations] if isinstance(segmentations, (str, Path)) else segmentations
    found = []
    for each in given:
        name, language = str(each), None
        if name.startswith("morphynet:"):
            path = fetched_file(find_source(name))
        elif "=" in name and not as_path(name).exists():
            language, _, file = name.partition("=")
            path = as_path(file)
        else:
            path = as_path(name)
        found.append(read_segmentations(path, language))
    return found


def list_segmentations() -> Table:
    """Return the segmentations that can be fetched: name, state, language, licence and source."""
    from tokstat.words.segmentation_store import LICENCE, SOURCE_URL, SOURCES, is_intact

    rows = [*SOURCES.values()]
    names = {None: "absent", True: "here", False: "damaged"}
    return Table(
        "segmentations",
        "Segmentations of words",
        {
            "name": tuple(row.name for row in rows),
            "state": tuple(names[is_intact(row)] for row in rows),
            "language": tuple(row.language for row in rows),
            "licence": (LICENCE,) * len(rows),
            "source": tuple(SOURCE_URL + row.path for row in rows),
        },
    )


def notes_on(files: Sequence[Segmentations]) -> list[str]:
    """Return a note on each file with words that its pieces do not spell."""
    return [
        f"{file.language}: {counted(len(file.misspelled), 'word')} not spelled by the pieces:"
        f" {listed(file.misspelled)}."
        for file in files
        if file.misspelled
    ]


def _mean(rows: Sequence[Row], name: str) -> float | None:
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values) / len(values) if values else None


def _over(part: int, whole: int) -> float | None:
    return part / whole if whole else None

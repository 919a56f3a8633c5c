"""What each pair of words adds to WordSim, and how far its rank is from that of the ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.wordsim.evaluation import cosines_of, counted_sets, unit_vectors
from tokstat.wordsim.models import Model
from tokstat.wordsim.sets import WordSet
from tokstat.wordsim.statistics import Floats, average_ranks


@dataclass(frozen=True, eq=False)
class PairScores:
    """Hold one value for each pair of the sets that WordSim is the mean of, shape (pairs,).

    `points` are shares of WordSim: their sum is WordSim, as Spearman's rho is the mean product of
    standardized ranks. `rank` is the pair's rank by cosine and `wanted` the one by its rating, both
    between 0 and 1; the most similar pair has rank 1. `first` and `second` are places in `words`,
    `set_of` in `sets`.
    """

    sets: tuple[str, ...]
    words: tuple[str, ...]
    set_of: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    points: Floats
    rank: Floats
    wanted: Floats

    @property
    def off(self) -> Floats:
        """How far each pair's rank is from the one by its rating, between 0 and 1."""
        return np.abs(self.rank - self.wanted)


def score_pairs(model: Model, sets: Sequence[WordSet]) -> PairScores:
    """Score every pair with a model. Raises ModelError, as `evaluate`."""
    chosen = counted_sets(sets)
    words = sorted({word for each in chosen for word in each.words})
    place = {word: row for row, word in enumerate(words)}
    units = unit_vectors(model, words)
    columns: list[tuple[Floats, ...]] = []
    for number, each in enumerate(chosen):
        first = np.array([place[word] for word in each.first])
        second = np.array([place[word] for word in each.second])
        found = average_ranks(cosines_of(units[first], units[second]))
        wanted = average_ranks(each.ratings)
        points = 100 * _standardized(found) * _standardized(wanted) / len(first) / len(chosen)
        size = len(first)
        set_of = np.full(size, number)
        columns.append((set_of, first, second, points, found / size, wanted / size))
    return PairScores(
        tuple(each.source.name for each in chosen),
        tuple(words),
        *(np.concatenate(column) for column in zip(*columns, strict=True)),
    )


def _standardized(ranks: Floats) -> Floats:
    centred: Floats = ranks - ranks.mean()
    spread = float(centred.std()) or 1.0
    return centred / spread

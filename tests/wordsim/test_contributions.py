"""The share that each pair has in WordSim."""

from __future__ import annotations

import numpy as np
import pytest

from tests.wordsim import make_set, random_pairs
from tokstat.wordsim.contributions import score_pairs
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.models import FunctionModel
from tokstat.wordsim.sets import WORDSIM_SETS

WORDS = [f"word{number}" for number in range(40)]


def embed(words: list[str]) -> np.ndarray:
    rows = [np.random.default_rng([*word.encode()]).normal(size=4) for word in words]
    return np.array(rows)


MODEL = FunctionModel("random", embed)
SETS = [
    make_set(random_pairs(30 + number, WORDS, number), source.name)
    for number, source in enumerate(WORDSIM_SETS)
]


def test_points_add_up_to_wordsim() -> None:
    found = score_pairs(MODEL, SETS)
    score = evaluate(MODEL, SETS, resamples=0)
    assert score.wordsim is not None
    assert found.points.sum() == pytest.approx(score.wordsim)
    for number, each in enumerate(score.sets):
        assert 7 * found.points[found.set_of == number].sum() == pytest.approx(each.rho)


def test_sets_that_are_not_of_wordsim_do_not_count() -> None:
    other = make_set(random_pairs(20, WORDS, 99), "other")
    found = score_pairs(MODEL, [*SETS, other])
    assert found.sets == tuple(source.name for source in WORDSIM_SETS)
    alone = score_pairs(MODEL, [other])
    assert alone.sets == ("other",)
    assert alone.points.sum() == pytest.approx(evaluate(MODEL, [other], resamples=0).mean)


def test_ranks_by_hand() -> None:
    """The ratings of four pairs, and cosines in the opposite order but for the last."""
    angles = {"a": 0.0, "b": 0.4, "c": 0.3, "d": 0.2, "e": 0.1}
    model = FunctionModel(
        "angles", lambda words: np.array([[np.cos(angles[w]), np.sin(angles[w])] for w in words])
    )
    pairs = [("a", "b", 3.0), ("a", "c", 2.0), ("a", "d", 1.0), ("a", "e", 4.0)]
    found = score_pairs(model, [make_set(pairs, "few")])
    assert found.rank.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert found.wanted.tolist() == [0.75, 0.5, 0.25, 1.0]
    assert found.off.tolist() == [0.5, 0.0, 0.5, 0.0]
    assert [found.words[place] for place in found.second] == ["b", "c", "d", "e"]
    assert found.points.sum() == pytest.approx(20)

"""Families of tokenizers, and the sketches that they are found by."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tokstat.experiments.families import families, jaccard, sketch


def hashes(start: int, stop: int) -> NDArray[np.uint64]:
    """Return random hashes; each number has its own."""
    return np.random.default_rng(0).integers(0, 1 << 64, stop, np.uint64)[start:]


def test_sketches_of_small_sets_are_exact() -> None:
    one, other = sketch(hashes(0, 300)), sketch(hashes(200, 500))
    assert jaccard(one, other) == 100 / 500
    assert jaccard(one, one) == jaccard(sketch(hashes(0, 0)), sketch(hashes(0, 0))) == 1
    assert jaccard(one, sketch(hashes(0, 0))) == 0


@pytest.mark.parametrize("shared", [0, 3_000, 10_000, 19_000])
def test_sketches_of_large_sets_are_near(shared: int) -> None:
    one, other = sketch(hashes(0, 20_000)), sketch(hashes(20_000 - shared, 40_000 - shared))
    assert jaccard(one, other) == pytest.approx(shared / (40_000 - shared), abs=0.05)


def test_families_have_the_name_of_their_first_member() -> None:
    sketches = {
        "first": sketch(hashes(0, 1000)),
        "other": sketch(hashes(5000, 6000)),
        "near": sketch(hashes(200, 1200)),
        "nearer still": sketch(hashes(400, 1400)),
    }
    assert families(sketches) == {
        "first": "first",
        "other": "other",
        "near": "first",
        "nearer still": "first",
    }


def test_a_tokenizer_between_two_joins_them() -> None:
    sketches = {
        "one": sketch(hashes(0, 1000)),
        "two": sketch(hashes(600, 1600)),
        "between": sketch(hashes(300, 1300)),
    }
    assert set(families(sketches).values()) == {"one"}
    assert families({}) == {}

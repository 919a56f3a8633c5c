"""Families of tokenizers, and the sketches that they are found by."""

from __future__ import annotations

import pytest

from tokstat.experiments.families import families, jaccard, sketch


def texts(start: int, stop: int) -> list[str]:
    return [f"token {number}" for number in range(start, stop)]


def test_sketches_of_small_sets_are_exact() -> None:
    one, other = sketch(texts(0, 300)), sketch(texts(200, 500))
    assert jaccard(one, other) == 100 / 500
    assert jaccard(one, one) == jaccard(sketch([]), sketch([])) == 1
    assert jaccard(one, sketch([])) == 0


@pytest.mark.parametrize("shared", [0, 3_000, 10_000, 19_000])
def test_sketches_of_large_sets_are_near(shared: int) -> None:
    one, other = sketch(texts(0, 20_000)), sketch(texts(20_000 - shared, 40_000 - shared))
    assert jaccard(one, other) == pytest.approx(shared / (40_000 - shared), abs=0.05)


def test_families_have_the_name_of_their_first_member() -> None:
    sketches = {
        "first": sketch(texts(0, 1000)),
        "other": sketch(texts(5000, 6000)),
        "near": sketch(texts(200, 1200)),
        "nearer still": sketch(texts(400, 1400)),
    }
    assert families(sketches) == {
        "first": "first",
        "other": "other",
        "near": "first",
        "nearer still": "first",
    }


def test_a_tokenizer_between_two_joins_them() -> None:
    sketches = {
        "one": sketch(texts(0, 1000)),
        "two": sketch(texts(600, 1600)),
        "between": sketch(texts(300, 1300)),
    }
    assert set(families(sketches).values()) == {"one"}
    assert families({}) == {}

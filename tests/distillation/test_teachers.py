"""What all teachers have in common, and Python functions as teachers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tokstat.distillation.encoders import load_teacher
from tokstat.distillation.teachers import FunctionTeacher, Recipe, as_pooling
from tokstat.errors import TeacherError


def lengths(texts: list[str]) -> list[list[float]]:
    return [[len(text), text.count("e"), 1.0] for text in texts]


def test_a_function_is_a_teacher() -> None:
    teacher = load_teacher(lengths)
    assert (teacher.name, teacher.width) == ("lengths", 3)
    texts = ["three", "one", "three", *map(str, range(600))]
    np.testing.assert_array_equal(teacher.embed(texts, Recipe()), lengths(texts))
    assert load_teacher(teacher) is teacher


def test_a_function_is_called_once_for_a_text() -> None:
    seen: list[str] = []

    def counted(texts: list[str]) -> list[list[float]]:
        seen.extend(texts)
        return lengths(texts)

    for _ in range(2):
        FunctionTeacher.of(counted).embed(["tiger", "lion", "zebra"], Recipe())
    assert seen.count("lion") == 1
    assert len({load_teacher(each).sha256 for each in (counted, lengths)}) == 1


def test_new_texts_are_told_of_before_they_are_embedded() -> None:
    told: list[int] = []
    called: list[list[str]] = []

    def embed(texts: list[str]) -> list[list[float]]:
        called.append(texts)
        return [[len(text), 1.0] for text in texts]

    teacher = FunctionTeacher.of(embed)
    for texts in (["tiger", "cat"], ["cat", "tiger"], ["zebra", "cat"]):
        teacher.embed(texts, Recipe(), before_new=lambda: told.append(len(called)))
    assert told == [1, 2]
    assert called[1:] == [["cat", "tiger"], ["zebra"]]


def test_the_vectors_identify_a_function() -> None:
    other = load_teacher(lambda texts: [[len(text) + 1.0, 0, 0] for text in texts])
    assert other.sha256 != load_teacher(lengths).sha256


def test_a_prompt_comes_before_every_text() -> None:
    teacher = load_teacher(lengths)
    plain, prompted = Recipe(), Recipe(prompt="query: ")
    assert plain.key == "mean" != prompted.key
    np.testing.assert_array_equal(
        teacher.embed(["tiger"], prompted), teacher.embed(["query: tiger"], plain)
    )


def fails(texts: list[str]) -> Any:
    raise RuntimeError("out of memory")


@pytest.mark.parametrize(
    ("function", "word"),
    [
        (lambda texts: np.zeros((len(texts) - 1, 4)), "shape"),
        (lambda texts: np.zeros(len(texts)), "shape"),
        (lambda texts: np.zeros((len(texts), 0)), "shape"),
        (lambda texts: [[1.0]] + [[1.0, 2.0]] * (len(texts) - 1), "ValueError"),
        (lambda texts: [None for _ in texts], "shape"),
        (lambda texts: np.full((len(texts), 4), np.nan), "NaN"),
        (lambda texts: np.full((len(texts), 4), 1e6), "infinite"),
        (fails, "out of memory"),
    ],
)
def test_a_function_that_cannot_teach(function: Callable[[list[str]], Any], word: str) -> None:
    with pytest.raises(TeacherError, match=word) as caught:
        load_teacher(function)
    assert "\n" not in str(caught.value)


def test_vectors_that_go_wrong_later() -> None:
    def widening(texts: list[str]) -> Any:
        return np.ones((len(texts), 5 if "tiger lily" in texts else 4))

    def late(texts: list[str]) -> Any:
        return np.full((len(texts), 4), np.nan if "tiger lily" in texts else 1.0)

    for function in (widening, late):
        teacher = load_teacher(function)
        assert teacher.embed(["lion"], Recipe()).shape == (1, 4)
        with pytest.raises(TeacherError):
            teacher.embed(["tiger lily"], Recipe())


def test_a_function_pools_by_itself() -> None:
    for recipe in (Recipe("cls"), Recipe(swap_ends=True)):
        with pytest.raises(TeacherError):
            load_teacher(lengths).embed(["tiger"], recipe)


def test_poolings_by_name() -> None:
    assert as_pooling("cls") == "cls"
    with pytest.raises(TeacherError):
        as_pooling("max")

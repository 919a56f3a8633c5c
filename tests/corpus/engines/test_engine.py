"""Texts and ids as arrays, and errors that a worker can send."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from tokstat.corpus.engines.engine import (
    EngineDiffersError,
    EngineError,
    EngineRefusesError,
    TokenIds,
    Utf8Texts,
)


def test_texts_come_back() -> None:
    texts = ["", "é汉", "x", ""]
    found = Utf8Texts.of(texts)
    assert [found[number] for number in range(len(found))] == texts
    assert found.sizes.tolist() == [0, 5, 1, 0]
    some = found.some(np.array([2, 1]))
    assert [some[0], some[1]] == ["x", "é汉"]
    assert len(Utf8Texts.of([])) == 0


def test_ids_of_a_text() -> None:
    ids = TokenIds(np.array([5, 6, 7], np.uint32), np.array([0, 2, 2, 3]))
    assert [ids.of(number).tolist() for number in range(3)] == [[5, 6], [], [7]]


@pytest.mark.parametrize(
    "error",
    [
        EngineError("it fails", "other 1"),
        EngineRefusesError("it refuses", "other 1"),
        EngineDiffersError("it differs", "other 1", "gpt2"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_sent(error: EngineError) -> None:
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), vars(back), str(back)) == (type(error), vars(error), str(error))


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        ([], [[]]),
        (["", ""], [["", ""]]),
        (["a" * 9, "bcd"], [["a" * 9], ["bcd"]]),
        (["ab", "cd", "", "ef", "gh"], [["ab"], ["cd", "", "ef"], ["gh"]]),
    ],
    ids=["none", "empty", "a long one", "several"],
)
def test_parts_have_all_texts_in_order(texts: list[str], parts: list[list[str]]) -> None:
    found = [[part[n] for n in range(len(part))] for part in Utf8Texts.of(texts).in_parts(4)]
    assert [text for part in found for text in part] == texts
    assert found == parts

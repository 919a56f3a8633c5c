"""Pieces are numbered in text order, with pyarrow and without."""

from __future__ import annotations

import numpy as np
import pytest

from tokstat.corpus.counting import distinct_pieces as module
from tokstat.corpus.counting.distinct_pieces import Names, distinct_bytes, distinct_pieces, unify
from tokstat.corpus.safe_cuts.boundaries import code_points


@pytest.fixture(params=["pyarrow", "lists"], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pyarrow":
        pytest.importorskip("pyarrow")
    else:
        monkeypatch.setattr(module, "has_pyarrow", lambda: False)


@pytest.mark.parametrize("text", ["ab ab cd", "é€ é€ 🙂x", "a"])
def test_the_pieces_spell_the_text(text: str) -> None:
    codes = code_points(text)
    names, which = distinct_pieces(text, codes, codes == ord(" "))
    texts = names.texts()
    assert "".join(texts[number] for number in which) == text
    assert len(set(texts)) == len(texts) == len(names)
    assert names[0] == texts[0] == text.split(" ")[0]


def test_cuts_are_byte_offsets() -> None:
    data = np.frombuffer("éaéa".encode(), np.uint8)
    names, which = distinct_bytes(data, np.array([0, 2, 3, 5]))
    assert (names.texts(), which.tolist()) == (["é", "a"], [0, 1, 0, 1])


def test_parts_get_common_numbers() -> None:
    data = [np.frombuffer(text, np.uint8) for text in (b"ab", b"bcb")]
    parts = [distinct_bytes(each, np.arange(len(each)))[0] for each in data]
    names, numbers = unify(parts)
    assert names.texts() == ["a", "b", "c"]
    assert [each.tolist() for each in numbers] == [[0, 1], [1, 2]]
    alone, (same,) = unify(parts[:1])
    assert (alone, same.tolist()) == (parts[0], [0, 1])


def test_empty_parts_get_no_numbers() -> None:
    full = distinct_bytes(np.frombuffer(b"ab", np.uint8), np.arange(2))[0]
    empty = full.between(0, 0)
    names, numbers = unify([full, empty, full])
    assert names.texts() == ["a", "b"]
    assert [each.tolist() for each in numbers] == [[0, 1], [], [0, 1]]
    assert [each.tolist() for each in unify([empty, empty])[1]] == [[], []]


def test_names_have_a_size() -> None:
    assert Names(["a", "bc"]).size == 3

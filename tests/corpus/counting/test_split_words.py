"""Split words of the same tokenizers add up, and come back from plain data as they were."""

from __future__ import annotations

import pytest

from tokstat.corpus.counting.split_words import (
    SplitWords,
    merged_splits,
    splits_from_lists,
    splits_to_lists,
)

ONE = SplitWords({("tiger", (1, 2)): 3, ("ünï", (4, 5, 6)): 1}, 1)
TWO = SplitWords({("tiger", (1, 2)): 2, ("tiger", (3, 2)): 1}, 2)


def test_words_add_up_by_their_tokens() -> None:
    both = ONE + TWO
    assert both.times == {("tiger", (1, 2)): 5, ("ünï", (4, 5, 6)): 1, ("tiger", (3, 2)): 1}
    assert both.left_out == 3
    assert merged_splits([ONE], [TWO])[0].times == both.times
    assert merged_splits([], [ONE]) == merged_splits([ONE], []) == (ONE,)


def test_plain_data_comes_back() -> None:
    data = splits_to_lists([ONE, TWO])
    assert data[1] == [[["tiger", 1, 2, 2], ["tiger", 3, 2, 1]], 2]
    found = splits_from_lists(data, 2)
    assert [(each.times, each.left_out) for each in found] == [(ONE.times, 1), (TWO.times, 2)]
    assert splits_from_lists([], 2) == ()


@pytest.mark.parametrize(
    "data",
    [
        [[[], 0]],
        [[[["tiger", 1, 2, -1]], 0], [[], 0]],
        [[[[7, 1, 2, 1]], 0], [[], 0]],
        [[[], "1"], [[], 0]],
    ],
    ids=["one of two", "negative", "no text", "no number"],
)
def test_other_data_is_refused(data: list[list[object]]) -> None:
    with pytest.raises((TypeError, ValueError)):
        splits_from_lists(data, 2)

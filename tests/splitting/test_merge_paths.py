<<<<<<< HEAD
"""Merges that would build a token, found among all."""

from __future__ import annotations

import pytest

from tokstat.errors import EncodingError
from tokstat.splitting.merge_paths import merge_path
from tokstat.splitting.replay.bpe import BPEModel

MERGES = [("t", "i"), ("g", "e"), ("ge", "r"), ("i", "ger"), ("t", "iger"), ("ti", "g")]


def model(merges: list[tuple[str, str]]) -> BPEModel:
    tokens = dict.fromkeys([*"tiger", *map("".join, merges)])
    return BPEModel({token: number for number, token in enumerate(tokens)}, merges)


def test_the_path_is_by_rank_and_names_what_came_first() -> None:
    known = model(MERGES)
    path = merge_path(known, tuple("tiger"))
    assert path is not None
    assert path.merges == (("g", "e"), ("ge", "r"), ("i", "ger"), ("t", "iger"))
    assert path.stretches == {(0, 5), (1, 5), (2, 5), (2, 4)}
    trace = known.trace("tiger")
    assert trace.tokens == ("ti", "ger")
    assert path.first_other(trace) == ("t", "i")
    assert path.first_not_made(trace) == ("i", "ger")


def test_of_two_paths_that_of_the_lower_ranks_is_taken() -> None:
    path = merge_path(model([("t", "i"), ("ti", "g"), ("i", "g"), ("t", "ig")]), tuple("tig"))
    assert path is not None
    assert path.merges == (("t", "i"), ("ti", "g"))


def test_there_may_be_no_path() -> None:
    assert merge_path(model(MERGES[:3]), tuple("tiger")) is None


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(EncodingError):
        merge_path(model(MERGES), "t" * 65)
||||||| 88ce10a
=======
"""Paths of merges that build a token: that of the lowest ranks, and what comes before it."""

from __future__ import annotations

import pytest

from tokstat.errors import EncodingError
from tokstat.splitting.merge_paths import MergePath, Pair, merge_path
from tokstat.splitting.replay.bpe import BPEModel

MERGES = [("t", "i"), ("g", "e"), ("ge", "r"), ("i", "ger"), ("t", "iger")]


def model(merges: list[Pair]) -> BPEModel:
    tokens = dict.fromkeys([*"tiger", *map("".join, merges)])
    return BPEModel({token: number for number, token in enumerate(tokens)}, merges)


def path(merges: list[Pair], word: str = "tiger") -> MergePath:
    found = merge_path(model(merges), word)
    assert found is not None
    return found


def test_a_path_has_its_merges_by_rank() -> None:
    found = path(MERGES)
    assert found.merges == (("g", "e"), ("ge", "r"), ("i", "ger"), ("t", "iger"))
    assert found.stretches == {(2, 4), (2, 5), (1, 5), (0, 5)}


def test_of_two_paths_the_lower_ranks_are_taken() -> None:
    assert path([("a", "b"), ("ab", "c"), ("b", "c"), ("a", "bc")], "abc").merges == (
        ("a", "b"),
        ("ab", "c"),
    )


def test_the_first_merge_of_no_path_and_the_first_not_made() -> None:
    trace = model(MERGES).trace("tiger")
    assert trace.tokens == ("ti", "ger")
    assert path(MERGES).first_other(trace) == ("t", "i")
    assert path(MERGES).first_not_made(trace) == ("i", "ger")


def test_without_a_path_there_is_none_and_long_words_are_refused() -> None:
    assert merge_path(model([("t", "i")]), "tiger") is None
    with pytest.raises(EncodingError):
        merge_path(model(MERGES), "t" * 65)
>>>>>>> b-tests2

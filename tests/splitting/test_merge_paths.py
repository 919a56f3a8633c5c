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

"""States merge in any order and grouping, and come back from a file as they were."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from tokstat.corpus.counting.state import (
    PLACES,
    Counts,
    File,
    Group,
    Identity,
    Problem,
    TextCounts,
    TokenCounts,
    read,
    save,
)
from tokstat.errors import StateError

TOKENIZERS = (Identity("one", "a"), Identity("two", "b"))

numbers = strategies.integers(0, 1 << 40)
arrays = strategies.lists(numbers, max_size=5).map(lambda each: np.array(each, np.int64))
names = strategies.sampled_from(["", "a", "b", "\udc80", "ü"])
token_counts = strategies.builds(
    TokenCounts,
    arrays,
    arrays,
    strategies.dictionaries(
        strategies.tuples(names, strategies.tuples(numbers, numbers)), numbers, max_size=3
    ),
    numbers,
)
both = strategies.tuples(token_counts, token_counts)
text_counts = strategies.builds(TextCounts, numbers, numbers, numbers, numbers)
pairs = strategies.tuples(numbers, numbers)
problems = strategies.builds(
    Problem,
    numbers,
    strategies.lists(strategies.text("abc", max_size=3), max_size=20).map(
        lambda each: tuple(sorted(set(each))[:PLACES])
    ),
)


def states(unit: str) -> strategies.SearchStrategy[Counts]:
    return strategies.builds(
        Counts,
        strategies.just(TOKENIZERS),
        strategies.just("unicode"),
        strategies.dictionaries(
            names,
            strategies.builds(Group, text_counts, both),
        ),
        strategies.dictionaries(names, strategies.builds(File, text_counts, pairs, pairs)),
        strategies.dictionaries(names, problems),
        strategies.just(frozenset({unit})),
    )


@settings(max_examples=50)
@given(states("1"), states("2"), states("3"))
def test_merging_is_associative_and_commutative(one: Counts, two: Counts, three: Counts) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one + Counts(TOKENIZERS, "unicode") == one


@settings(max_examples=50)
@given(states("1"))
def test_a_state_survives_being_written(counts: Counts) -> None:
    assert Counts.from_bytes(counts.to_bytes(), "test") == counts
    assert Counts.from_bytes(counts.to_bytes(), "test").to_bytes() == counts.to_bytes()


def test_counts_of_different_tokenizers_words_or_the_same_input_do_not_merge() -> None:
    counts = Counts(TOKENIZERS, "unicode", units=frozenset({"1"}))
    for other in (
        Counts(TOKENIZERS[::-1], "unicode"),
        Counts(TOKENIZERS[:1], "unicode"),
        Counts(TOKENIZERS, "letters"),
        counts,
    ):
        with pytest.raises(StateError):
            _ = counts + other


WRITTEN = Counts(TOKENIZERS, "unicode", units=frozenset({"1"})).to_dict()
DAMAGED = {
    "empty": b"",
    "no gzip": b"no gzip",
    "no JSON": gzip.compress(b"{"),
    "a list": gzip.compress(b"[]"),
    "of a later version": gzip.compress(json.dumps({"state_version": 99}).encode()),
    "without counts": gzip.compress(json.dumps({"state_version": 1}).encode()),
    **{
        f"with {name}": gzip.compress(json.dumps({**WRITTEN, name: value}).encode())
        for name, value in {
            "words": 7,
            "units": [],
            "tokenizers": [["a", 1]],
            "groups": {"": [[1, 1, 1, -1], []]},
            "files": {"a": [[1, 1, 1, 1], ["1"], [2]]},
            "problems": {"odd": [1.5, []]},
        }.items()
    },
    "cut off": Counts(TOKENIZERS, "unicode").to_bytes()[:-4],
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_damaged_states(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "damaged.counts.gz"
    path.write_bytes(data)
    with pytest.raises(StateError, match=r"damaged\.counts\.gz"):
        read(path)


def test_a_missing_state(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="absent"):
        read(tmp_path / "absent")


def test_a_state_in_a_file(tmp_path: Path) -> None:
    counts = Counts(TOKENIZERS, "unicode", units=frozenset({"1"}))
    save(counts, tmp_path / "state")
    assert read(tmp_path / "state") == counts
    assert [each.name for each in tmp_path.iterdir()] == ["state"]

"""States merge in any order and grouping, and come back from a file as they were."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from tokstat.corpus.counting.samples import LONGEST, SAMPLES, Sample
from tokstat.corpus.counting.split_words import SplitWords
from tokstat.corpus.counting.state import (
    PLACES,
    STATE_VERSION,
    Counts,
    Extent,
    File,
    Group,
    Identity,
    Problem,
    TextCounts,
    TokenCounts,
)
from tokstat.corpus.counting.tally import Tally
from tokstat.errors import LimitError, StateError
from tokstat.io.limits import MOST_IDS, limits, set_limits

TOKENIZERS = (Identity("one", "a"), Identity("two", "b"))
ONE = {"1": (Extent(0, None, "x"),)}

numbers = strategies.integers(0, 1 << 40)
arrays = strategies.lists(numbers, max_size=5).map(lambda each: np.array(each, np.int64))
ids = strategies.integers(0, MOST_IDS - 1)
tallies = strategies.dictionaries(ids, strategies.integers(1, 1 << 40), max_size=5).map(
    lambda each: Tally.of(np.array([*each], np.int64), np.array([*each.values()], np.int64))
)
names = strategies.sampled_from(["", "a", "b", "\udc80", "ü"])
token_counts = strategies.builds(TokenCounts, tallies, arrays)
split_words = strategies.builds(
    SplitWords,
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


texts = strategies.text("ab é", max_size=4)
samples = strategies.builds(Sample, names, numbers, numbers, texts)


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
        strategies.just({unit: (Extent(0, None, "x"),)}),
        samples=strategies.dictionaries(
            names,
            strategies.sets(samples, min_size=1, max_size=SAMPLES).map(
                lambda own: tuple(sorted(own))
            ),
        ),
        splits=strategies.one_of(strategies.just(()), strategies.tuples(split_words, split_words)),
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
    counts = Counts(TOKENIZERS, "unicode", units=ONE)
    for other in (
        Counts(TOKENIZERS[::-1], "unicode"),
        Counts(TOKENIZERS[:1], "unicode"),
        Counts(TOKENIZERS, "letters"),
        counts,
    ):
        with pytest.raises(StateError):
            _ = counts + other


@pytest.fixture
def small_limits() -> Iterator[int]:
    before = limits()
    set_limits(replace(before, file_size=1 << 16))
    yield 1 << 16
    set_limits(before)


WRITTEN = Counts(TOKENIZERS, "unicode", units=ONE).to_dict()
DAMAGED = {
    "empty": b"",
    "no gzip": b"no gzip",
    "no JSON": gzip.compress(b"{"),
    "a list": gzip.compress(b"[]"),
    "of a later version": gzip.compress(json.dumps({"state_version": 99}).encode()),
    "without counts": gzip.compress(json.dumps({"state_version": STATE_VERSION}).encode()),
    **{
        f"with {name}": gzip.compress(json.dumps({**WRITTEN, name: value}).encode())
        for name, value in {
            "words": 7,
            "units": {},
            "reading": None,
            "tokenizers": [["a", 1]],
            "groups": {"": [[1, 1, 1, -1], []]},
            "files": {"a": [[1, 1, 1, 1], ["1"], [2]]},
            "problems": {"odd": [1.5, []]},
            "samples": {"": [["a", 0, 0, "x" * (LONGEST + 1)]]},
        }.items()
    },
    "cut off": Counts(TOKENIZERS, "unicode").to_bytes()[:-4],
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_damaged_states(data: bytes) -> None:
    with pytest.raises(StateError, match=r"damaged\.counts\.gz"):
        Counts.from_bytes(data, "damaged.counts.gz")


@pytest.mark.parametrize("span", [[0], [0, None], [0, -1, "x"], ["0", None, "x"], [0, None, 1], 5])
def test_spans_that_are_none(span: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        Counts.from_dict({**WRITTEN, "units": {"1": [span]}})


def test_a_state_that_unpacks_without_end(small_limits: int) -> None:
    bomb = gzip.compress(b" " * (small_limits + 1), 9)
    with pytest.raises(LimitError, match="bomb"):
        Counts.from_bytes(bomb, "bomb")


def test_parts_overlap_by_their_bounds_and_whatever_their_content() -> None:
    def held(start: int, end: int | None, digest: str = "x") -> Counts:
        return Counts(TOKENIZERS, "unicode", units={"1": (Extent(start, end, digest),)})

    assert held(0, 5).overlap(held(5, None)) is None
    assert (held(5, None) + held(0, 5)).units == {"1": (Extent(0, 5, "x"), Extent(5, None, "x"))}
    for one, other in [(held(0, 5), held(4, 9)), (held(0, None), held(7, 9, "y"))]:
        assert one.overlap(other) == other.overlap(one) == "1"


def test_counts_read_with_other_options_do_not_merge() -> None:
    one = Counts(TOKENIZERS, "unicode", units=ONE, reading="--by lang")
    two = {"2": (Extent(0, None, "x"),)}
    with pytest.raises(StateError, match="--by lang"):
        _ = one + Counts(TOKENIZERS, "unicode", units=two, reading="--by topic")
    nothing = Counts(TOKENIZERS, "unicode", reading="--by topic")
    assert (nothing + one).reading == (one + nothing).reading == "--by lang"

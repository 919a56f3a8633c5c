"""Keys are counted as by a Counter, however many there are."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, strategies

from tokstat.corpus.counting.tally import NOTHING, Tally

entries = strategies.lists(
    strategies.tuples(
        strategies.one_of(strategies.integers(0, 9), strategies.integers(0, 1 << 40)),
        strategies.integers(1, 1 << 30),
    )
)


def made_of(rows: list[tuple[int, int]]) -> Tally:
    keys, times = np.array(rows, np.int64).reshape(-1, 2).T
    return Tally.of(keys, times)


def as_counter(tally: Tally) -> Counter[int]:
    keys = tally.keys.tolist()
    assert keys == sorted(set(keys))
    return Counter(dict(zip(keys, tally.times.tolist(), strict=True)))


@given(rows=entries, others=entries)
def test_sums(rows: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    expected: Counter[int] = Counter()
    for key, times in rows + others:
        expected[key] += times
    joined = Tally.joined([made_of(rows), made_of(others)])
    assert as_counter(joined) == expected
    assert joined.total == expected.total()


@given(keys=strategies.lists(strategies.integers(0, 999)))
def test_every_key_counts_once(keys: list[int]) -> None:
    tally = Tally.of(np.array(keys, np.uint32))
    assert as_counter(tally) == Counter(keys)
    for number, part in enumerate(tally.by(100, 10)):
        assert as_counter(part) == Counter(key % 100 for key in keys if key // 100 == number)


def test_nothing_is_nothing() -> None:
    assert len(Tally.joined([])) == NOTHING.total == 0

"""How often each chunk occurs in each cell."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, strategies

from tokstat.corpus.counting.occurrences import Occurrences

entries = strategies.lists(
    strategies.tuples(
        strategies.integers(0, 40), strategies.integers(0, 50_000), strategies.integers(1, 9)
    )
)


def made_of(rows: list[tuple[int, int, int]]) -> Occurrences:
    cells, chunks, times = np.array(rows, np.int64).reshape(-1, 3).T
    return Occurrences.of(cells.astype(np.int32), chunks.astype(np.int32), times)


def as_counter(occurrences: Occurrences) -> Counter[tuple[int, int]]:
    pairs = list(zip(occurrences.cells.tolist(), occurrences.chunks.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    return Counter(dict(zip(pairs, occurrences.times.tolist(), strict=True)))


@given(rows=entries, others=entries)
def test_sums(rows: list[tuple[int, int, int]], others: list[tuple[int, int, int]]) -> None:
    expected: Counter[tuple[int, int]] = Counter()
    for cell, chunk, times in rows + others:
        expected[cell, chunk] += times
    joined = Occurrences.joined([made_of(rows), made_of(others)])
    assert as_counter(joined) == expected
    values = np.arange(50_001)
    per_cell = [
        sum(times * chunk for (cell, chunk), times in expected.items() if cell == each)
        for each in range(41)
    ]
    assert joined.per_cell(values, 41) == per_cell
    halves = joined.in_order(np.arange(41, dtype=np.int32) % 2, 2)
    assert (np.diff(halves.chunks) >= 0).all()
    by_half: Counter[tuple[int, int]] = Counter()
    for (cell, chunk), times in expected.items():
        by_half[cell % 2, chunk] += times
    assert as_counter(halves) == by_half
    some = halves.between(100, 40_000)
    assert as_counter(some) == Counter(
        {
            (cell, chunk - 100): by_half[cell, chunk]
            for cell, chunk in by_half
            if 100 <= chunk < 40_000
        }
    )


def test_few_cells_and_many_give_the_same() -> None:
    """A table of all pairs, and sorting."""
    rng = np.random.default_rng(0)
    cells = rng.integers(0, 3, 10_000).astype(np.int32)
    chunks = rng.integers(0, 100, 10_000).astype(np.int32)
    counted = Counter(zip(cells.tolist(), chunks.tolist(), strict=True))
    assert as_counter(Occurrences.of(cells, chunks)) == counted
    spread = as_counter(Occurrences.of(cells, chunks * 10_000))
    assert spread == Counter({(a, b * 10_000): times for (a, b), times in counted.items()})

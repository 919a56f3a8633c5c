"""Correlations and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONFIDENCE = 0.95

_VALUES_AT_A_TIME = 250_000
"""Values per block of resamples, few enough for the processor's cache."""


@dataclass(frozen=True)
class Interval:
    """Hold a percentile interval of a bootstrap (Efron 1979) at 95 % confidence."""

    low: float
    high: float


def ends_of(interval: Interval | None) -> tuple[float, float]:
    """Return the two ends of an interval, NaN where there is none."""
    return (interval.low, interval.high) if interval else (float("nan"), float("nan"))


def average_ranks(values: Floats) -> Floats:
    """Rank values from 1; equal values get the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2)[inverse]
    return ranks


def pearson(x: Floats, y: Floats) -> float:
    """Return Pearson's r; NaN if either side is constant or there are fewer than two pairs."""
    # The range is exact; a constant minus its mean may not be exactly zero.
    if len(x) < 2 or not np.ptp(x) or not np.ptp(y):
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((x @ x) * (y @ y)))
    return min(1.0, max(-1.0, float(x @ y) / scale)) if scale else float("nan")


def spearman(x: Floats, y: Floats) -> float:
    """Return Spearman's rho: Pearson's r of the average ranks."""
    return pearson(average_ranks(x), average_ranks(y))


def pair_counts(pairs: int, resamples: int, generator: np.random.Generator) -> Iterator[Floats]:
    """Yield blocks of resamples: how often each pair is drawn, shape (some, pairs)."""
    for start, stop in _blocks(pairs, resamples):
        size = stop - start
        draws = generator.integers(0, pairs, (size, pairs)) + np.arange(size)[:, None] * pairs
        yield np.bincount(draws.ravel(), minlength=size * pairs).reshape(size, pairs).astype(float)


def word_counts(
    times: NDArray[np.uint8], first: NDArray[np.int64], second: NDArray[np.int64]
) -> Iterator[Floats]:
    """Yield blocks of resamples: how often each pair is there, shape (some, pairs).

    `times`, shape (resamples, words), says how often each word is drawn. Every copy of a pair's
    first word meets every copy of its second.
    """
    for start, stop in _blocks(len(first), len(times)):
        block = times[start:stop].astype(np.float64)
        yield block[:, first] * block[:, second]


def _blocks(pairs: int, resamples: int) -> Iterator[tuple[int, int]]:
    step = max(1, _VALUES_AT_A_TIME // max(pairs, 1))
    for start in range(0, resamples, step):
        yield start, min(start + step, resamples)


@dataclass(frozen=True, eq=False)
class Resamples:
    """Hold resamples of pairs, and all of Spearman's rho that depends on one side alone.

    `counts` says how often each pair is in each resample, shape (pairs, resamples). `weighted` is
    that times the rank of its value, minus the mean rank. `spread` is the sum of squares of these
    ranks, shape (resamples,). Whole and half numbers of this size are exact in 32 bits, and their
    sums in 64: no result depends on the order of an addition.

    `own` is the covariance of each pair with itself, and `differences` 12 times the sum of squares
    of the ranks of values that all differ. Both are the same for all such values.
    """

    counts: NDArray[np.float32]
    weighted: NDArray[np.float32]
    spread: Floats
    own: Floats
    differences: Floats

    @classmethod
    def of(cls, values: Floats, counts: Iterable[Floats]) -> Resamples:
        """Rank values in each resample; `counts` has blocks of `pair_counts` or `word_counts`."""
        _, groups = np.unique(values, return_inverse=True)
        order, firsts = _in_groups(groups)
        drawn = [np.zeros((len(values), 0), np.float32)]
        weighted = list(drawn)
        sums = [np.zeros((3, 0))]
        for block in counts:
            turned = block.T
            whole = np.add.reduceat(turned[order], firsts, axis=0) if len(order) else turned
            ranks = turned * (_ranks(whole) - whole.sum(axis=0) / 2)[groups]
            drawn.append(turned.astype(np.float32))
            weighted.append(ranks.astype(np.float32))
            own = np.einsum("ij,ij->j", turned, ranks) / 2
            sums.append(np.stack([_differences(whole) / 12, own, _differences(turned)]))
        return cls(np.hstack(drawn), np.hstack(weighted), *np.hstack(sums))

    def spearman(self, values: Floats) -> Floats:
        """Return Spearman's rho with other values, shape (resamples,); NaN for one without spread.

        Ranks are running sums of counts over the sorted values, so that no resample needs sorting.
        The weights sum to 0, so that these ranks need not be centred.
        """
        _, groups = np.unique(values, return_inverse=True)
        order, firsts = _in_groups(groups)
        covariance, differences = self.own.copy(), self.differences.copy()
        lower, product = np.zeros((2, len(self.spread)))
        for row in order.tolist():
            covariance += np.multiply(self.weighted[row], lower, out=product)
            lower += self.counts[row]
        ends = np.append(firsts[1:], len(order))
        for group in np.flatnonzero(ends - firsts > 1).tolist():
            rows = order[firsts[group] : ends[group]]
            counts = self.counts[rows].astype(np.float64)
            mean_ranks = counts.sum(axis=0) / 2
            covariance += np.einsum("ij,ij->j", self.weighted[rows], mean_ranks - _ranks(counts))
            differences -= _differences(counts)
        scale = np.sqrt(differences / 12 * self.spread)
        rho: Floats = np.divide(covariance, scale, out=np.full_like(scale, np.nan), where=scale > 0)
        return rho


def _in_groups(groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the order that sorts values, and where each group of equal ones begins in it."""
    order = np.argsort(groups, kind="stable")
    return order, np.flatnonzero(np.diff(groups[order], prepend=-1))


def _ranks(counts: Floats) -> Floats:
    """Return the average rank of each group of values, less 1/2; counts are in order of values."""
    ranks = np.cumsum(counts, axis=0)
    ranks -= counts / 2
    return ranks


def _differences(counts: Floats) -> Floats:
    """Return 12 times the sum of squares of centred average ranks, from the sizes of the groups."""
    cubes = np.einsum("ij,ij,ij->j", counts, counts, counts)
    differences: Floats = counts.sum(axis=0) ** 3 - cubes
    return differences


def bootstrap_spearman(x: Floats, y: Floats, counts: Iterable[Floats]) -> Floats:
    """Return Spearman's rho of each resample, shape (resamples,); NaN for one without spread.

    `counts` has blocks of resamples of `pair_counts` or `word_counts`: how often each pair is in
    each resample.
    """
    return Resamples.of(y, counts).spearman(x)


def bootstrap_statistic(
    x: Floats,
    y: Floats,
    statistic: Callable[[Floats, Floats], float],
    resamples: int,
    generator: np.random.Generator,
) -> Floats:
    """Return a statistic of `resamples` samples of points drawn with replacement.

    Shape (resamples,). Each sample is one call of `statistic`, so this suits few points.
    """
    rows = generator.integers(0, len(x), (resamples, len(x)))
    return np.array([statistic(x[row], y[row]) for row in rows])


def percentile_interval(samples: Floats) -> Interval | None:
    """Return the middle 95% of bootstrap samples; None if all of them are NaN or infinite."""
    finite = samples[np.isfinite(samples)]
    if not len(finite):
        return None
    low, high = np.quantile(finite, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(low), float(high))


def powers(x: Floats, exponents: Sequence[int]) -> Floats:
    """Return a column of ones and one for each power of x, shape (len(x), 1 + exponents)."""
    return np.stack([np.ones_like(x), *(x**each for each in exponents)], axis=1)


def fit(columns: Floats, y: Floats) -> Floats:
    """Return the least-squares coefficients of columns; the smallest ones if several fit alike."""
    return np.linalg.lstsq(columns, y, rcond=None)[0].astype(np.float64)


def left_out_errors(columns: Floats, y: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """Return the errors of predicting each group of rows by a fit to all other rows."""
    errors = np.empty_like(y)
    for rows in groups:
        others = np.ones(len(y), np.bool_)
        others[rows] = False
        errors[rows] = y[rows] - columns[rows] @ fit(columns[others], y[others])
    return errors


def root_mean_square(errors: Floats) -> float:
    """Return the root mean square of errors."""
    return float(np.sqrt(np.mean(errors**2)))

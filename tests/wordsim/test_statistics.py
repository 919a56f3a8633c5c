"""Ranks, correlations and bootstraps, against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tokstat.wordsim.statistics import (
    Floats,
    Interval,
    average_ranks,
    bootstrap_spearman,
    bootstrap_statistic,
    pair_counts,
    pearson,
    percentile_interval,
    spearman,
    word_counts,
)

tenths = st.integers(-30, 30).map(lambda value: value / 10)
"""Values with many ties, most of which floats cannot hold exactly."""


@st.composite
def paired(draw: st.DrawFn) -> tuple[Floats, Floats]:
    x = draw(arrays(np.float64, st.integers(0, 30), elements=tenths))
    return x, draw(arrays(np.float64, len(x), elements=tenths))


def constant(values: Floats) -> bool:
    return len(set(values.tolist())) < 2


@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_nan=False) | tenths))
def test_ranks_are_scipy_s(values: Floats) -> None:
    from scipy import stats  # type: ignore[import-untyped]

    assert average_ranks(values).tolist() == stats.rankdata(values).tolist()


@given(paired())
def test_correlations_are_scipy_s(pair: tuple[Floats, Floats]) -> None:
    from scipy import stats

    x, y = pair
    if constant(x) or constant(y):
        assert math.isnan(pearson(x, y))
        assert math.isnan(spearman(x, y))
    else:
        assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-9)
        assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1e9 + 0.1])
def test_a_constant_has_no_correlation(value: float) -> None:
    """The mean of equal floats need not be equal to them."""
    x = np.full(10, value)
    assert math.isnan(pearson(x, np.arange(10.0)))
    assert math.isnan(pearson(np.arange(10.0), x))


@given(paired().filter(lambda pair: len(pair[0]) > 0), st.integers(0, 2**32))
def test_bootstrap_is_rho_of_each_resample(pair: tuple[Floats, Floats], seed: int) -> None:
    from scipy import stats

    x, y = pair
    found = bootstrap_spearman(x, y, pair_counts(len(x), 20, np.random.default_rng(seed)))
    rows = np.random.default_rng(seed).integers(0, len(x), (20, len(x)))
    expected = [
        math.nan
        if constant(x[row]) or constant(y[row])
        else stats.spearmanr(x[row], y[row]).statistic
        for row in rows
    ]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@given(st.data(), st.integers(1, 30), st.integers(0, 2**32))
def test_bootstrap_over_words_repeats_pairs(data: st.DataObject, pairs: int, seed: int) -> None:
    """A pair is there as often as the copies of its two words meet."""
    from scipy import stats

    x, y = (data.draw(arrays(np.float64, pairs, elements=tenths)) for _ in range(2))
    generator = np.random.default_rng(seed)
    first, second = generator.integers(0, 12, (2, pairs))
    times = generator.poisson(1, (10, 12)).astype(np.uint8)
    found = bootstrap_spearman(x, y, word_counts(times, first, second))
    for rho, row in zip(found, times.astype(int), strict=True):
        drawn = row[first] * np.where(first == second, 1, row[second])
        rows = np.repeat(np.arange(pairs), drawn)
        if constant(x[rows]) or constant(y[rows]):
            assert math.isnan(rho)
        else:
            assert rho == pytest.approx(stats.spearmanr(x[rows], y[rows]).statistic, abs=1e-9)


def test_bootstrap_in_several_chunks() -> None:
    """3,000 pairs of 200 resamples are more than it draws at a time."""
    from scipy import stats

    generator = np.random.default_rng(0)
    x, y = generator.normal(size=3000), generator.integers(0, 50, 3000).astype(np.float64)
    found = bootstrap_spearman(x, y, pair_counts(len(x), 200, np.random.default_rng(1)))
    rows = np.random.default_rng(1).integers(0, 3000, (200, 3000))
    for index in (0, 82, 83, 84, 199):
        row = rows[index]
        assert found[index] == pytest.approx(stats.spearmanr(x[row], y[row]).statistic, abs=1e-9)


def test_bootstrap_follows_its_seed() -> None:
    x, y = np.arange(20.0), np.sqrt(np.arange(20.0)) * (-1.0) ** np.arange(20)
    one, same, other = (
        bootstrap_spearman(x, y, pair_counts(len(x), 100, np.random.default_rng(seed)))
        for seed in (1, 1, 2)
    )
    assert one.tolist() == same.tolist() != other.tolist()


@pytest.mark.parametrize("x", [[], [1.0], [2.0, 2.0, 2.0]], ids=["none", "one", "constant"])
def test_bootstrap_without_spread_is_nan(x: list[float]) -> None:
    values = np.array(x)
    counts = pair_counts(len(x), 5, np.random.default_rng())
    samples = bootstrap_spearman(values, np.arange(len(x), dtype=float), counts)
    assert samples.shape == (5,)
    assert np.isnan(samples).all()
    assert percentile_interval(samples) is None


def test_intervals_hold_the_true_rho_as_often_as_they_say() -> None:
    """Normal pairs with Pearson's r have Spearman's rho 6 / pi asin(r / 2) (Pearson 1907)."""
    r, n, trials = 0.6, 120, 300
    rho = 6 / math.pi * math.asin(r / 2)
    generator = np.random.default_rng(0)
    held = 0
    for _ in range(trials):
        x, noise = generator.normal(size=(2, n))
        y = r * x + math.sqrt(1 - r * r) * noise
        interval = percentile_interval(
            bootstrap_spearman(x, y, pair_counts(len(x), 400, generator))
        )
        assert interval is not None
        held += interval.low <= rho <= interval.high
    assert 0.91 <= held / trials <= 0.98


def test_bootstrap_of_any_statistic() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 12))
    found = bootstrap_statistic(x, y, pearson, 30, np.random.default_rng(3))
    rows = np.random.default_rng(3).integers(0, 12, (30, 12))
    assert found.tolist() == [pearson(x[row], y[row]) for row in rows]


def test_percentile_interval_is_the_middle_95_percent_of_numbers() -> None:
    samples = np.linspace(0, 1, 1001)
    for each in (samples, np.append(samples, [math.nan] * 50)):
        found = percentile_interval(each)
        assert found is not None
        assert (found.low, found.high) == pytest.approx((0.025, 0.975))
    assert percentile_interval(np.array([0.5])) == Interval(0.5, 0.5)
    assert percentile_interval(np.array([math.nan])) is None
    assert percentile_interval(np.array([])) is None


def test_a_correlation_of_two_pairs_and_within_its_bounds() -> None:
    """Two pairs are enough; what rounding makes of a perfect correlation is 1, not more."""
    assert pearson(np.array([1.0, 2.0]), np.array([5.0, 3.0])) == -1
    assert math.isnan(pearson(np.array([1.0]), np.array([2.0])))
    generator = np.random.default_rng(0)
    found = []
    for _ in range(300):
        x = generator.normal(size=7)
        found += [pearson(x, 3 * x), -pearson(x, -x / 7)]
    assert max(found) == 1
    assert min(found) > 1 - 1e-12


def test_spread_too_small_for_floats_is_no_correlation() -> None:
    tiny = np.array([0.0, 5e-324])
    assert math.isnan(pearson(tiny, tiny))

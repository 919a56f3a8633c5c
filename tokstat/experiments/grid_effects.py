"""The effects of what the tokenizers of a grid differ in: main effects, interactions, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from tokstat.experiments.grid import FACTORS, Grid, GridEffect, GridShare, order_of
from tokstat.wordsim.expectation import FORMS, rises
from tokstat.wordsim.statistics import Floats, ends_of, fit, percentile_interval, powers


def with_effects(grid: Grid) -> Grid:
    """Add the effects to a grid that has a row for each combination of levels.

    All rows have the same resamples of words, so that intervals are those of paired differences.
    Raises ValueError for a grid that lacks a row, or its resamples.
    """
    levels = [order_of(factor, grid.levels(factor)) for factor in FACTORS]
    places = {row.levels: row for row in grid.rows}
    shape = tuple(map(len, levels))
    wanted = [tuple(map(list.__getitem__, levels, place)) for place in np.ndindex(*shape)]
    if sorted(places) != sorted(wanted) or not all(row.samples for row in grid.rows):
        raise ValueError("the grid lacks rows")
    rows = [places[each] for each in wanted]
    # The first sample is the measurement itself.
    values = np.array([[row.wordsim, *row.samples] for row in rows]).T
    coverage = np.array([row.coverage for row in rows])
    exponents = _form(coverage, values[0])
    columns = powers(coverage, exponents)
    curves = fit(columns, values.T)
    rest = values - (columns @ curves).T
    coefficients = dict(zip((0, *exponents), curves[:, 0].tolist(), strict=True))
    cells, left = (each.reshape(len(each), *shape) for each in (values, rest))
    total = cells[0].var()
    return replace(
        grid,
        effects=tuple(_effects(cells, left, levels)),
        shares=tuple(_shares(cells, left)),
        curve=tuple(coefficients.get(power, 0.0) for power in range(3)),
        explained=float(1 - left[0].var() / total) if total else None,
    )


def _form(coverage: Floats, wordsim: Floats) -> tuple[int, ...]:
    """Return the powers of coverage that fit best, among the forms of a study that never fall."""
    fits = {powers_of: powers(coverage, powers_of) for powers_of in FORMS.values()}
    rising = [
        each
        for each, columns in fits.items()
        if each == (1,) or rises(fit(columns, wordsim), each, coverage)
    ]
    return min(rising, key=lambda each: np.var(wordsim - fits[each] @ fit(fits[each], wordsim)))


def _effects(cells: Floats, left: Floats, levels: Sequence[Sequence[str]]) -> list[GridEffect]:
    found = []
    for axis, factor in enumerate(FACTORS):
        for one, other in _compared(factor, len(levels[axis])):
            # Axis 0 has the samples.
            changes = [
                level - before
                for level, before in zip(
                    _at([cells, left], other, axis + 1),
                    _at([cells, left], one, axis + 1),
                    strict=True,
                )
            ]
            names = (factor, levels[axis][one], levels[axis][other])
            found.append(_effect(names, ("", ""), changes))
            others = [each for each in range(len(FACTORS)) if each != axis]
            for place, within in enumerate(others, 1):
                found += [
                    _effect(names, (FACTORS[within], level), _at(changes, number, place))
                    for number, level in enumerate(levels[within])
                ]
    return found


def _at(changes: Sequence[Floats], number: int, axis: int) -> list[Floats]:
    return [np.take(each, number, axis) for each in changes]


def _compared(factor: str, count: int) -> list[tuple[int, int]]:
    """Return the levels to compare: algorithms with the first one, others with the one before."""
    if factor == "algorithm":
        return [(0, number) for number in range(1, count)]
    return list(pairwise(range(count)))


def _effect(
    names: tuple[str, str, str], where: tuple[str, str], changes: Sequence[Floats]
) -> GridEffect:
    whole, left = (each.reshape(len(each), -1).mean(axis=1) for each in changes)
    return GridEffect(
        *names,
        *where,
        change=float(whole[0]),
        interval=_interval(whole[1:]),
        given_coverage=float(left[0]),
        given_interval=_interval(left[1:]),
    )


def _interval(samples: Floats) -> tuple[float, float]:
    return ends_of(percentile_interval(samples))


def _shares(cells: Floats, left: Floats) -> list[GridShare]:
    """Split the variance over the rows by main effects and interactions of two (Fisher 1925)."""
    axes = tuple(range(1, cells.ndim))
    total = cells.var(axis=axes)
    found = []
    for chosen in chain.from_iterable(combinations(range(len(FACTORS)), size) for size in (1, 2)):
        parts = [
            np.divide(_variance(each, chosen), total, out=np.zeros_like(total), where=total > 0)
            for each in (cells, left)
        ]
        found.append(
            GridShare(
                tuple(FACTORS[each] for each in chosen),
                float(parts[0][0]),
                _interval(parts[0][1:]),
                float(parts[1][0]),
            )
        )
    return found


def _variance(cells: Floats, chosen: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the variance of the means by some factors, without that of each subset of them."""
    others = tuple(axis for axis in range(1, cells.ndim) if axis - 1 not in chosen)
    means = cells.mean(axis=others, keepdims=True)
    variance: NDArray[np.float64] = means.var(axis=tuple(range(1, cells.ndim)))
    for size in range(1, len(chosen)):
        for some in combinations(chosen, size):
            variance = variance - _variance(cells, some)
    return variance

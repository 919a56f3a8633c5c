"""Effects in grids whose numbers are made up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from tokstat.experiments.grid import FACTORS, SPACE_LEVELS, Grid, GridEffect, GridRow
from tokstat.experiments.grid_effects import with_effects
from tokstat.experiments.training import ALGORITHMS, CASINGS

SIZES = (8_000, 16_000)

CELLS = list(product(ALGORITHMS, SIZES, CASINGS, SPACE_LEVELS))


def make_grid(
    wordsim: Callable[[int, int, int, int], float],
    coverage: Callable[[int, int, int, int], float] | None = None,
    noise: float = 0.0,
) -> Grid:
    """Make a grid whose numbers are functions of the places of its levels."""
    generator = np.random.default_rng(0)
    rows = []
    for algorithm, size, casing, space in CELLS:
        place = (
            ALGORITHMS.index(algorithm),
            SIZES.index(size),
            CASINGS.index(casing),
            SPACE_LEVELS.index(space),
        )
        value = wordsim(*place)
        rows.append(
            GridRow(
                algorithm=algorithm,
                size=size,
                casing=casing,
                space=space,
                sha256="",
                wordsim=value,
                interval_low=value - 1,
                interval_high=value + 1,
                coverage=generator.random() if coverage is None else coverage(*place),
                wordsim_coverage=0.5,
                rho={"men": value},
                samples=tuple(value + noise * generator.normal(size=50)),
            )
        )
    generator.shuffle(rows)
    return Grid("teacher", "", "mean", "fast", 0, "", "text", "", 10, 5, tuple(rows))


def effect(grid: Grid, factor: str, high: str, within: str = "", level: str = "") -> GridEffect:
    (found,) = (
        each
        for each in grid.effects
        if (each.factor, each.high, each.within, each.level) == (factor, high, within, level)
    )
    return found


def test_effects_that_add_up() -> None:
    """WordSim is a sum of one number a factor: there are main effects alone."""
    grid = with_effects(make_grid(lambda a, s, c, b: 10 + 3 * a + 5 * s - 2 * c + 7 * b**2))
    assert [
        (each.factor, each.low, each.high, round(each.change, 9)) for each in grid.main_effects
    ] == [
        ("algorithm", "BPE", "WordPiece", 3),
        ("algorithm", "BPE", "Unigram", 6),
        ("size", "8,000", "16,000", 5),
        ("casing", "cased", "lower-cased", -2),
        ("space", "alone", "in text", 7),
        ("space", "in text", "dropped", 21),
    ]
    for each in grid.effects:
        (main,) = (
            other
            for other in grid.main_effects
            if (other.factor, other.high) == (each.factor, each.high)
        )
        assert each.change == pytest.approx(main.change)
        assert each.interval == pytest.approx((each.change, each.change))
    shares = {each.factors: each.share for each in grid.shares}
    assert sum(shares[(factor,)] for factor in FACTORS) == pytest.approx(1)
    assert all(abs(share) < 1e-12 for factors, share in shares.items() if len(factors) == 2)


def test_an_interaction() -> None:
    """Casing costs points among words alone, and nothing else does anything."""
    grid = with_effects(make_grid(lambda a, s, c, b: 20 - 6 * c * (b == 0)))
    assert effect(grid, "casing", "lower-cased").change == pytest.approx(-2)
    for space, change in (("alone", -6), ("in text", 0), ("dropped", 0)):
        assert effect(grid, "casing", "lower-cased", "space", space).change == pytest.approx(change)
    shares = {each.factors: each.share for each in grid.shares}
    # Means by hand: one cell of six in the plane of casing and space is 6 below the others.
    assert shares["casing",] == pytest.approx(1 / 5)
    assert shares["space",] == pytest.approx(2 / 5)
    assert shares["casing", "space"] == pytest.approx(2 / 5)
    assert sum(shares.values()) == pytest.approx(1)


def test_what_coverage_explains_is_taken_away() -> None:
    def coverage(a: int, s: int, c: int, b: int) -> float:
        return 0.2 + 0.1 * a + 0.15 * s + 0.05 * b

    grid = with_effects(
        make_grid(lambda *place: 10 + 20 * coverage(*place) + 30 * coverage(*place) ** 2, coverage)
    )
    assert grid.explained == pytest.approx(1)
    assert grid.curve == pytest.approx((10, 20, 30))
    assert effect(grid, "size", "16,000").change > 3
    assert all(abs(each.given_coverage) < 1e-9 for each in grid.effects)
    assert all(abs(each.given_coverage) < 1e-9 for each in grid.shares)


def test_the_curve_of_coverage_never_falls() -> None:
    """A parabola would fit, and say that more whole words are worse."""
    grid = with_effects(
        make_grid(lambda a, s, c, b: 30 + 8 * b - 3 * b**2, lambda a, s, c, b: 0.2 + 0.3 * b)
    )
    x = np.linspace(0.2, 0.8, 20)
    assert (np.diff(np.polynomial.polynomial.polyval(x, grid.curve)) >= 0).all()
    assert grid.explained is not None
    assert 0 < grid.explained < 1


def test_what_coverage_does_not_explain_is_left() -> None:
    grid = with_effects(make_grid(lambda a, s, c, b: 10 + 4 * s, lambda a, s, c, b: 0.1 * b))
    assert grid.explained == pytest.approx(0)
    found = effect(grid, "size", "16,000")
    assert found.given_coverage == pytest.approx(found.change) == pytest.approx(4)


def test_intervals_are_those_of_the_resamples() -> None:
    grid = with_effects(make_grid(lambda a, s, c, b: 10 + 4 * s, noise=3.0))
    rows = {row.levels: np.array(row.samples) for row in grid.rows}
    differences = [
        rows[algorithm, "16,000", casing, space] - rows[algorithm, "8,000", casing, space]
        for algorithm, casing, space in product(ALGORITHMS, CASINGS, SPACE_LEVELS)
    ]
    found = effect(grid, "size", "16,000")
    assert found.interval == pytest.approx(
        tuple(np.quantile(np.mean(differences, axis=0), [0.025, 0.975]))
    )
    assert found.interval[0] < found.change < found.interval[1]


@pytest.mark.parametrize("without", ["a row", "samples"])
def test_an_unfinished_grid_has_no_effects(without: str) -> None:
    grid = make_grid(lambda a, s, c, b: a)
    rows = grid.rows[1:] if without == "a row" else grid.without_samples().rows
    with pytest.raises(ValueError, match="lacks rows"):
        with_effects(Grid("teacher", "", "mean", "fast", 0, "", "text", "", 10, 5, rows))

"""A grid of tokenizers trained alike as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.experiments.grid import FACTORS, Grid, GridEffect, order_of
from tokstat.render.headlines import WORDSIM
from tokstat.render.parts import Heading
from tokstat.render.terminal.tables import interval
from tokstat.results.report import Table


def grid_parts(found: Grid) -> Iterator[str | Table]:
    """Yield the texts and tables of a grid."""
    yield (
        f"{found.teacher}: WordSim of static models with tokenizers trained alike, "
        f"{found.recipe}, {found.mode} mode, seed {found.seed}"
    )
    yield f"Text: {found.text}; {found.distinct:,} distinct words in lower case."
    yield f"WordSim: {WORDSIM}. 95% intervals are over words."
    yield ""
    yield Heading("WORDSIM (share of frequent words that are one token)")
    yield rows_table(found)
    if not found.effects:
        yield "The grid is not finished, and has no effects yet. The same command goes on with it."
        return
    yield Heading("MEAN CHANGE BY EACH FACTOR, all else equal")
    yield effects_table(found)
    yield (
        f"Given coverage: what is left when WordSim is predicted from coverage alone, by a curve "
        f"that explains {found.explained or 0:.1%} of the variance between rows."
    )
    yield Heading("CHANGE BY EACH FACTOR, WITHIN EACH LEVEL OF THE OTHERS")
    yield within_table(found)
    yield Heading("SHARE OF THE VARIANCE BETWEEN ROWS")
    yield shares_table(found)
    yield "In text and alone, the space before a word is part of its token, as in GPT-2."
    if "dropped" in found.levels("space"):
        yield (
            "Dropped: the space is never part of a token, as in BERT, so that words are encoded "
            "alike alone and in text."
        )


def rows_table(found: Grid) -> Table:
    """Return WordSim with coverage in parentheses: sizes are columns, all else is rows."""
    cells = {row.levels: f"{row.wordsim:.1f} ({row.coverage:.0%})" for row in found.rows}
    sizes = order_of("size", found.levels("size"))
    kinds = [
        (algorithm, casing, space)
        for space in order_of("space", found.levels("space"))
        for algorithm in order_of("algorithm", found.levels("algorithm"))
        for casing in order_of("casing", found.levels("casing"))
    ]
    return Table(
        "rows",
        "WordSim by size",
        {
            "space": tuple(space for _, _, space in kinds),
            "algorithm": tuple(algorithm for algorithm, _, _ in kinds),
            "casing": tuple(casing for _, casing, _ in kinds),
            **{
                f"{size} tokens": tuple(
                    cells.get((algorithm, size, casing, space))
                    for algorithm, casing, space in kinds
                )
                for size in sizes
            },
        },
    )


def effects_table(found: Grid) -> Table:
    """Return the main effects with their intervals, and what coverage leaves of them."""
    effects = found.main_effects
    return Table(
        "effects",
        "Main effects",
        {
            "factor": tuple(each.factor for each in effects),
            "change": tuple(map(name_of, effects)),
            "WordSim": tuple(f"{each.change:+.1f}" for each in effects),
            "95 %": tuple(interval(each.interval) for each in effects),
            "given coverage": tuple(f"{each.given_coverage:+.1f}" for each in effects),
            "its 95 %": tuple(interval(each.given_interval) for each in effects),
        },
    )


def within_table(found: Grid) -> Table:
    """Return the change by each factor within each level of the others, a column a level."""
    changes = {
        (each.factor, each.high, each.within, each.level): f"{each.change:+.1f}"
        for each in found.effects
    }
    return Table(
        "within",
        "Effects within levels",
        {
            "change": tuple(map(name_of, found.main_effects)),
            **{
                level: tuple(
                    changes.get((each.factor, each.high, factor, level))
                    for each in found.main_effects
                )
                for factor in FACTORS
                for level in order_of(factor, found.levels(factor))
            },
        },
    )


def shares_table(found: Grid) -> Table:
    """Return the share of the variance of each factor and each pair of factors."""
    return Table(
        "shares",
        "Shares of the variance",
        {
            "factors": tuple(" x ".join(each.factors) for each in found.shares),
            "share": tuple(f"{each.share:.1%}" for each in found.shares),
            "95 %": tuple(
                f"[{100 * each.interval[0]:.1f}, {100 * each.interval[1]:.1f}]"
                for each in found.shares
            ),
            "given coverage": tuple(f"{each.given_coverage:.1%}" for each in found.shares),
        },
    )


def name_of(effect: GridEffect) -> str:
    """Name a change, such as `cased to lower-cased`."""
    return f"{effect.low} to {effect.high}"

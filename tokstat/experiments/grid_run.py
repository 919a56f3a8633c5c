"""Train and measure the tokenizers of a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from tokstat.analyzers.subject import Subject
from tokstat.distillation.static_models import Distillation
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.experiments.defaults import GRID_SIZES, TRAINING_WORDS
from tokstat.experiments.grid import Grid, GridRow
from tokstat.experiments.grid_effects import with_effects
from tokstat.experiments.training import (
    ALGORITHMS,
    CASINGS,
    SPACES,
    Design,
    Spaces,
    digest_of,
    scaled,
    too_little,
    train,
)
from tokstat.experiments.trials import (
    Trials,
    environment,
    require_all_sets,
    require_same_settings,
)
from tokstat.tokenizer.single_words import Convention, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import correlate
from tokstat.wordsim.sets import WordSet
from tokstat.wordsim.statistics import ends_of

_DECIMALS = 3
"""Decimals of a resample: more than words drawn at random can tell."""


def run_grid(
    teacher: Teacher,
    counts: Mapping[str, int],
    text: str,
    sets: Sequence[WordSet],
    lexicon: Lexicon,
    *,
    sizes: Sequence[int] = GRID_SIZES,
    spaces: Sequence[Spaces] = SPACES,
    words: int = TRAINING_WORDS,
    settings: Distillation | None = None,
    seed: int = 0,
    folder: Path | None = None,
    finished: Grid | None = None,
    on_row: Callable[[Grid], None] | None = None,
    progress: Progress | None = None,
) -> Grid:
    """Train tokenizers on counted words of a text, alike but for the factors, and measure all.

    Words that have a space before them in the text begin with it. `text` names the text. The static
    models are made in fast mode. `finished` is an earlier result for the same text, teacher and
    seed, whose rows are not measured again; `on_row` gets the grid after each tokenizer, to save
    it. `words` and `folder` are as in `train`.

    Raises:
        DataError: the text has too few words for a size, one of the seven sets is missing, or
            `finished` has other settings.
        OutputError: a tokenizer cannot be written.
    """
    require_all_sets(sets, "grid")
    distinct = require_enough(counts, sizes)
    trials = Trials(teacher, sets, settings or Distillation(), False, seed, progress)
    grid = Grid(
        teacher=teacher.name,
        teacher_sha256=teacher.sha256,
        recipe=trials.settings.name,
        mode="fast",
        seed=seed,
        environment=environment(),
        text=text,
        text_sha256=digest_of(scaled(counts, words)),
        words=sum(counts.values()),
        distinct=distinct,
        rows=(),
    )
    grid = replace(grid, rows=_reusable(grid, finished))
    for design in _designs(sizes, spaces):
        if not {*_places(design)} <= {row.levels for row in grid.rows}:
            rows = (
                *grid.rows,
                *_measure(design, train(design, counts, folder, words), trials, lexicon),
            )
            grid = replace(grid, rows=rows)
            if on_row is not None:
                on_row(grid)
    places = {place for design in _designs(sizes, spaces) for place in _places(design)}
    chosen = tuple(row for row in grid.rows if row.levels in places)
    return with_effects(replace(grid, rows=chosen))


def require_enough(counts: Mapping[str, int], sizes: Sequence[int]) -> int:
    """Return the number of distinct words in lower case. Raises DataError for fewer than a size."""
    distinct = len({word.lower().lstrip(" ") for word in counts})
    if distinct < max(sizes):
        raise too_little(distinct, max(sizes))
    return distinct


def _designs(sizes: Sequence[int], spaces: Sequence[Spaces]) -> Iterator[Design]:
    """Yield the tokenizers of a grid; those of one size follow each other."""
    for size, kind, casing, algorithm in product(sizes, spaces, CASINGS, ALGORITHMS):
        yield Design(algorithm, size, casing, kind)


def _conventions(design: Design) -> dict[str, Convention]:
    """Return how words are encoded, by the level of the space."""
    if design.spaces == "dropped":
        return {"dropped": "bare"}
    return {"alone": "bare", "in text": "spaced"}


def _places(design: Design) -> list[tuple[str, ...]]:
    """Return the levels of the rows that a tokenizer has."""
    return [
        (design.algorithm, f"{design.size:,}", design.casing, space)
        for space in _conventions(design)
    ]


def _reusable(grid: Grid, finished: Grid | None) -> tuple[GridRow, ...]:
    if finished is None:
        return ()
    require_same_settings(
        "grid", grid, finished, ("teacher_sha256", "recipe", "seed", "text_sha256")
    )
    return tuple(row for row in finished.rows if row.samples)


def _measure(
    design: Design, tokenizer: Tokenizer, trials: Trials, lexicon: Lexicon
) -> Iterator[GridRow]:
    model = trials.distill(tokenizer)
    (frequent,) = Subject(tokenizer, lexicon).lower_coverage
    for space, convention in _conventions(design).items():
        score = correlate(model.under(convention), trials.sets, seed=trials.seed)
        low, high = ends_of(score.interval)
        whole = frequent.bare if convention == "bare" else frequent.spaced
        yield GridRow(
            algorithm=design.algorithm,
            size=design.size,
            casing=design.casing,
            space=space,
            sha256=tokenizer.origin.sha256,
            wordsim=score.mean,
            interval_low=low,
            interval_high=high,
            coverage=float(whole.mean()),
            wordsim_coverage=float(single_token_words(tokenizer, trials.words, convention).mean()),
            rho=score.rho,
            samples=tuple(score.samples.round(_DECIMALS).tolist()),
        )

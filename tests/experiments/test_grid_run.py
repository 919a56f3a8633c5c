"""Grids under a teacher that there is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.experiments import HashTeacher
from tests.wordsim import make_set, random_pairs
from tokstat.distillation.static_models import distill
from tokstat.errors import DataError
from tokstat.experiments import grid_run
from tokstat.experiments.grid import FACTORS, SPACE_LEVELS, Grid
from tokstat.experiments.grid_run import run_grid
from tokstat.experiments.training import ALGORITHMS, CASINGS, Design, train
from tokstat.tokenizer.single_words import Convention, single_token_words
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet

SIZES = (400,)

ROWS = len(SIZES) * len(ALGORITHMS) * len(CASINGS) * len(SPACE_LEVELS)


@pytest.fixture(scope="module")
def counts(english: Lexicon) -> Counter[str]:
    found: Counter[str] = Counter()
    for rank, word in enumerate(english.word_lists[0].top(1_000), 1):
        if word.isalpha():
            found[f" {word}"] += 20_000 // rank
            found[word] += 2_000 // rank
            found[f" {word.capitalize()}"] += 4_000 // rank
    return found


@pytest.fixture(scope="module")
def sets(english: Lexicon) -> list[WordSet]:
    words = english.word_lists[0].top(300)[60:]
    return [
        make_set(random_pairs(30, words, number), source.name)
        for number, source in enumerate(WORDSIM_SETS)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keeps the tokenizers, so that they are trained once."""
    return tmp_path_factory.mktemp("trained")


@pytest.fixture(scope="module")
def grid(counts: Counter[str], sets: list[WordSet], english: Lexicon, folder: Path) -> Grid:
    return run_grid(HashTeacher(), counts, "words", sets, english, sizes=SIZES, folder=folder)


def test_rows_are_of_tokenizers_trained_alike(
    grid: Grid, counts: Counter[str], sets: list[WordSet], folder: Path
) -> None:
    assert len({row.levels for row in grid.rows}) == len(grid.rows) == ROWS
    assert grid.distinct == len({word.lower().strip() for word in counts})
    assert grid.words == counts.total()
    words = sorted({word for each in sets for word in each.words})
    for row in grid.rows[:9]:
        design = Design(
            *(row.algorithm, row.size, row.casing),  # type: ignore[arg-type]
            "dropped" if row.space == "dropped" else "kept",
        )
        tokenizer = train(design, counts, folder)
        convention: Convention = "spaced" if row.space == "in text" else "bare"
        score = evaluate(distill(HashTeacher(), tokenizer).under(convention), sets)
        assert row.sha256 == tokenizer.origin.sha256
        assert row.wordsim == pytest.approx(score.wordsim)
        assert row.interval_low < row.wordsim < row.interval_high
        assert row.wordsim_coverage == single_token_words(tokenizer, words, convention).mean()
        assert len(row.samples) == 1000


def test_a_grid_has_effects_of_every_factor(grid: Grid) -> None:
    assert [each.factor for each in grid.main_effects] == [
        *("algorithm", "algorithm", "casing", "space", "space")
    ]
    assert {len(each.factors) for each in grid.shares} == {1, 2}
    assert {factor for each in grid.shares for factor in each.factors} == set(FACTORS)
    assert grid.explained is not None


def test_an_interrupted_grid_goes_on(
    grid: Grid, counts: Counter[str], sets: list[WordSet], english: Lexicon, folder: Path
) -> None:
    saved: list[Grid] = []

    def stop_after_two(found: Grid) -> None:
        saved.append(found)
        if len(saved) == 2:
            raise KeyboardInterrupt

    def run(finished: Grid | None, on_row: object = None) -> Grid:
        return run_grid(
            *(HashTeacher(), counts, "words", sets, english),
            sizes=SIZES,
            folder=folder,
            finished=finished,
            on_row=on_row,  # type: ignore[arg-type]
        )

    with pytest.raises(KeyboardInterrupt):
        run(None, stop_after_two)
    assert [len(each.rows) for each in saved] == [2, 4]
    assert saved[-1].effects == ()
    more: list[Grid] = []
    assert run(Grid.from_json(saved[-1].to_json()), more.append) == grid
    assert len(more) == len(SIZES) * 12 - 2
    idle: list[Grid] = []
    assert run(grid, idle.append) == grid
    assert idle == []
    # Rows without resamples are not enough for intervals.
    assert run(replace(grid, rows=(replace(grid.rows[0], samples=()), *grid.rows[1:])), idle.append)
    assert len(idle) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("teacher_sha256", "other"), ("text_sha256", ""), ("seed", 1), ("recipe", "cls")],
)
def test_a_grid_of_something_else_is_no_start(
    grid: Grid,
    counts: Counter[str],
    sets: list[WordSet],
    english: Lexicon,
    field: str,
    value: str | int,
) -> None:
    other = replace(grid, **{field: value})  # type: ignore[arg-type]
    with pytest.raises(DataError, match=field):
        run_grid(HashTeacher(), counts, "words", sets, english, sizes=SIZES, finished=other)


def test_a_grid_on_less_of_the_text_is_no_start(
    grid: Grid, counts: Counter[str], sets: list[WordSet], english: Lexicon
) -> None:
    """Tokenizers that were trained on fewer words are others."""
    with pytest.raises(DataError, match="text_sha256"):
        run_grid(
            *(HashTeacher(), counts, "words", sets, english),
            sizes=SIZES,
            words=sum(counts.values()) // 2,
            finished=grid,
        )


def test_too_little_text_and_missing_sets(
    counts: Counter[str], sets: list[WordSet], english: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are seen before anything is trained."""
    monkeypatch.setattr(grid_run, "train", lambda *_: pytest.fail("trained"))
    with pytest.raises(DataError, match=r"distinct words, too few to learn 32,000 tokens"):
        run_grid(HashTeacher(), counts, "words", sets, english)
    with pytest.raises(DataError, match=r"card_660\. Run: tokstat data fetch"):
        run_grid(HashTeacher(), counts, "words", sets[:-1], english)

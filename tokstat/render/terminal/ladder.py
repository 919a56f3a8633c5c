"""A what-if ladder as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tokstat.editing.greedy import GREEDY
from tokstat.experiments.ladder import Change, Ladder, Measurement
from tokstat.render.headlines import WORDSIM
from tokstat.render.parts import Heading
from tokstat.render.terminal.tables import interval
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table
from tokstat.text.wording import counted


def render_ladder(ladder: Ladder) -> str:
    """Write the rungs: changes one after the other, each alone, and the target."""
    return to_text(ladder_parts(ladder))


def ladder_parts(ladder: Ladder) -> Iterator[str | Table]:
    """Yield the texts and tables of a ladder."""
    yield f"{ladder.tokenizer}: {score_of(ladder)} of static models distilled from {ladder.teacher}"
    units = "texts" if ladder.texts else "words"
    yield f"{ladder.recipe}, {ladder.mode} mode. 95% intervals are over {units}."
    if ladder.weights:
        yield f"Weights of the teacher: {ladder.weights}"
    yield about_score(ladder)
    yield ""
    yield Heading("CHANGES ONE AFTER THE OTHER")
    measured = [ladder.start, *(rung.in_sequence for rung in ladder.rungs)]
    titles = ["as it is", *(f"+ {rung.title}" for rung in ladder.rungs)]
    changes: list[Change | None] = [None, *(rung.change_in_sequence for rung in ladder.rungs)]
    if ladder.target is not None:
        measured.append(ladder.target)
        titles.append(f"({ladder.target_tokenizer}, as it is)")
        changes.append(None)
    yield _grid(ladder, titles, measured, changes)
    yield Heading("EACH CHANGE ALONE")
    yield _grid(
        ladder,
        [rung.title for rung in ladder.rungs],
        [rung.alone for rung in ladder.rungs],
        [rung.change_alone for rung in ladder.rungs],
    )
    yield Heading("SCORE OF EVERY SET")
    names = ladder.sets
    yield Table(
        "sets",
        "Sets",
        {
            "": tuple(titles),
            **{name: tuple(f"{each.rho[name]:.1f}" for each in measured) for name in names},
        },
    )
    yield from _parts(ladder)
    yield from _remarks(ladder)


def score_of(ladder: Ladder) -> str:
    """Name the score of a ladder, with its sets where these are not WordSim's."""
    if ladder.score == "WordSim":
        return ladder.score
    return f"{ladder.score} of {', '.join(ladder.sets)}"


def about_score(ladder: Ladder) -> str:
    """Define the score of a ladder, or say that it is not WordSim."""
    if ladder.texts:
        return (
            "Correlation: the rank correlation of the similarity of two texts with their score, x"
            " 100; with several files the mean over them."
        )
    if ladder.missing_sets:
        return "This is not WordSim: sets are missing. Run: tokstat data fetch"
    return f"WordSim: {WORDSIM}."


def about_encoding(ladder: Ladder) -> str:
    """Tell how a model encodes what it is scored on."""
    what = "Texts are encoded as they are" if ladder.texts else "Words are encoded alone"
    return f"{what}, as Model2Vec (a library for static embeddings) does."


def _grid(
    ladder: Ladder,
    titles: list[str],
    measured: list[Measurement],
    changes: list[Change | None] | list[Change],
) -> Table:
    columns: dict[str, tuple[Any, ...]] = {
        "": tuple(titles),
        ladder.score: tuple(f"{each.wordsim:.1f}" for each in measured),
        "interval": tuple(interval(each.interval) for each in measured),
        "change": tuple(_change(each) for each in changes),
    }
    if not ladder.texts:
        columns["words as one token"] = tuple(f"{each.coverage:.1%}" for each in measured)
    columns["tokens"] = tuple(each.vocab_size for each in measured)
    return Table("rungs", "Steps", columns)


def _parts(ladder: Ladder) -> Iterator[str | Table]:
    """Yield each step's mean change over all orders, if that was measured."""
    parts = [(rung.title, rung.part) for rung in ladder.rungs if rung.part is not None]
    if not parts:
        return
    yield Heading("MEAN CHANGE OVER ALL ORDERS (Shapley values; their sum is the total change)")
    columns = {
        "": tuple(title for title, _ in parts),
        "change": tuple(_change(part) for _, part in parts),
    }
    if ladder.distance:
        columns["% of the gap"] = tuple(f"{part.value / ladder.distance:.0%}" for _, part in parts)
    yield Table("parts", "Parts", columns)
    if ladder.distance is not None:
        yield (
            f"The gap from {ladder.start.wordsim:.1f} to {ladder.target_tokenizer} is"
            f" {ladder.distance:+.1f}."
        )


def _remarks(ladder: Ladder) -> Iterator[str | Table]:
    last = [rung for rung in ladder.rungs if rung.step != GREEDY] or [*ladder.rungs]
    made = last[-1].in_sequence
    if made.skipped:
        yield (
            f"{counted(made.skipped, 'word')} to add skipped: the pre-tokenizer splits them, so"
            " that they cannot be one token."
        )
    if made.stranded:
        greedy = " Greedy longest match finds them again." if last[-1] != ladder.rungs[-1] else ""
        yield (
            f"{counted(made.stranded, 'token')} of the step '+ {last[-1].title}' can be produced as"
            " whole pieces only (ignore_merges): their merges need tokens that were removed."
            + greedy
        )
    yield (
        f"{about_encoding(ladder)} The models are untrained: training may compensate, and another"
        " teacher may differ."
    )


def _change(change: Change | None) -> str:
    return "" if change is None else f"{change.value:+.1f} {interval(change.interval)}"

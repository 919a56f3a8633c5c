"""A what-if ladder as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.experiments.ladder import Change, Ladder, Measurement
from tokstat.render.terminal.text import to_text
from tokstat.results.report import Table


def render_ladder(ladder: Ladder) -> str:
    """Write the rungs: each change alone, one after the other, and what is left to the target."""
    return to_text(_lines(ladder))


def _lines(ladder: Ladder) -> Iterator[str | Table]:
    what = "WordSim" if not ladder.missing_sets else f"mean of {', '.join(ladder.sets)}"
    yield f"{ladder.tokenizer}: {what} of static models under {ladder.teacher}"
    yield f"{ladder.recipe}, {ladder.mode} mode; 95 % intervals are over pairs of words"
    if ladder.missing_sets:
        yield "Not WordSim: some of its seven sets are not here. Run: tokstat data fetch"
    yield ""
    yield "ONE AFTER THE OTHER"
    measured = [ladder.start, *(rung.in_sequence for rung in ladder.rungs)]
    titles = ["as it is", *(f"+ {rung.title}" for rung in ladder.rungs)]
    changes: list[Change | None] = [None, *(rung.change_in_sequence for rung in ladder.rungs)]
    if ladder.target is not None:
        measured.append(ladder.target)
        titles.append(f"({ladder.target_tokenizer}, as it is)")
        changes.append(None)
    score = "mean" if ladder.missing_sets else "WordSim"
    yield _grid(score, titles, measured, changes)
    yield "EACH ALONE"
    yield _grid(
        score,
        [rung.title for rung in ladder.rungs],
        [rung.alone for rung in ladder.rungs],
        [rung.change_alone for rung in ladder.rungs],
    )
    yield "EVERY SET"
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


def _grid(
    score: str,
    titles: list[str],
    measured: list[Measurement],
    changes: list[Change | None] | list[Change],
) -> Table:
    return Table(
        "rungs",
        "Rungs",
        {
            "": tuple(titles),
            score: tuple(f"{each.wordsim:.1f}" for each in measured),
            "interval": tuple(_interval(each.interval) for each in measured),
            "change": tuple(_change(each) for each in changes),
            "words whole": tuple(f"{each.coverage:.1%}" for each in measured),
            "tokens": tuple(each.vocab_size for each in measured),
        },
    )


def _parts(ladder: Ladder) -> Iterator[str | Table]:
    """Yield each step's part over all orders, where it was measured."""
    parts = [(rung.title, rung.part) for rung in ladder.rungs if rung.part is not None]
    if not parts:
        return
    yield "ON AVERAGE OVER ALL ORDERS (Shapley values: they sum up to all changes together)"
    columns = {
        "": tuple(title for title, _ in parts),
        "change": tuple(_change(part) for _, part in parts),
    }
    if ladder.distance:
        columns["of the way"] = tuple(f"{part.value / ladder.distance:.0%}" for _, part in parts)
    yield Table("parts", "Parts", columns)
    if ladder.distance is not None:
        yield (
            f"The way from {ladder.start.wordsim:.1f} to {ladder.target_tokenizer} is"
            f" {ladder.distance:+.1f}."
        )


def _remarks(ladder: Ladder) -> Iterator[str | Table]:
    last = ladder.rungs[-1].in_sequence
    if last.skipped:
        yield (
            f"{last.skipped:,} words to add are cut into pieces before the model sees them, and"
            " were skipped."
        )
    if last.stranded:
        yield (
            f"{last.stranded:,} tokens of the last rung are reached as whole pieces only: merges"
            " led to them over tokens that are gone."
        )
    yield (
        "Words are encoded alone, as Model2Vec does. Untrained static models of this teacher:"
        " training may make up for a tokenizer, and another teacher may weigh otherwise."
    )


def _interval(interval: tuple[float, float]) -> str:
    return f"[{interval[0]:.1f}, {interval[1]:.1f}]"


def _change(change: Change | None) -> str:
    return "" if change is None else f"{change.value:+.1f} {_interval(change.interval)}"

"""Ladders and studies under several teachers as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokstat.experiments.by_teacher import (
    LaddersByTeacher,
    MissingTeacher,
    StudiesByTeacher,
    mean_of,
    spread_of,
)
from tokstat.experiments.ladder import Change
from tokstat.render.headlines import WORDSIM
from tokstat.render.parts import Heading
from tokstat.render.terminal.ladder import about_encoding, about_score, score_of
from tokstat.render.terminal.tables import interval
from tokstat.results.report import Table
from tokstat.text.wording import counted

_SPREAD = "The spread is the largest minus the smallest value over teachers."


def ladders_parts(found: LaddersByTeacher) -> Iterator[str | Table]:
    """Yield the texts and tables of ladders under several teachers."""
    first = found.ladders[0]
    yield (
        f"{first.tokenizer}: {score_of(first)} of static models distilled from"
        f" {counted(len(found.ladders), 'teacher')}"
    )
    for name, ladder in zip(found.teachers, found.ladders, strict=True):
        source = f", weights from {ladder.weights}" if ladder.weights else ""
        yield f"{name}: {ladder.recipe}, {ladder.mode} mode{source}"
    yield about_score(first)
    yield f"95% intervals are over {'texts' if first.texts else 'words'}. {_SPREAD}"
    yield ""
    yield Heading("CHANGES ONE AFTER THE OTHER")
    titles = ["as it is", *(f"+ {rung.title}" for rung in first.rungs)]
    rows = [[each.start.wordsim for each in found.ladders]]
    rows += [
        [rung.in_sequence.wordsim for rung in found.rungs(place)]
        for place in range(len(first.rungs))
    ]
    if first.target is not None:
        titles.append(f"({first.target_tokenizer}, as it is)")
        rows.append([each.target.wordsim for each in found.ladders if each.target])
    yield _values(found, titles, rows)
    steps = [rung.title for rung in first.rungs]
    for heading, measure in (
        ("CHANGE BY EACH STEP, ONE AFTER THE OTHER", "change_in_sequence"),
        ("CHANGE BY EACH STEP ALONE", "change_alone"),
        ("MEAN CHANGE OVER ALL ORDERS (Shapley values; their sum is the total change)", "part"),
    ):
        changes = [
            [getattr(rung, measure) for rung in found.rungs(place)] for place in range(len(steps))
        ]
        if all(None not in each for each in changes):
            yield Heading(heading)
            yield _changes(found, steps, changes)
    yield from _missing(found.missing)
    yield about_encoding(first)


def _values(found: LaddersByTeacher, titles: list[str], rows: list[list[float]]) -> Table:
    by_teacher = {
        name: tuple(f"{row[number]:.1f}" for row in rows)
        for number, name in enumerate(found.teachers)
    }
    return Table(
        "rungs",
        "Steps",
        {
            "": tuple(titles),
            **by_teacher,
            "mean": tuple(_number(mean_of(row)) for row in rows),
            "spread": tuple(_number(spread_of(row)) for row in rows),
        },
    )


def _changes(found: LaddersByTeacher, steps: list[str], rows: list[list[Change]]) -> Table:
    by_teacher = {
        name: tuple(f"{row[number].value:+.1f} {interval(row[number].interval)}" for row in rows)
        for number, name in enumerate(found.teachers)
    }
    values = [[each.value for each in row] for row in rows]
    return Table(
        "changes",
        "Changes",
        {
            "": tuple(steps),
            **by_teacher,
            "mean": tuple(_number(mean_of(row), "+") for row in values),
            "spread": tuple(_number(spread_of(row)) for row in values),
        },
    )


def studies_parts(found: StudiesByTeacher) -> Iterator[str | Table]:
    """Yield the settings of studies under several teachers, and their rows as a table."""
    table = found.to_table()
    order = sorted(range(len(table)), key=lambda row: -(table.columns["mean"][row] or -1e9))
    for name, study in zip(found.teachers, found.studies, strict=True):
        yield (
            f"{name}: {study.recipe}, {study.mode} mode, seed {study.seed},"
            f" {counted(len(study.rows), 'row')}"
        )
    yield f"WordSim: {WORDSIM}."
    yield f"{_SPREAD} There is no mean where a teacher has no row."
    columns = {
        "words" if name == "convention" else name: tuple(
            value if isinstance(value, str) else _number(value)
            for value in (column[row] for row in order)
        )
        for name, column in table.columns.items()
    }
    yield Table(table.name, table.title, columns)
    yield from _missing(found.missing)


def _missing(missing: Sequence[MissingTeacher]) -> Iterator[str | Table]:
    for each in missing:
        yield f"Without {each.teacher}: {each.reason}"


def _number(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.1f}"

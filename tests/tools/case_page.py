"""The numbers in docs/case.md, from the packaged ladders and what the scripts measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from tokstat.distillation.static_models import Distillation, zipf_weights
from tokstat.experiments.by_teacher import (
    LaddersByTeacher,
    mean_of,
    packaged_ladders,
    spread_of,
)
from tokstat.experiments.grid import PACKAGED_GRIDS, Grid, GridEffect, packaged_grid
from tokstat.experiments.ladder import Change, Ladder, Measurement, read_ladder
from tokstat.experiments.smallest_fix import SmallestFix
from tokstat.loading.bundled import load_bundled
from tokstat.render.terminal import grid as grid_tables
from tokstat.render.terminal.ladder import render_ladder
from tokstat.results.from_json import build
from tokstat.results.report import Table

ROOT = Path(__file__).parents[2]

NAMES = ("the leading space", "casing", "fragments", "missing words", "greedy longest match")
"""The causes, in the order of the rungs."""

HISTORY = ROOT / "docs" / "model2vec_history.json"

FIX = ROOT / "docs" / "smallest_fix.json"

SENTENCES = ROOT / "docs" / "sentences.json"


def case() -> str:
    """Put the numbers into the page of the case."""
    ladder, ladders = read_ladder(), packaged_ladders()
    grids = [*map(packaged_grid, PACKAGED_GRIDS)]
    text = (ROOT / "docs/case.md").read_text("utf-8")
    for name, content in {
        "ladder": f"```text\n{render_ladder(ladder)}```",
        "answer": _answer(ladder),
        "teachers": _teachers(ladders),
        "greedy": _greedy(ladder, ladders),
        "fix": _fix(read_fix()),
        "sentences": _sentences(),
        "grid": _grids(grids),
        "dropped": _dropped(grids),
        "history": _history(),
    }.items():
        text = between(text, name, content)
    return text


def between(text: str, name: str, content: str) -> str:
    """Put a content between the two marks of a name."""
    head, start, rest = text.partition(f"<!-- {name} -->\n")
    _, end, tail = rest.partition(f"<!-- /{name} -->")
    return f"{head}{start}{content}\n{end}{tail}"


def read_fix() -> SmallestFix:
    """Read the smallest fix of ModernBERT."""
    data = json.loads(FIX.read_text("utf-8"))
    del data["schema_version"]
    return build(SmallestFix, data)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], texts: int = 1) -> str:
    """Write a table in Markdown; all columns but the first `texts` are aligned to the right."""
    marks = ["---"] * texts + ["---:"] * (len(heads) - texts)
    lines = [heads, marks, *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _answer(ladder: Ladder) -> str:
    assert ladder.distance is not None
    rows = [
        (
            name,
            f"{rung.change_in_sequence.value:+.1f}",
            f"{rung.change_in_sequence.value / ladder.distance:.0%}",
            f"{rung.change_alone.value:+.1f}",
            f"{rung.part.value:+.1f}",
        )
        for name, rung in zip(NAMES, ladder.rungs, strict=True)
        if rung.part is not None
    ]
    return (
        f"From {ladder.start.wordsim:.1f} to BERT's "
        f"{ladder.start.wordsim + ladder.distance:.1f} is a distance of "
        f"{ladder.distance:.1f} points:\n\n"
        + table(("cause", "in sequence", "of the distance", "alone", "mean over all orders"), rows)
    )


def _teachers(found: LaddersByTeacher) -> str:
    first = found.ladders[0]
    rows = [("as it is", [each.start.wordsim for each in found.ladders])]
    rows += [
        (f"+ {rung.title}", [each.in_sequence.wordsim for each in found.rungs(place)])
        for place, rung in enumerate(first.rungs)
    ]
    rows.append(
        (
            f"({first.target_tokenizer}, as it is)",
            [each.target.wordsim for each in found.ladders if each.target],
        )
    )
    heads = [*found.teachers, "mean", "spread"]
    wordsim = [
        (name, *(f"{value:.1f}" for value in values), *_summary(values)) for name, values in rows
    ]
    parts = [
        (name, *map(_change, changes), *_summary([each.value for each in changes], "+"))
        for place, name in enumerate(NAMES)
        if (changes := [rung.part for rung in found.rungs(place) if rung.part])
    ]
    weights = "; ".join(
        f"{name}: {ladder.weights}, {ladder.recipe}"
        for name, ladder in zip(found.teachers, found.ladders, strict=True)
    )
    return (
        f"WordSim, one change after the other ({first.mode} mode):\n\n"
        + table(("", *heads), wordsim)
        + "\n\nMean change over all orders, with intervals over words:\n\n"
        + table(("cause", *heads), parts)
        + "\n\nThe spread is the largest minus the smallest value. Weights and recipes: "
        + f"{weights}."
    )


def _summary(values: Sequence[float], sign: str = "") -> tuple[str, str]:
    return f"{mean_of(values):{sign}.1f}", f"{spread_of(values):.1f}"


def _change(change: Change) -> str:
    return _with_interval(change.value, change.interval)


def _greedy(ladder: Ladder, ladders: LaddersByTeacher) -> str:
    rung = ladder.rungs[-1]
    alone = ", ".join(_change(each.change_alone) for each in ladders.rungs(len(NAMES) - 1))
    before, after = f"{ladder.start.wordsim:.1f}", f"{rung.alone.wordsim:.1f}"
    return (
        "With greedy longest match, as in WordPiece, over the same vocabulary, ModernBERT's\n"
        f"WordSim is {after} instead of {before}. The change alone is {alone}\n"
        "under the three teachers below."
    )


def _fix(found: SmallestFix) -> str:
    assert found.equal is not None
    verdict = (
        f"The leading space brings {found.start.wordsim:.1f} to {found.space.wordsim:.1f}, and adds"
        f" no token. Of the most\nfrequent words, {found.equal.words:,} must be added to equal it:"
        f" {found.equal.tokens:,} new tokens."
    )
    sizes = sorted({each.words for each in found.points})
    by_form = {(each.form, each.words): each for each in found.points}
    rows = []
    for size in sizes:
        alone, text, both = (by_form[form, size] for form in ("alone", "in text", "both"))
        cells = [f"{each.wordsim:.1f} ({each.wordsim_in_text:.1f})" for each in (alone, text, both)]
        rows.append((f"{size:,}", *cells, f"{alone.tokens:,}", f"{both.tokens:,}"))
    heads = ("words added", "alone", "in text", "both", "new tokens, alone", "both")
    causes = [
        (
            each.fix,
            each.cause,
            f"{each.pairs:,}",
            f"{each.points:+.1f}",
            f"{each.off_before:.1%}",
            f"{each.off_after:.1%}",
        )
        for each in found.causes
    ]
    return (
        verdict
        + "\n\nWordSim of words alone, and of words in text in parentheses, by the form in which"
        " words are added:\n\n"
        + table(heads, rows)
        + "\n\nWhich pairs pay (a rank is off by its distance from the rank by human ratings, in"
        " percent of the set):\n\n"
        + table(("fix", "pair of words", "pairs", "points", "off before", "off after"), causes, 2)
    )


def _sentences() -> str:
    data: dict[str, Any] = json.loads(SENTENCES.read_text("utf-8"))
    words, definitions, unweighted = (
        [Ladder.from_dict(each) for each in data[kind]]
        for kind in ("words", "definitions", "unweighted")
    )
    columns = [each for pair in zip(words, definitions, strict=True) for each in pair]
    first = columns[0]
    names = [each.tokenizer.rpartition("/")[2] for each in words]
    heads = [f"{name}, {kind}" for name in names for kind in ("words", "definitions")]
    steps: list[tuple[str, list[str]]] = [
        ("as it is", [_level(each.start) for each in columns]),
        *(
            (f"+ {rung.title}", [_level(each.rungs[place].in_sequence) for each in columns])
            for place, rung in enumerate(first.rungs)
        ),
        (f"({first.target_tokenizer}, as it is)", [_level(each.target) for each in columns]),
        ("change by the leading space", [_change(each.rungs[0].change_alone) for each in columns]),
    ]
    by_set = [
        (
            name.removesuffix(".tsv"),
            *(f"{each.rungs[0].alone.rho[name] - each.start.rho[name]:+.1f}" for each in columns),
        )
        for name in first.sets
    ]
    weighting = [
        (
            weights,
            *(f"{_level(each.start)} → {_level(each.rungs[0].alone)}" for each in ladders),
            _level(ladders[0].target),
        )
        for weights, ladders in (("SIF weights", definitions), ("no weights", unweighted))
    ]
    return (
        f"{first.teacher}, {first.recipe}, {first.mode} mode. {data['pairs']:,} pairs; the median"
        f" definition has {data['words_a_definition']:.0f} words. Mean correlation of the seven"
        " sets with their ratings, one change after the other:\n\n"
        + table(("", *heads), [(title, *cells) for title, cells in steps])
        + "\n\nChange by the leading space, by set:\n\n"
        + table(("set", *heads), by_set)
        + "\n\nDefinitions, without and with a leading space:\n\n"
        + table(("weights of tokens", *names, str(first.target_tokenizer)), weighting)
        + f"\n\nThe SIF weight of `the` is {_weight(first.tokenizer, 'Ġthe'):.2f} in {names[0]}'s"
        f" vocabulary, and {_weight(str(first.target_tokenizer), 'the'):.2f} in BERT's."
    )


def _weight(name: str, token: str) -> float:
    vocabulary = load_bundled(name, name, "").vocabulary
    return float(zipf_weights(len(vocabulary), Distillation().sif)[vocabulary.tokens.index(token)])


def _level(measured: Measurement | None) -> str:
    return "" if measured is None else f"{measured.wordsim:.1f}"


def _grids(grids: Sequence[Grid]) -> str:
    first = grids[0]
    effects = zip(*(each.main_effects for each in grids), strict=True)
    heads = ("factor", "change", *chain(*((each.teacher, "given coverage") for each in grids)))
    parts = [
        f"Text: {first.text}; {first.distinct:,} distinct words in lower case. WordSim in"
        f" {first.mode} mode.",
        "Mean change by each factor, all else equal, with 95% intervals over words. Given coverage"
        " is what is left when\nWordSim is predicted from coverage alone:",
        table(
            heads,
            [
                (each[0].factor, grid_tables.name_of(each[0]), *chain(*map(_effect, each)))
                for each in effects
            ],
            2,
        ),
        "Coverage alone explains "
        + " and ".join(f"{each.explained or 0:.1%}" for each in grids)
        + " of the variance between the rows.",
        _folded(
            "WordSim of every tokenizer, and in parentheses the share of frequent words that are"
            " one token",
            grids,
            lambda grid: _as_markdown(grid_tables.rows_table(grid), 3),
        ),
        _folded(
            "Change by each factor within each level of the others",
            grids,
            lambda grid: _as_markdown(grid_tables.within_table(grid), 1),
        ),
        _folded(
            "Share of the variance between the rows, by factor and by pair of factors",
            grids,
            lambda grid: _as_markdown(grid_tables.shares_table(grid), 1),
        ),
    ]
    return "\n\n".join(parts)


def _folded(title: str, grids: Sequence[Grid], shown: Callable[[Grid], str]) -> str:
    """Return a part that opens by a click, with what is shown of each grid."""
    parts = [f'<details markdown="1"><summary>{title}</summary>']
    for grid in grids:
        parts += [f"{_named(grid)}:", shown(grid)]
    return "\n\n".join([*parts, "</details>"])


def _dropped(grids: Sequence[Grid]) -> str:
    """Say what dropping the space changes, against words in text."""
    found = [next(each for each in grid.main_effects if each.high == "dropped") for grid in grids]
    changes, left = (" and ".join(cells) for cells in zip(*map(_effect, found), strict=True))
    names = " and ".join(grid.teacher for grid in grids)
    return (
        f"Against words in text, dropping the space changes WordSim by {changes} under\n{names}."
        f" Given coverage, {left} are left."
    )


def _named(found: Grid) -> str:
    return f"{found.teacher} ({found.recipe})"


def _effect(effect: GridEffect) -> tuple[str, str]:
    return (
        _with_interval(effect.change, effect.interval),
        _with_interval(effect.given_coverage, effect.given_interval),
    )


def _with_interval(value: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{value:+.1f} [{low:.1f}, {high:.1f}]"


def _as_markdown(found: Table, texts: int) -> str:
    rows = [["" if cell is None else cell for cell in row] for row in found.rows()]
    return table(list(found.columns), rows, texts)


def _history() -> str:
    rows: list[dict[str, Any]] = json.loads(HISTORY.read_text("utf-8"))
    heads = ("Model2Vec", "transformers", "model", "`tiger` alone", "in `a tiger`")
    return table(
        (*heads, "`tiger, a`, Llama 3", "`--as`"),
        [
            (each["release"], each["transformers"], each["model"], *_splits(each), _equal(each))
            if "error" not in each
            else (each["release"], each["needs"], f"cannot distill it: {each['error']}", *[""] * 4)
            for each in rows
        ],
        7,
    )


def _splits(row: dict[str, Any]) -> list[str]:
    beside = row.get("beside", {}).get("Llama 3")  # an old row has none
    return [_tokens(row["alone"]), _tokens(row["in_text"]), _tokens(beside) if beside else ""]


def _equal(row: dict[str, Any]) -> str:
    found: dict[str, list[str]] = {}
    for name, state in row.get("reproduced", {}).items():
        found.setdefault(state, []).append(name)
    return "; ".join(f"{state}: {', '.join(names)}" for state, names in found.items())


def _tokens(tokens: Sequence[str]) -> str:
    return f"`{' '.join(tokens)}`"

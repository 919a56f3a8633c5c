"""`tokstat study`: WordSim of many tokenizers under one teacher."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tokstat.cli.options import data_option, examples, prompt_option, seed_option, teachers_option
from tokstat.experiments.defaults import GRID_SIZES

_MOST_WORKERS = 2
"""Processes by default: a third one would wait for the teacher, and take memory."""


@click.command(
    epilog=examples(
        "study gpt2 google-bert/bert-base-uncased -o study.json",
        "study gpt2 answerdotai/ModernBERT-base -o study.json --csv study.csv",
        "study gpt2 --teacher all-MiniLM-L6-v2 --teacher all-mpnet-base-v2 -o studies.json",
        "study --grid prose.txt --size 16000 --size 32000 -o grid.json",
    )
)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option(
    "--grid",
    "is_grid",
    is_flag=True,
    help="Each SPEC is a text. Train tokenizers on it that differ in algorithm, size, casing and"
    " space alone, and measure what each of these changes.",
)
@click.option(
    "--size",
    "sizes",
    type=click.IntRange(min=1),
    multiple=True,
    default=GRID_SIZES,
    show_default=True,
    help="Number of tokens of a grid's tokenizers; repeatable.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Keep the trained tokenizers of a grid in this folder, and use those in it.",
)
@teachers_option
@prompt_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="File for the results. A later run continues from it.",
)
@click.option(
    "--csv", "table", type=click.Path(path_type=Path), help="Also write the results as CSV."
)
@click.option(
    "--exact",
    is_flag=True,
    help="Embed the whole vocabulary, not only the tokens that the words use.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Number of processes that read tokenizers. By default one for each core, and at most two.",
)
@data_option
@seed_option("samples")
def study(
    specs: tuple[str, ...],
    is_grid: bool,
    sizes: tuple[int, ...],
    keep: Path | None,
    teachers: tuple[str, ...],
    prompt: str,
    output: Path,
    table: Path | None,
    exact: bool,
    workers: int | None,
    data: Path | None,
    seed: int,
) -> None:
    """Measure WordSim of many tokenizers under one teacher, or under each of several.

    WordSim is the rank correlation of word-pair similarity with human judgement. Words are encoded
    alone and in text. Only the tokenizer varies. Results are saved after each tokenizer, and a
    later run skips those that the file already holds. With several teachers there is one study for
    each, and the mean and spread of each row. If one teacher fails, the others still run.

    With --grid, tokenizers are trained on a text, 100 MB or so of prose. They
    differ in one thing at a time, so that each change of WordSim has one cause.
    """
    import tokstat
    from tokstat.cli.output import write
    from tokstat.cli.progress import bar, telling
    from tokstat.experiments.by_teacher import require_teachers
    from tokstat.io.files import require_place

    require_place(table)
    if is_grid:
        if len(teachers) > 1 or exact:
            raise click.UsageError("--grid takes one --teacher, and has no --exact.")
        with telling() as hold:
            grid = tokstat.run_grid(
                specs,
                teacher=teachers[0],
                prompt=prompt,
                sizes=sizes,
                path=output,
                folder=keep,
                data=data,
                seed=seed,
                progress=bar(hold),
            )
        if table is not None:
            write(grid.to_csv(), table)
        write(tokstat.render_report(grid), None)
        return
    with telling() as hold:
        finished = tokstat.run_study(
            specs,
            teacher=teachers[0] if len(teachers) == 1 else teachers,
            prompt=prompt,
            path=output,
            exact=exact,
            data=data,
            seed=seed,
            progress=bar(hold),
            workers=workers or min(_MOST_WORKERS, os.cpu_count() or 1),
        )
    if table is not None:
        write(finished.to_csv(), table)
    write(tokstat.render_report(finished), None)
    require_teachers(finished)

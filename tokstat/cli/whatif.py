"""`tokstat whatif`: what one change after the other brings."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import (
    data_option,
    json_option,
    output_option,
    seed_option,
    spec_argument,
    teacher_option,
)
from tokstat.experiments.defaults import FREQUENT_WORDS


@click.command()
@spec_argument
@teacher_option
@click.option("--target", metavar="SPEC", help="Another tokenizer, to measure the way to.")
@click.option(
    "--add-words",
    metavar="N|FILE|wordsim",
    default=str(FREQUENT_WORDS),
    show_default=True,
    help="The words of the last step: the N most frequent of the word list, those of a file, or "
    "WordSim's own (an upper bound).",
)
@click.option(
    "--every-order",
    is_flag=True,
    help="Measure all combinations, and say what each change brings on average over all orders.",
)
@click.option("--exact", is_flag=True, help="Embed whole vocabularies, not what words reach.")
@data_option
@seed_option("samples")
@json_option
@output_option
def whatif(
    spec: str,
    teacher: str,
    target: str | None,
    add_words: str,
    every_order: bool,
    exact: bool,
    data: Path | None,
    seed: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Measure what changes to one tokenizer do to WordSim, under one fixed teacher.

    As it is; words after a blank; case duplicates removed; fragments removed; frequent words
    added: each change alone, and one after the other. What the teacher has read once is kept, so
    that a ladder that was stopped goes on quickly.
    """
    from tokstat import api
    from tokstat.cli.output import write
    from tokstat.cli.progress import bar
    from tokstat.io.files import require_place
    from tokstat.render.terminal.ladder import render_ladder

    require_place(output)
    ladder = api.whatif(
        spec,
        teacher=teacher,
        target=target,
        add_words=add_words,
        every_order=every_order,
        exact=exact,
        data=data,
        seed=seed,
        progress=bar(),
    )
    write(ladder.to_json() if as_json else render_ladder(ladder), output)

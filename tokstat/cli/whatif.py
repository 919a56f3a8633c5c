"""`tokstat whatif`: the effect of changes to a tokenizer on WordSim."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import (
    data_option,
    examples,
    json_option,
    output_option,
    prompt_option,
    seed_option,
    spec_argument,
    teacher_option,
)
from tokstat.cli.reporting import format_of
from tokstat.experiments.defaults import FREQUENT_WORDS


@click.command(
    epilog=examples(
        "whatif gpt2 --target google-bert/bert-base-uncased",
        "whatif gpt2 --add-words 5000 --every-order --json -o ladder.json",
    )
)
@spec_argument
@teacher_option
@prompt_option
@click.option("--target", metavar="SPEC", help="Also measure this tokenizer, as the goal.")
@click.option(
    "--add-words",
    metavar="N|FILE|wordsim",
    default=str(FREQUENT_WORDS),
    show_default=True,
    help="Words to add in the last step: the N most frequent of the word list, those of a file, "
    "or WordSim's own (an upper bound).",
)
@click.option(
    "--every-order",
    is_flag=True,
    help="Measure all combinations, and average the effect of each change over all orders.",
)
@click.option(
    "--exact",
    is_flag=True,
    help="Embed the whole vocabulary, not only the tokens that the words use.",
)
@data_option
@seed_option("samples")
@json_option
@output_option
def whatif(
    spec: str,
    teacher: str,
    prompt: str,
    target: str | None,
    add_words: str,
    every_order: bool,
    exact: bool,
    data: Path | None,
    seed: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Measure how changes to a tokenizer affect its WordSim.

    The teacher stays the same. WordSim is the rank correlation of word-pair similarity with human
    judgement. The changes are a leading space, duplicates by case removed, fragments removed, and
    frequent words added: each one alone, and one after the other. Embeddings are cached, so that a
    stopped run continues quickly.
    """
    import tokstat
    from tokstat.cli.output import write
    from tokstat.cli.progress import bar
    from tokstat.render.terminal.ladder import render_ladder

    chosen = format_of("json" if as_json else None, output, ("json",))
    ladder = tokstat.whatif(
        spec,
        teacher=teacher,
        prompt=prompt,
        target=target,
        add_words=add_words,
        every_order=every_order,
        exact=exact,
        data=data,
        seed=seed,
        progress=bar(),
    )
    write(ladder.to_json() if chosen == "json" else render_ladder(ladder), output)

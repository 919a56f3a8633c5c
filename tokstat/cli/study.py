"""`tokstat study`: WordSim of many tokenizers under one teacher."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import data_option, examples, prompt_option, seed_option, teacher_option


@click.command(
    epilog=examples(
        "study gpt2 google-bert/bert-base-uncased -o study.json",
        "study gpt2 answerdotai/ModernBERT-base -o study.json --csv study.csv",
    )
)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@teacher_option
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
@data_option
@seed_option("samples")
def study(
    specs: tuple[str, ...],
    teacher: str,
    prompt: str,
    output: Path,
    table: Path | None,
    exact: bool,
    data: Path | None,
    seed: int,
) -> None:
    """Measure WordSim of many tokenizers under one teacher.

    WordSim is the rank correlation of word-pair similarity with human judgement. Words are encoded
    alone and in text. Only the tokenizer varies. Results are saved after each tokenizer, and a
    later run skips those that the file already holds.
    """
    import tokstat
    from tokstat.cli.output import write
    from tokstat.cli.progress import bar
    from tokstat.io.files import require_place
    from tokstat.render.terminal.study import render_study

    require_place(table)
    finished = tokstat.run_study(
        specs,
        teacher=teacher,
        prompt=prompt,
        path=output,
        exact=exact,
        data=data,
        seed=seed,
        progress=bar(),
    )
    if table is not None:
        write(finished.to_csv(), table)
    write(render_study(finished), None)

"""`tokstat study`: many tokenizers under one teacher."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import data_option, seed_option, teacher_option


@click.command()
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@teacher_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to keep the results; an interrupted study goes on from there.",
)
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Also write them as CSV.")
@click.option("--exact", is_flag=True, help="Embed whole vocabularies, not what words reach.")
@data_option
@seed_option("samples")
def study(
    specs: tuple[str, ...],
    teacher: str,
    output: Path,
    table: Path | None,
    exact: bool,
    data: Path | None,
    seed: int,
) -> None:
    """Measure WordSim of many tokenizers under one teacher, words alone and after a blank.

    Only the tokenizer varies. Results are saved after each tokenizer; tokenizers that the output
    holds already are not measured again.
    """
    from tokstat import api
    from tokstat.cli.output import write
    from tokstat.cli.progress import bar
    from tokstat.io.files import require_place
    from tokstat.render.terminal.study import render_study

    require_place(table)
    finished = api.run_study(
        specs, teacher=teacher, path=output, exact=exact, data=data, seed=seed, progress=bar()
    )
    if table is not None:
        write(finished.to_csv(), table)
    write(render_study(finished), None)

"""`tokstat render`: a saved report in another format."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import output_option
from tokstat.cli.reporting import format_of, format_option, write_report


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@format_option()
@click.option("-v", "--verbose", is_flag=True, help="In a terminal, show everything.")
@output_option
def render(file: Path, format_: str | None, verbose: bool, output: Path | None) -> None:
    """Write a saved result in another format.

    FILE is what inspect --json, compare --json or corpus --json wrote. Nothing is analyzed again,
    and the tokenizer need not be there.
    """
    from tokstat import api

    write_report(api.load_result(file), format_of(format_, output), output, verbose=verbose)

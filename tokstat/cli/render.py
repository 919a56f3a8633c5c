"""`tokstat render`: a saved result in another format."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import examples, output_option
from tokstat.cli.reporting import format_of, format_option, write_report


@click.command(
    epilog=examples(
        "render report.json",
        "render report.json -o report.html",
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@format_option()
@click.option(
    "-v", "--verbose", is_flag=True, help="In a terminal, show every finding, metric and table."
)
@output_option
def render(file: Path, format_: str | None, verbose: bool, output: Path | None) -> None:
    """Write a saved result in another format, without the tokenizer.

    FILE is the JSON of tokstat inspect, compare, corpus or diff (--json -o FILE).
    """
    import tokstat

    chosen = format_of(format_, output)
    write_report(tokstat.load_result(file), chosen, output, verbose=verbose)

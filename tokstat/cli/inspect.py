"""`tokstat inspect`: every analyzer on one tokenizer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tokstat.cli.options import lexicon_options, output_option, spec_argument


@click.command()
@spec_argument
@lexicon_options
@click.option("--analyzer", "analyzers", multiple=True, help="Run only this analyzer; repeatable.")
@click.option(
    "--deep", is_flag=True, help="Compare with what transformers makes of the same files, too."
)
@click.option(
    "--weights",
    metavar="DIR|auto",
    help="Look for under-trained tokens in this model's safetensors; auto: beside the tokenizer.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "json", "markdown"]),
    default="terminal",
    show_default=True,
    help="How to write the report.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@output_option
@click.option("-v", "--verbose", is_flag=True, help="In a terminal, show every metric and table.")
@click.option(
    "--fail-on",
    type=click.Choice(["info", "warning", "error"]),
    help="Exit with 1 if a finding is at least this severe.",
)
def inspect(
    spec: str,
    lang: str,
    lexicon: Path | None,
    analyzers: tuple[str, ...],
    deep: bool,
    weights: str | None,
    format_: str,
    as_json: bool,
    output: Path | None,
    verbose: bool,
    fail_on: str | None,
) -> None:
    """Run every analyzer on one tokenizer.

    Prints the scores with their fractions, meanings and examples, then the findings, worst first,
    each with what to do about it.
    """
    from tokstat import api
    from tokstat.cli.output import write
    from tokstat.results import SEVERITIES

    report = api.inspect(
        spec, lang=lang, lexicon=lexicon, analyzers=analyzers or None, deep=deep, weights=weights
    )
    for note in report.tokenizer.notes:
        print(f"tokstat: {note}", file=sys.stderr)
    if as_json or format_ == "json":
        write(report.to_json() + "\n", output)
    elif format_ == "markdown":
        from tokstat.render.markdown import render_markdown

        write(render_markdown(report), output)
    else:
        from tokstat.render.terminal import render_terminal

        color = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = None if output is None else 80
        write(render_terminal(report, width=width, color=color, verbose=verbose), output)
    if fail_on is not None:
        least = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= least for finding in report.findings):
            sys.exit(1)

"""`tokstat inspect`: every analyzer on one tokenizer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokstat.cli.options import lexicon_options, output_option, spec_argument
from tokstat.cli.reporting import format_option, write_report

if TYPE_CHECKING:
    from tokstat.api.reports import Format


@click.command()
@spec_argument
@lexicon_options
@click.option("--analyzer", "analyzers", multiple=True, help="Run only this analyzer; repeatable.")
@format_option
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@output_option
@click.option(
    "-v", "--verbose", is_flag=True, help="In a terminal, show every finding, metric and table."
)
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
    format_: Format | None,
    as_json: bool,
    output: Path | None,
    verbose: bool,
    fail_on: str | None,
) -> None:
    """Run every analyzer on one tokenizer.

    Prints the scores with their fractions, meanings and examples, then the findings, worst first,
    each with what to do about it. With -o report.html it writes a page to send to a colleague.
    """
    from tokstat import api
    from tokstat.results import SEVERITIES

    report = api.inspect(spec, lang=lang, lexicon=lexicon, analyzers=analyzers or None)
    for note in report.tokenizer.notes:
        print(f"tokstat: {note}", file=sys.stderr)
    write_report(report, "json" if as_json else format_, output, verbose=verbose)
    if fail_on is not None:
        least = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= least for finding in report.findings):
            sys.exit(1)

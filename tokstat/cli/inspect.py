"""`tokstat inspect`: every analyzer on one tokenizer."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokstat.cli.gate import gate_options, report_verdict
from tokstat.cli.options import lexicon_options, output_option
from tokstat.cli.settings import from_settings

if TYPE_CHECKING:
    from tokstat.policy import Policy

_FOR_PEOPLE = ("terminal", "markdown")
"""Formats in which the verdict stands at the end."""


@click.command()
@click.argument("spec", default=from_settings("spec"))
@lexicon_options
@click.option("--analyzer", "analyzers", multiple=True, help="Run only this analyzer; repeatable.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "json", "markdown", "github"]),
    default="terminal",
    show_default=True,
    help="How to write the report; github: annotations of GitHub Actions.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@output_option
@click.option("-v", "--verbose", is_flag=True, help="In a terminal, show every metric and table.")
@gate_options
def inspect(
    spec: str | None,
    lang: str,
    lexicon: Path | None,
    analyzers: tuple[str, ...],
    format_: str,
    as_json: bool,
    output: Path | None,
    verbose: bool,
    policy: Policy,
) -> None:
    """Run every analyzer on one tokenizer.

    Prints the scores with their fractions, meanings and examples, then the findings, worst first,
    each with what to do about it. SPEC may stand in the settings.
    """
    from tokstat import api
    from tokstat.cli.output import write

    if spec is None:
        raise click.UsageError("Missing argument 'SPEC', and no settings file gives a spec.")
    format_ = "json" if as_json else format_
    report = api.inspect(spec, lang=lang, lexicon=lexicon, analyzers=analyzers or None)
    for note in report.tokenizer.notes:
        print(f"tokstat: {note}", file=sys.stderr)
    gated = api.check(report, policy)
    if format_ == "json":
        write(gated.to_json() + "\n", output)
    elif format_ == "github":
        from tokstat.render.github import render_github

        write(render_github(gated), output)
    elif format_ == "markdown":
        from tokstat.render.gate import verdict_markdown
        from tokstat.render.markdown import render_markdown

        write(render_markdown(gated.report) + verdict_markdown(gated.verdict), output)
    else:
        from tokstat.render.gate import verdict_text
        from tokstat.render.terminal import render_terminal

        color = output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = None if output is None else 80
        shown = render_terminal(gated.report, width=width, color=color, verbose=verbose)
        write(shown + verdict_text(gated.verdict), output)
    report_verdict(gated.verdict, in_payload=output is None and format_ in _FOR_PEOPLE)

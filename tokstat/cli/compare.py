"""`tokstat compare`: several tokenizers side by side."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from tokstat.cli.options import json_option, lexicon_options, output_option


@click.command()
@click.argument("specs", nargs=-1, required=True, metavar="SPEC SPEC...")
@lexicon_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["terminal", "json", "markdown"]),
    default="terminal",
    show_default=True,
    help="How to write the comparison.",
)
@json_option
@output_option
@click.option("-v", "--verbose", is_flag=True, help="In a terminal, show every score.")
def compare(
    specs: tuple[str, ...],
    lang: str,
    lexicon: Path | None,
    format_: str,
    as_json: bool,
    output: Path | None,
    verbose: bool,
) -> None:
    """Compare 2 to 20 tokenizers: scores, shared tokens, and words that only one has.

    Changes are against the first one. By English, each score also stands with its place among the
    packaged scores of real tokenizers. --lang auto takes the scripts of the first tokenizer.
    """
    from tokstat import api
    from tokstat.cli.output import write

    comparison = api.compare(*specs, lang=lang, lexicon=lexicon)
    for info in comparison.tokenizers:
        for note in info.notes:
            print(f"tokstat: {info.spec}: {note}", file=sys.stderr)
    if as_json or format_ == "json":
        write(comparison.to_json() + "\n", output)
    elif format_ == "markdown":
        from tokstat.render.comparison_markdown import render_comparison_markdown

        write(render_comparison_markdown(comparison), output)
    else:
        from tokstat.render.comparison import render_comparison

        width = shutil.get_terminal_size().columns if output is None else 80
        write(render_comparison(comparison, width=width, verbose=verbose), output)

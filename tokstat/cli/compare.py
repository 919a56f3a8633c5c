"""`tokstat compare`: several tokenizers side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tokstat.cli.completion import complete_spec
from tokstat.cli.options import examples, json_option, lexicon_options, output_option
from tokstat.cli.reporting import format_of, format_option, write_report


@click.command(
    epilog=examples(
        "compare answerdotai/ModernBERT-base google-bert/bert-base-uncased",
        "compare gpt2 answerdotai/ModernBERT-base -o comparison.html",
    )
)
@click.argument(
    "specs", nargs=-1, required=True, metavar="SPEC SPEC...", shell_complete=complete_spec
)
@lexicon_options
@format_option()
@json_option
@output_option
@click.option("-v", "--verbose", is_flag=True, help="In a terminal, show every score.")
def compare(
    specs: tuple[str, ...],
    lang: str,
    lexicon: Path | None,
    format_: str | None,
    as_json: bool,
    output: Path | None,
    verbose: bool,
) -> None:
    """Compare 2 to 20 tokenizers side by side.

    The output has scores, findings, shared tokens, and the words that only one has. Changes are
    against the first tokenizer. With --lang en, each score also shows its rank among the reference
    tokenizers. --lang auto takes the languages found in the first tokenizer.
    """
    import tokstat
    from tokstat.cli.output import say
    from tokstat.cli.progress import telling
    from tokstat.results.report import FAILED

    chosen = "json" if as_json else format_of(format_, output)
    with telling():
        comparison = tokstat.compare(*specs, lang=lang, lexicon=lexicon)
    for info in comparison.tokenizers:
        for note in info.notes:
            say(f"{info.spec}: {note}")
    write_report(comparison, chosen, output, verbose=verbose)
    for found in comparison.findings:
        if found.code == FAILED:
            for place in found.tokenizers:
                spec = comparison.tokenizers[place].spec
                say(f"{spec}: an analyzer failed. Run tokstat inspect {spec}.")
            sys.exit(2)

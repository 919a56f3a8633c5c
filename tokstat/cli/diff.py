"""`tokstat diff`: what changed between two tokenizers."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tokstat.cli.completion import complete_spec
from tokstat.cli.options import examples, json_option, output_option
from tokstat.cli.reporting import format_of, format_option, write_report


@click.command(
    epilog=examples(
        "diff answerdotai/ModernBERT-base ./my-tokenizer",
        "diff tokenizer.lock.json ./my-tokenizer",
    )
)
@click.argument("old", shell_complete=complete_spec)
@click.argument("new", shell_complete=complete_spec)
@format_option()
@json_option
@output_option
@click.option("-v", "--verbose", is_flag=True, help="In a terminal, show every change.")
def diff(
    old: str, new: str, format_: str | None, as_json: bool, output: Path | None, verbose: bool
) -> None:
    """Show what changed from the tokenizer OLD to the tokenizer NEW.

    Each is a SPEC or a file of `tokstat lock`. The output has tokens, ids, merges, added tokens,
    each part of the pipeline, roles and chat templates, and the shortest text that is encoded
    differently. What the tokenizers library treats alike is no difference.

    Exit status: 0 nothing differs, 1 something differs, 2 usage or load error.
    """
    import tokstat
    from tokstat.cli.progress import telling

    chosen = "json" if as_json else format_of(format_, output)
    with telling():
        found = tokstat.diff(old, new)
    write_report(found, chosen, output, verbose=verbose)
    if found:
        sys.exit(1)

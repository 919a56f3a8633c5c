"""`tokstat lock`: a tokenizer in a small file, against which a gate checks it."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import examples, output_option, spec_argument


@click.command(
    epilog=examples(
        "lock answerdotai/ModernBERT-base -o tokenizer.lock.json",
        "inspect answerdotai/ModernBERT-base --lock tokenizer.lock.json",
    )
)
@spec_argument
@output_option
def lock(spec: str, output: Path | None) -> None:
    """Write a lock: digests of a tokenizer's parts, and its encodings of 200 texts.

    Commit it beside the tokenizer. `tokstat inspect --lock FILE` exits with 1 if anything differs,
    and `tokstat diff FILE SPEC` shows what.
    """
    import tokstat
    from tokstat.cli.output import say, write
    from tokstat.cli.progress import telling

    with telling():
        tokenizer = tokstat.load(spec)
        made = tokstat.lock(tokenizer)
    for note in tokenizer.origin.notes:
        say(note)
    write(made.to_json(), output)
    if output is not None:
        say(f"{made.parts['tokens'].count:,} tokens locked in {output}")

"""`tokstat tokens`: the tokens of a vocabulary."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.completion import complete_code, complete_kinds, complete_word_classes
from tokstat.cli.options import (
    examples,
    json_option,
    lexicon_options,
    output_option,
    seed_option,
    spec_argument,
)
from tokstat.cli.reporting import format_of


@click.command(
    epilog=examples(
        "tokens answerdotai/ModernBERT-base --finding TS701",
        "tokens google-bert/bert-base-uncased --class fragment --sample 20",
    )
)
@spec_argument
@click.option(
    "--class",
    "word_class",
    shell_complete=complete_word_classes,
    help="Only tokens of this word class, such as fragment.",
)
@click.option(
    "--kind", shell_complete=complete_kinds, help="Only tokens of this kind, such as partial."
)
@click.option("--script", help="Only tokens of this script, such as Latin or Han+Hiragana.")
@click.option(
    "--finding",
    shell_complete=complete_code,
    help="Only tokens that this finding names, such as TS701.",
)
@click.option(
    "--reachability",
    help="Only tokens in this state, such as unreachable. Adds cause and witness.",
)
@click.option("--contains", help="Only tokens whose text contains this, whatever its case.")
@click.option("--sample", type=click.IntRange(min=1), help="Show this many, drawn at random.")
@seed_option("--sample")
@lexicon_options
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV.")
@json_option
@output_option
def tokens(
    spec: str,
    word_class: str | None,
    kind: str | None,
    script: str | None,
    finding: str | None,
    reachability: str | None,
    contains: str | None,
    sample: int | None,
    seed: int,
    lang: str,
    lexicon: Path | None,
    as_csv: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """List the tokens of a vocabulary that pass every filter.

    The columns are id, token, kind, word class and script, and for added tokens their roles (eos,
    pad) and flags (special, lstrip). A leading space shows as a middle dot.
    Bytes that form no text show in hex.
    """
    import tokstat
    from tokstat.cli.output import say, write
    from tokstat.cli.progress import telling
    from tokstat.render.terminal import tables

    if as_csv and as_json:
        raise click.UsageError("Give --csv or --json, not both.")
    asked = "json" if as_json else "csv" if as_csv else None
    chosen = format_of(asked, output, ("json", "csv"))
    with telling():
        tokenizer = tokstat.load(spec)
    for note in tokenizer.origin.notes:
        say(note)
    with telling():
        table = tokstat.select_tokens(
            tokenizer,
            word_class=word_class,
            kind=kind,
            script=script,
            finding=finding,
            reachability=reachability,
            contains=contains,
            sample=sample,
            seed=seed,
            lang=lang,
            lexicon=lexicon,
        )
    renders = {"json": tables.to_json, "csv": tables.to_csv, "terminal": tables.to_text}
    write(renders[chosen](table), output)

"""`tokstat corpus`: tokenizers measured on text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokstat.cli.completion import complete_spec
from tokstat.cli.options import examples, json_option, output_option
from tokstat.cli.reporting import format_of, write_report

if TYPE_CHECKING:
    from tokstat.tokenizer.tokenizer import Tokenizer

_KEPT: list[Tokenizer] = []
"""The tokenizers of a run: to free one takes up to 0.3 s, and the end of the process no time."""


@click.command(
    epilog=examples(
        "corpus gpt2 google-bert/bert-base-uncased README.md",
        "corpus answerdotai/ModernBERT-base docs/*.md -o corpus.html",
    )
)
@click.argument("arguments", nargs=-1, metavar="SPEC... [FILE...]", shell_complete=complete_spec)
@click.option(
    "--tokenizer",
    "specs",
    multiple=True,
    help="A SPEC that would otherwise be taken for a text file. Repeatable.",
)
@click.option("--text-field", default="text", show_default=True, help="Field that holds the text.")
@click.option("--by", "group", help="Group by this field (a.b for a nested one), or by folder.")
@click.option(
    "--words",
    default="unicode",
    show_default=True,
    help="How text splits into words: unicode (UAX 29), whitespace, letters, word-characters, "
    "wordpunct.",
)
@click.option(
    "--no-words", is_flag=True, help="Count tokens alone, not those of words. This is faster."
)
@click.option(
    "--documents",
    type=click.Choice(["line", "file"]),
    default="line",
    show_default=True,
    help="Unit of plain text that counts as a document.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "jsonl", "parquet", "csv", "tsv"]),
    help="Format of all files. By default each file's name decides.",
)
@click.option(
    "--aligned", is_flag=True, help="Each file is one language, and equal lines are translations."
)
@click.option("--strict", is_flag=True, help="Stop at the first bad record instead of counting it.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Number of processes. By default one for each core, and a single one for a short text.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "tokenizers", "gigatoken"]),
    default="auto",
    show_default=True,
    help="Library that encodes: tokenizers alone, or gigatoken where it gives the same ids. By "
    "default gigatoken, where it is installed and saves time.",
)
@click.option("--scheduler", help="Count on the Dask cluster at this address (tcp://host:port).")
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="Folder to save counts in. A later run continues from there.",
)
@click.option(
    "--add-state",
    "more_states",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Add the counts of another run. Repeatable.",
)
@click.option(
    "--unit-mb",
    type=click.IntRange(min=1),
    help="Megabytes to count and save at a time.  [default: 256]",
)
@click.option("-v", "--verbose", is_flag=True, help="Show definitions, and every file.")
@json_option
@output_option
def corpus(
    arguments: tuple[str, ...],
    specs: tuple[str, ...],
    text_field: str,
    group: str | None,
    words: str,
    no_words: bool,
    documents: str,
    format_: str | None,
    aligned: bool,
    strict: bool,
    workers: int | None,
    engine: str,
    scheduler: str | None,
    state: Path | None,
    more_states: tuple[Path, ...],
    unit_mb: int | None,
    verbose: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """Measure tokenizers on text: fertility, compression, parity.

    Fertility is the number of tokens per word. The counts equal those of encoding every document.
    SPECs are Hub names, a tokenizer.json, or folders that hold one. FILEs are plain text, JSON
    lines, Parquet or CSV, also compressed (.gz, .xz, .zst), folders, patterns, URLs, or - (stdin).
    The suffix of -o sets the format: .html, .json, .md, else text.
    """
    import tokstat
    from tokstat.cli.arguments import sort_arguments
    from tokstat.cli.output import say
    from tokstat.cli.progress import byte_bar, telling
    from tokstat.corpus.reading.documents import Reading
    from tokstat.io.memory import give_memory_back

    tokenizers, files = sort_arguments(arguments)
    if not (*specs, *tokenizers):
        raise click.UsageError(
            "No tokenizer given: name a SPEC before the files of text, or use --tokenizer SPEC"
        )
    if not (files or state or more_states):
        raise click.UsageError("No text given: name files after the SPECs, or - for stdin")
    if scheduler is not None and workers is not None:
        raise click.UsageError("Give --workers or --scheduler, not both")
    chosen = format_of("json" if as_json else None, output)
    give_memory_back()
    with telling() as end:
        _KEPT[:] = [tokstat.load(spec) for spec in dict.fromkeys([*specs, *tokenizers])]
        report = tokstat.measure_corpus(
            _KEPT,
            files,
            reading=Reading(format_, text_field, group, documents, strict),  # type: ignore[arg-type]
            words="none" if no_words else words,
            aligned=aligned,
            state=state,
            more_states=more_states,
            workers=workers,
            scheduler=scheduler,
            unit_bytes=unit_mb * 1_000_000 if unit_mb else None,
            progress=byte_bar(end),
            engine=engine,
        )
    for line in dict.fromkeys(report.warnings):
        say(line)
    write_report(report, chosen, output, verbose=verbose)

"""`tokstat corpus`: what tokenizers do to text."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.options import json_option, output_option
from tokstat.cli.reporting import format_of, write_report


@click.command()
@click.argument("arguments", nargs=-1, metavar="SPEC... [FILE...]")
@click.option(
    "--tokenizer",
    "specs",
    multiple=True,
    help="A SPEC, for one that would be taken for a file of text; repeatable.",
)
@click.option("--text-field", default="text", show_default=True, help="Field with the text.")
@click.option(
    "--by", "group", help="Group by this field (a.b for one inside another), or by folder."
)
@click.option(
    "--words",
    default="unicode",
    show_default=True,
    help="What a word is: unicode (UAX 29), whitespace, letters, word-characters, wordpunct.",
)
@click.option(
    "--documents",
    type=click.Choice(["line", "file"]),
    default="line",
    show_default=True,
    help="What a document is in plain text.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "jsonl", "parquet", "csv", "tsv"]),
    help="Format of all files, instead of each by its name.",
)
@click.option("--aligned", is_flag=True, help="Each file is a language, and line i says the same.")
@click.option("--strict", is_flag=True, help="Stop at the first bad record.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that count; by default one for each core, and this one alone for little text.",
)
@click.option("--scheduler", help="Count on the Dask cluster at this address (tcp://host:port).")
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="A folder to save counts in as they get done; another run goes on from there.",
)
@click.option(
    "--add-state",
    "more_states",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Counts of other runs to add; repeatable.",
)
@click.option(
    "--unit-mb",
    type=click.IntRange(min=1),
    help="Megabytes counted and saved in one go (default 256).",
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
    documents: str,
    format_: str | None,
    aligned: bool,
    strict: bool,
    workers: int | None,
    scheduler: str | None,
    state: Path | None,
    more_states: tuple[Path, ...],
    unit_mb: int | None,
    verbose: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """Count what tokenizers make of text: exactly what encoding every document gives, and faster.

    SPECs are Hub names, a tokenizer.json, or folders that hold one. FILEs are plain text, JSON
    lines, Parquet or CSV, also compressed (.gz, .xz, .zst), folders, patterns, URLs, or - (stdin).
    The name of -o says how the report is written: .html, .json, .md, else as text.
    """
    from tokstat import api
    from tokstat.cli.progress import byte_bar
    from tokstat.corpus.reading.documents import Reading
    from tokstat.io.files import require_place
    from tokstat.io.memory import give_memory_back

    tokenizers, files = api.sort_arguments(arguments)
    if not (*specs, *tokenizers):
        raise click.UsageError("Give at least one SPEC.")
    if not (files or state or more_states):
        raise click.UsageError("Give files of text after the SPECs, or - for stdin.")
    if scheduler is not None and workers is not None:
        raise click.UsageError("Give --workers or --scheduler, not both.")
    require_place(output)
    give_memory_back()
    report = api.measure_corpus(
        [*specs, *tokenizers],
        files,
        reading=Reading(format_, text_field, group, documents, strict),  # type: ignore[arg-type]
        words=words,
        aligned=aligned,
        state=state,
        more_states=more_states,
        workers=workers,
        scheduler=scheduler,
        unit_bytes=unit_mb * 1_000_000 if unit_mb else None,
        progress=byte_bar(),
    )
    write_report(report, "json" if as_json else format_of(None, output), output, verbose=verbose)

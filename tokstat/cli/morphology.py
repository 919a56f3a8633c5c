"""`tokstat morphology`: agreement of splits with the morphemes of words."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.completion import complete_spec
from tokstat.cli.options import examples, json_option, output_option
from tokstat.cli.reporting import format_option, write_table


@click.command(
    epilog=examples(
        "morphology google-bert/bert-base-uncased -s morphynet:deu",
        "morphology google-bert/bert-base-uncased ./mine -s de=words.tsv --in-text",
    )
)
@click.argument("specs", nargs=-1, required=True, shell_complete=complete_spec)
@click.option(
    "-s",
    "--segmentations",
    multiple=True,
    required=True,
    metavar="FILE|NAME",
    help="Segmented words: a file, LANGUAGE=FILE, or what tokstat data fetch has fetched, such as"
    " morphynet:deu; repeatable.",
)
@click.option("--in-text", is_flag=True, help="Encode words after a word and a space, not alone.")
@format_option("csv")
@json_option
@output_option
def morphology(
    specs: tuple[str, ...],
    segmentations: tuple[str, ...],
    in_text: bool,
    format_: str | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Compare the splits of words with their morphemes, as MorphScore does.

    A line of a file is word<TAB>piece|piece, or has the form of MorphyNet or of UniMorph's
    segmentations. Words of one token and words that their pieces do not spell are counted and not
    scored.
    """
    import tokstat
    from tokstat.api.morphology import DEFINITIONS, notes_on, read_files
    from tokstat.cli.output import say
    from tokstat.cli.progress import telling
    from tokstat.io.files import require_place

    require_place(output)
    with telling():
        notes = notes_on(read_files(segmentations))
        table = tokstat.morphology(specs, segmentations, in_text=in_text)
    for note in notes:
        say(note)
    write_table(table, DEFINITIONS, "json" if as_json else format_, output)

"""`tokstat rank`: the reference tokenizers, ranked for a language."""

from __future__ import annotations

from pathlib import Path

import click

from tokstat.cli.completion import complete_language, complete_scores, complete_spec
from tokstat.cli.options import examples, json_option, output_option
from tokstat.cli.reporting import OF_TABLES, format_of, format_option, write_table


@click.command(
    epilog=examples(
        "rank --lang de",
        "rank answerdotai/ModernBERT-base --lang turkish --by text_fertility",
    )
)
@click.argument("specs", nargs=-1, shell_complete=complete_spec)
@click.option(
    "--lang",
    shell_complete=complete_language,
    default="en",
    show_default=True,
    help="Language: a code, a tag or a name.",
)
@click.option(
    "--by",
    default="coverage_spaced",
    show_default=True,
    metavar="SCORE",
    shell_complete=complete_scores,
    help="Score to rank by; the best tokenizer is first.",
)
@format_option("csv")
@json_option
@output_option
def rank(
    specs: tuple[str, ...],
    lang: str,
    by: str,
    format_: str | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Rank the reference tokenizers for a language, and the tokenizers SPECS beside them.

    The columns are coverage of the language's frequent words, alone and in text, and the length of
    the Universal Declaration of Human Rights in it. Each is defined below the table.
    """
    import tokstat
    from tokstat.api.ranking import rank_definitions
    from tokstat.cli.progress import telling

    chosen = format_of("json" if as_json else format_, output, OF_TABLES)
    with telling():
        table = tokstat.rank(lang, specs, by=by)
    write_table(table, rank_definitions(), chosen, output)

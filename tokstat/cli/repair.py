"""`tokstat repair`: a changed tokenizer, written and tested."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tokstat.cli.completion import complete_languages
from tokstat.cli.options import (
    data_option,
    edit_options,
    examples,
    json_option,
    new_folder_option,
    spec_argument,
)


@click.command(
    epilog=examples(
        "repair answerdotai/ModernBERT-base --prefix-space -o repaired",
        "repair gpt2 --decase --drop fragment --add-words 5000 -o repaired",
        "repair FOLDER --role 'pad=<|endoftext|>' --max-length 1024 -o repaired",
    )
)
@spec_argument
@new_folder_option
@click.option("--prefix-space", is_flag=True, help="Encode every text as if a space preceded it.")
@edit_options
@click.option(
    "--lang",
    shell_complete=complete_languages,
    default="en",
    show_default=True,
    help="Languages of the word list for --add-words and --drop, separated by commas.",
)
@click.option(
    "--padding/--no-padding",
    "keep_padding",
    default=True,
    show_default=True,
    help="Keep or remove the padding and truncation that the file stores.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE=TOKEN",
    help="Give a role to a token, in all files: pad=<pad>. Repeatable.",
)
@click.option(
    "--flag",
    "flags",
    multiple=True,
    metavar="TOKEN:FLAG=true|false",
    help="Set special, lstrip, rstrip, normalized or single_word of an added token. Repeatable.",
)
@click.option("--frame", metavar="FRAME", help="Put tokens around each text: '[CLS] $A [SEP]'.")
@click.option("--max-length", type=click.IntRange(min=1), help="Set model_max_length.")
@click.option(
    "--clean-up/--no-clean-up",
    "clean_up",
    default=None,
    help="Set clean_up_tokenization_spaces, which changes decoded text.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of the tokenizer's model; also written, with resized embeddings.",
)
@data_option
@json_option
def repair(
    spec: str,
    output: Path,
    prefix_space: bool,
    decase: bool,
    drop: tuple[str, ...],
    add_words: str | None,
    lang: str,
    keep_padding: bool,
    roles: tuple[str, ...],
    flags: tuple[str, ...],
    frame: str | None,
    max_length: int | None,
    clean_up: bool | None,
    model: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Write a changed tokenizer, and check that it loads.

    The output reports what changed. Changes are made in this order: leading space, lower case,
    dropped classes, added words, corrections of files. The folder holds tokenizer.json, the
    configurations and templates beside it, and with --model the resized model. Whatever was not to
    change stays as it was.
    """
    import tokstat
    from tokstat.cli.output import say, say_skipped, write
    from tokstat.cli.progress import telling
    from tokstat.render.terminal.repair import render_repair

    with telling():
        report = tokstat.repair(
            spec,
            output,
            prefix_space=prefix_space,
            decase=decase,
            drop=drop,
            add_words=add_words,
            lang=lang,
            keep_padding=keep_padding,
            roles=_by_role(roles),
            flags=flags,
            frame=frame,
            max_length=max_length,
            clean_up=clean_up,
            model=model,
            data=data,
        )
    if report.skipped:
        say_skipped(report.skipped)
    write(report.to_json() if as_json else render_repair(report), None)
    for failure in report.failures:
        say(failure)
    if report.failures:
        sys.exit(2)


def _by_role(roles: tuple[str, ...]) -> dict[str, str]:
    return {role: token for role, _, token in (each.partition("=") for each in roles)}

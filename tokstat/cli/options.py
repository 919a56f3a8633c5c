"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]

spec_argument = click.argument("spec")


def lexicon_options(command: Command) -> Command:
    """Add --lang and --lexicon."""
    command = click.option(
        "--lexicon",
        type=click.Path(path_type=Path),
        help="A word list of your own instead: word<TAB>count a line.",
    )(command)
    return click.option(
        "--lang",
        default="en",
        show_default=True,
        help="Language of the word list; several with commas; auto takes the vocabulary's scripts.",
    )(command)


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to this file, whole or not at all, instead of stdout.",
)

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="A folder with the sets' files, instead of TOKSTAT_DATA and what was fetched.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


def seed_option(purpose: str) -> Callable[[Command], Command]:
    """Add --seed; `purpose` says what it is the seed of."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help=f"Seed of {purpose}.",
    )

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tokstat.cli.settings import current_settings, from_settings, settings_options
from tokstat.experiments.defaults import DEFAULT_TEACHER

Command = Callable[..., Any]


spec_argument = click.argument("spec")


def lexicon_options(command: Command) -> Command:
    """Add --lang and --lexicon, whose defaults are the settings'."""
    command = click.option(
        "--lexicon",
        type=click.Path(path_type=Path),
        default=_default_lexicon,
        help="A word list of your own instead: word<TAB>count a line.",
    )(command)
    command = click.option(
        "--lang",
        default=from_settings("lang", "en"),
        show_default="en",
        help="Language of the word list; several with commas; auto takes the vocabulary's scripts.",
    )(command)
    return settings_options(command)


def _default_lexicon() -> Path | None:
    """Take the settings' word list, unless a language was asked for: the command line wins."""
    source = click.get_current_context().get_parameter_source("lang")
    is_asked_for = source is click.core.ParameterSource.COMMANDLINE
    return None if is_asked_for else current_settings().lexicon


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to this file, whole or not at all, instead of stdout.",
)

new_folder_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="A new folder for the result; it appears whole or not at all.",
)


teacher_option = click.option(
    "--teacher",
    default=DEFAULT_TEACHER,
    show_default=True,
    help="Folder or Hub name of the sentence embedder that reads the tokens' texts.",
)


def edit_options(command: Command) -> Command:
    """Add --decase, --drop and --add-words."""
    command = click.option(
        "--add-words",
        metavar="N|FILE|wordsim",
        help="Give words tokens of their own: the N most frequent of the word list, those of a "
        "file with a word a line, or WordSim's own (an upper bound).",
    )(command)
    command = click.option(
        "--drop",
        multiple=True,
        metavar="CLASS",
        help="Remove the tokens of a word class, such as fragment; repeatable.",
    )(command)
    return click.option(
        "--decase",
        is_flag=True,
        help="Lower-case texts and vocabulary, and merge the tokens that become equal.",
    )(command)


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

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tokstat.cli.completion import complete_languages, complete_spec, complete_word_classes
from tokstat.cli.settings import current_settings, from_settings, settings_options
from tokstat.experiments.defaults import DEFAULT_TEACHER

Command = Callable[..., Any]


spec_argument = click.argument("spec", shell_complete=complete_spec)


def examples(*lines: str) -> str:
    """Return the end of a command's help: examples that run, each on a line of its own."""
    # The backspace keeps click from filling the lines of a paragraph.
    return "\b\nExamples:\n" + "\n".join(f"  tokstat {line}" for line in lines)


def lexicon_options(command: Command) -> Command:
    """Add --lang and --lexicon, whose defaults are the settings'."""
    command = click.option(
        "--lexicon",
        type=click.Path(path_type=Path),
        default=_default_lexicon,
        help="Use this word list instead: one word<TAB>count a line.",
    )(command)
    command = click.option(
        "--lang",
        shell_complete=complete_languages,
        default=from_settings("lang", "en"),
        show_default="en",
        help="Languages of the word list, separated by commas; auto: those of the vocabulary.",
    )(command)
    return settings_options(command)


def _default_lexicon() -> Path | None:
    """Take the settings' word list, unless a language was asked for: the command line wins."""
    source = click.get_current_context().get_parameter_source("lang")
    is_asked_for = source is click.core.ParameterSource.COMMANDLINE
    return None if is_asked_for else current_settings().lexicon


def _require_place(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    from tokstat.io.files import require_place

    require_place(path)  # before the work begins
    return path


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=_require_place,
    help="Write to this file instead of stdout. An error leaves no partial file.",
)

new_folder_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="New folder for the result. An error leaves no partial folder.",
)


teachers_option = click.option(
    "--teacher",
    "teachers",
    multiple=True,
    default=(DEFAULT_TEACHER,),
    show_default=True,
    help="Folder or Hub name of the sentence embedder that embeds the tokens' texts; repeatable,"
    " for the mean over several.",
)

prompt_option = click.option(
    "--prompt",
    default="",
    help='Put this before every text that the teacher embeds, such as "query: ". Or give the name'
    " of one of the teacher's own prompts.",
)


def edit_options(command: Command) -> Command:
    """Add --decase, --drop and --add-words."""
    command = click.option(
        "--add-words",
        metavar="N|FILE|wordsim",
        help="Add words as tokens: the N most frequent of the word list, those of a file (one "
        "word a line), or WordSim's own (an upper bound).",
    )(command)
    command = click.option(
        "--drop",
        multiple=True,
        metavar="CLASS",
        shell_complete=complete_word_classes,
        help="Remove the tokens of a word class, such as fragment; repeatable.",
    )(command)
    return click.option(
        "--decase",
        is_flag=True,
        help="Lower-case texts and vocabulary, and merge tokens that become equal.",
    )(command)


data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with the word-similarity sets, instead of TOKSTAT_DATA or fetched ones.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


def seed_option(purpose: str) -> Callable[[Command], Command]:
    """Add --seed; `purpose` names what is drawn with it."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help=f"Seed of {purpose}.",
    )

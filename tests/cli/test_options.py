"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tokstat.cli.options import edit_options, examples, lexicon_options, seed_option


@click.command
@lexicon_options
def words(lang: str, lexicon: Path | None) -> None:
    click.echo(f"{lang} {lexicon}")


@click.command(epilog=examples("a b", "c"))
@edit_options
@seed_option("nothing")
def edit(decase: bool, drop: tuple[str, ...], add_words: str | None, seed: int) -> None:
    click.echo(f"{decase} {drop} {add_words} {seed}")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ([], "de list.tsv"),
        (["--lang", "fr"], "fr None"),
        (["--lexicon", "other.tsv"], "de other.tsv"),
        (["--lang", "fr", "--lexicon", "other.tsv"], "fr other.tsv"),
        (["--isolated"], "en None"),
    ],
)
def test_the_command_line_wins_over_the_settings(
    arguments: list[str], shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokstat.toml").write_text('lang = "de"\nlexicon = "list.tsv"\n')
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(words, arguments, catch_exceptions=False).output
    assert output.replace(f"{tmp_path}/", "").strip() == shown


def test_edits_have_defaults_and_drop_repeats() -> None:
    run = CliRunner().invoke
    assert run(edit, []).output == "False () None 0\n"
    given = ["--decase", "--drop", "a", "--drop", "b", "--add-words", "9", "--seed", "2"]
    assert run(edit, given).output == "True ('a', 'b') 9 2\n"
    assert run(edit, ["--seed", "-1"]).exit_code == 2


def test_examples_keep_their_lines() -> None:
    lines = CliRunner().invoke(edit, ["--help"]).output.splitlines()
    assert lines[-2:] == ["    tokstat a b", "    tokstat c"]

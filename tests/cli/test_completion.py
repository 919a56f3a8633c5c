"""What shells complete, asked as they ask it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import wordfreq
from click.shell_completion import ShellComplete

from tests.needs import UnavailableError
from tokstat.analyzers.registry import get_analyzers
from tokstat.cli.main import cli
from tokstat.words.word_classes import WORD_CLASSES

CODES = {rule.code for each in get_analyzers() for rule in each.rules}


def completed(*words: str) -> list[str]:
    """Return what the last word may become."""
    complete = ShellComplete(cli, {}, "tokstat", "_TOKSTAT_COMPLETE")
    *before, incomplete = words
    return [each.value for each in complete.get_completions(list(before), incomplete)]


def test_commands_and_options() -> None:
    assert completed("ins") == ["inspect"]
    assert "--select" in completed("inspect", "--")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("inspect", "--select", "ts50"), {"TS501", "TS502"}),
        (("inspect", "--ignore", "TS1,TS502,TS501"), {"TS1,TS502,TS501"}),
        (("tokens", "x", "--finding", "TS3"), {"TS301"}),
        (("inspect", "--min", "whole_word_r"), {"whole_word_ratio="}),
        (("inspect", "--analyzer", "expected"), {"expected_wordsim"}),
        (("explain", "leading"), {"leading_space_gap"}),
        (("rank", "--by", "text_f"), {"text_fertility"}),
        (("inspect", "--lang", "en,au"), {"en,auto"}),
        (("inspect", "google"), {"google-bert/bert-base-uncased"}),
        (("repair", "x", "--drop", "whole"), {"whole_word"}),
        (("tokens", "x", "--kind", "part"), {"partial"}),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_names(words: tuple[str, ...], expected: set[str]) -> None:
    assert expected == set(completed(*words))


def test_everything_is_offered() -> None:
    assert set(completed("inspect", "--select", "")) >= CODES
    assert set(completed("tokens", "x", "--class", "")) == set(WORD_CLASSES)
    assert set(completed("rank", "--lang", "")) == set(wordfreq.available_languages())
    offered = set(completed("inspect", "--max", ""))
    named = {metric.name for each in get_analyzers() for metric in each.metrics}
    assert {f"{name}=" for name in named} <= offered


def test_a_path_is_left_to_the_shell() -> None:
    complete = ShellComplete(cli, {}, "tokstat", "_TOKSTAT_COMPLETE")
    for command in ("inspect", "encode", "compare", "diff", "corpus"):
        (found,) = complete.get_completions([command], "./tok")
        assert (found.type, found.value) == ("file", "./tok")


def test_names_have_a_line_about_them() -> None:
    complete = ShellComplete(cli, {}, "tokstat", "_TOKSTAT_COMPLETE")
    (found,) = complete.get_completions(["inspect", "--select"], "TS501")
    assert found.help == "Words are split when encoded alone"


SCRIPTS = {
    "bash": "COMP_WORDS=(tokstat inspect --select TS50); COMP_CWORD=3; "
    '_tokstat_completion tokstat; printf "%s\\n" "${COMPREPLY[@]}"',
    "fish": "complete -C 'tokstat inspect --select TS50'",
}


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_works(shell: str, tmp_path: Path) -> None:
    program = tmp_path / "tokstat"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tokstat "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [program],
        env={**environment, "_TOKSTAT_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_TOKSTAT_COMPLETE" in done.stdout
    if shell not in SCRIPTS:
        return
    if shutil.which(shell) is None:
        raise UnavailableError(f"{shell} is not installed")
    shown = subprocess.run(
        [shell, "-c", done.stdout + "\n" + SCRIPTS[shell]],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.partition("\t")[0] for line in shown.stdout.splitlines()] == ["TS501", "TS502"]

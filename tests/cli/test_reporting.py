"""The format of a report: as asked for, else by the file's name."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.hostile import hostile_report
from tokstat.api.reports import FORMATS
from tokstat.cli import reporting
from tokstat.cli.reporting import format_of, format_option, write_report


@pytest.mark.parametrize(
    ("asked", "name", "found"),
    [
        (None, None, "terminal"),
        (None, "a.html", "html"),
        (None, "a.HTM", "html"),
        (None, "a.md", "markdown"),
        (None, "a.json", "json"),
        (None, "a.txt", "terminal"),
        ("json", "a.html", "json"),
    ],
)
def test_the_format(asked: str | None, name: str | None, found: str) -> None:
    assert format_of(asked, Path(name) if name else None) == found


def test_the_formats_are_those_of_reports() -> None:
    assert reporting._FORMATS == FORMATS


@pytest.mark.parametrize(
    ("others", "format_", "code"), [((), "github", 2), (("github",), "github", 0), ((), "json", 0)]
)
def test_a_command_has_its_own_formats_besides(
    others: tuple[str, ...], format_: str, code: int
) -> None:
    @click.command
    @format_option(*others)
    def command(format_: str) -> None:
        click.echo(format_)

    result = CliRunner().invoke(command, ["--format", format_])
    assert result.exit_code == code
    assert (result.output == f"{format_}\n") == (code == 0)


def test_a_file_has_no_colours_and_80_columns(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    write_report(hostile_report(), "terminal", path)
    text = path.read_text("utf-8")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("format_", "name", "chosen"),
    [
        (None, "a.html", "html"),
        (None, "a.HTM", "html"),
        (None, "a.md", "markdown"),
        (None, "a", "terminal"),
        (None, "a.txt", "terminal"),
        ("json", "a.pdf", "json"),
    ],
)
def test_the_suffix_names_the_format(format_: str | None, name: str, chosen: str) -> None:
    assert format_of(format_, Path(name)) == chosen


@pytest.mark.parametrize("name", ["a.pdf", "a.csv", "a.docx", "a.htmll"])
def test_other_suffixes_are_refused(name: str) -> None:
    with pytest.raises(click.UsageError, match=re.escape(name)):
        format_of(None, Path(name))


def test_commands_have_other_formats() -> None:
    assert format_of(None, Path("a.csv"), ("json", "csv")) == "csv"
    with pytest.raises(click.UsageError, match="html"):
        format_of(None, Path("a.html"), ("json", "csv"))

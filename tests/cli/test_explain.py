"""`tokstat explain`: one name, several, and all of them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.cli.running import run
from tokstat.cli.main import cli
from tokstat.errors import UnknownNameError


def test_names_are_explained_as_text_and_json() -> None:
    text = run("explain", "TS501", "coverage_bare").stdout
    assert text.index("TS501") < text.index("coverage_bare")
    data = json.loads(run("explain", "TS501", "--json").stdout)
    assert "TS501" in json.dumps(data)


def test_all_names_are_listed_one_a_line() -> None:
    lines = [line.split() for line in run("explain").stdout.splitlines() if line]
    names = [line[0] for line in lines]
    assert {"TS501", "coverage", "coverage_bare", "corpus"} <= set(names)


@pytest.mark.parametrize(("columns", "most"), [("60", 60), ("200", 100)])
def test_lines_fit_the_terminal(columns: str, most: int) -> None:
    result = CliRunner(env={"COLUMNS": columns}).invoke(cli, ["explain", "TS501"])
    longest = max(map(len, result.stdout.splitlines()))
    assert most - 15 < longest <= most


def test_an_unknown_name_is_refused() -> None:
    result = CliRunner().invoke(cli, ["explain", "TS5011"])
    assert isinstance(result.exception, UnknownNameError)

"""The commands on a good tokenizer: what goes to stdout, to a file, and the exit status."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tokstat.cli.main import cli


@pytest.fixture
def spec(tmp_path: Path, bert_json: bytes) -> str:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(bert_json)
    return str(file)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_inspect_prints_a_report(spec: str) -> None:
    result = run("inspect", spec)
    assert result.exit_code == 0
    assert "21,660 of 29,523" in result.stdout


def test_json_is_the_only_thing_on_stdout(spec: str) -> None:
    result = run("inspect", spec, "--json")
    assert json.loads(result.stdout)["tokenizer"]["spec"] == spec
    assert result.stdout == run("inspect", spec, "--format", "json").stdout


@pytest.mark.parametrize(
    ("format_", "start"), [("json", "{"), ("markdown", "# "), ("terminal", "/")]
)
def test_output_goes_whole_into_a_file(spec: str, tmp_path: Path, format_: str, start: str) -> None:
    target = tmp_path / "out" / "report"
    target.parent.mkdir()
    result = run("inspect", spec, "--format", format_, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text("utf-8").startswith(start)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(("level", "code"), [("info", 1), ("warning", 0), ("error", 0)])
def test_findings_set_the_exit_status_if_asked_to(spec: str, level: str, code: int) -> None:
    """BERT has one finding, an info: characters outside its vocabulary are lost."""
    assert run("inspect", spec, "--fail-on", level).exit_code == code
    assert run("inspect", spec).exit_code == 0


def test_one_analyzer_alone(spec: str) -> None:
    result = run("inspect", spec, "--json", "--analyzer", "casing")
    assert [section["analyzer"] for section in json.loads(result.stdout)["sections"]] == ["casing"]


def test_tokens_as_text_csv_and_json(spec: str) -> None:
    filters = ("tokens", spec, "--kind", "special")
    text, as_csv, as_json = run(*filters), run(*filters, "--csv"), run(*filters, "--json")
    assert len(text.stdout.splitlines()) == 5
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["token"] for row in rows] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert json.loads(as_json.stdout)["columns"]["id"] == [0, 100, 101, 102, 103]


def test_tokens_are_not_csv_and_json_at_once(spec: str) -> None:
    assert run("tokens", spec, "--csv", "--json").exit_code == 2


def test_help_names_every_command_and_the_version_is_the_package_s() -> None:
    assert {"inspect", "tokens"} <= set(run("--help").stdout.split())
    import tokstat

    assert tokstat.__version__ in run("--version").stdout

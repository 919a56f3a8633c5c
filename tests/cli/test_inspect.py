"""`tokstat inspect`: what goes to stdout or a file, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import Run
from tokstat.wordsim import sets


def test_inspect_prints_a_report(spec: str) -> None:
    result = run("inspect", spec)
    assert result.exit_code == 0
    assert "21,256 of 26,702" in result.stdout


def test_json_is_the_only_thing_on_stdout(spec: str) -> None:
    inspect = ("inspect", spec, "--analyzer", "composition")
    result = run(*inspect, "--json")
    assert json.loads(result.stdout)["tokenizer"]["spec"] == spec
    assert result.stdout == run(*inspect, "--format", "json").stdout


@pytest.mark.parametrize(
    ("format_", "start"), [("json", "{"), ("markdown", "# "), ("terminal", "/")]
)
def test_output_goes_whole_into_a_file(spec: str, tmp_path: Path, format_: str, start: str) -> None:
    target = tmp_path / "out" / "report"
    target.parent.mkdir()
    chosen = ("--analyzer", "composition")
    result = run("inspect", spec, *chosen, "--format", format_, "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text("utf-8").startswith(start)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(("level", "code"), [("info", 1), ("warning", 0), ("error", 0), (None, 0)])
def test_findings_set_the_exit_status_if_asked_to(spec: str, level: str | None, code: int) -> None:
    """BERT has infos alone: tokens that no text can produce are under 2% of all."""
    options = () if level is None else ("--fail-on", level)
    chosen = ("--analyzer", "composition", "--analyzer", "reachability")
    assert run("inspect", spec, *chosen, *options).exit_code == code


def test_one_analyzer_alone(spec: str) -> None:
    result = run("inspect", spec, "--json", "--analyzer", "casing")
    assert [section["analyzer"] for section in json.loads(result.stdout)["sections"]] == ["casing"]


@pytest.mark.usefixtures("empty_place")
def test_inspect_skips_its_section_where_data_is_damaged(
    run: Run, folder: str, bert_json: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    command = ("inspect", "tokenizer.json", "--json", "--analyzer", "wordsim_coverage")
    monkeypatch.setenv("TOKSTAT_DATA", folder)
    monkeypatch.setattr("tokstat.analyzers.wordsim_coverage.WORDSIM_SETS", sets.WORDSIM_SETS)
    (section,) = json.loads(run(*command).stdout)["sections"]
    assert section["skipped"] is None
    assert {metric["denominator"] for metric in section["metrics"]} == {8}

    (tmp_path / folder / "rw.txt").write_bytes(b"")
    done = run(*command)
    (section,) = json.loads(done.stdout)["sections"]
    assert done.code == 0
    assert "rw.txt" in section["skipped"]

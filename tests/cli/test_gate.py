"""The gate on the command line: exit status, what is written where, and settings files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.bad_input.options import one_finding
from tests.cli.conftest import INSPECT
from tests.conftest import Run


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on", "info"), 1),
        (("--fail-on", "warning"), 0),
        (("--fail-on", "info", "--ignore", "TS1"), 0),
        (("--fail-on", "info", "--ignore", "TS1", "--select", "TS103"), 1),
        (("--fail-on", "info", "--select", "TS2,TS101", "--select", "TS3"), 0),
        (("--min", "whole_word_ratio=0.7"), 0),
        (("--min", "whole_word_ratio=0.81"), 1),
        (("--max", "whole_word_ratio=0.7", "--min", "content_tokens=1"), 1),
        (("--min", "coverage_bare=0"), 1),  # its analyzer was not run
        (("--max", "partial_tokens=0"), 0),
    ],
    ids=str,
)
def test_exit_status(here: Path, run: Run, options: tuple[str, ...], code: int) -> None:
    assert run(*INSPECT, *options).code == code


@pytest.mark.parametrize("format_", ["terminal", "markdown"])
def test_a_report_for_people_ends_with_the_verdict(here: Path, run: Run, format_: str) -> None:
    options = ("--min", "whole_word_ratio=0.8", "--fail-on", "info", "--format", format_)
    outcome = run(*INSPECT, *options)
    assert outcome.stderr == ""
    tail = outcome.stdout.partition("All details: -v" if format_ == "terminal" else "## Gate")[2]
    for part in ("TS103", "0.796", "21,256 of 26,702", "0.8", "failed"):
        assert part in tail


@pytest.mark.parametrize("format_", ["json", "github"])
def test_a_log_says_why_a_report_for_machines_failed(here: Path, run: Run, format_: str) -> None:
    options = ("--min", "whole_word_ratio=0.8", "--fail-on", "info", "--format", format_)
    lines = run(*INSPECT, *options).stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("tokstat: gate") for line in lines)
    assert "failed" in lines[-1]


def test_a_log_says_why_a_report_in_a_file_failed(here: Path, run: Run) -> None:
    outcome = run(*INSPECT, "--fail-on", "info", "-o", "report.txt")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert "TS103" in outcome.stderr
    assert "gate failed" in (here / "report.txt").read_text("utf-8")


def test_a_gate_that_passes_says_so_and_none_says_nothing(here: Path, run: Run) -> None:
    assert run(*INSPECT, "--json").stderr == ""
    assert "gate" not in run(*INSPECT).stdout
    assert "gate passed" in run(*INSPECT, "--json", "--fail-on", "error").stderr


def test_what_is_left_out_is_said(here: Path, run: Run) -> None:
    outcome = run(*INSPECT, "--ignore", "TS103")
    assert "No findings" in outcome.stdout
    assert "TS103" in outcome.stdout
    data = json.loads(run(*INSPECT, "--ignore", "TS103", "--json").stdout)
    assert [section["findings"] for section in data["sections"]] == [[], []]
    assert data["gate"]["left_out"] == ["TS103"]


def test_a_saved_report_is_the_baseline_of_the_next(here: Path, run: Run) -> None:
    assert run(*INSPECT, "--json", "-o", "saved.json").code == 0
    same = run(*INSPECT, "--baseline", "saved.json")
    assert same.code == 0
    assert "in the baseline saved.json: TS103" in same.stdout
    # Two tokens that stand for one text are a finding of their own, TS102.
    data = json.loads((here / "tokenizer.json").read_bytes())
    data["model"]["vocab"].pop("[unused7]")
    (here / "tokenizer.json").write_text(json.dumps(data))
    outcome = run(*INSPECT, "--baseline", "saved.json", "--json")
    assert outcome.code == 1
    gate = json.loads(outcome.stdout)["gate"]
    assert [each["code"] for each in gate["findings"] if each["fails"]] == ["TS101"]
    assert gate["findings"][0]["new_token_ids"] == [8]
    assert any("30,522" in note for note in gate["notes"])


def test_a_baseline_of_these_tests_is_good_but_for_its_fault(here: Path, run: Run) -> None:
    (here / "saved.json").write_text(one_finding())
    assert run(*INSPECT, "--json", "--baseline", "saved.json").code == 1


def test_usage_errors_are_one_line(here: Path, run: Run) -> None:
    for arguments in (["nothing"], ["tokens"], ["inspect", "a", "b"], ["inspect", "a", "--no"]):
        assert run(*arguments).refusal


def test_a_command_without_its_argument_shows_help(here: Path, run: Run) -> None:
    assert "Commands:" in "".join(run().stderr + run().stdout)

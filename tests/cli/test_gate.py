"""The gate on the command line: exit status, what is written where, and settings files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.bad_input.options import one_finding
from tests.conftest import Run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bert_json: bytes) -> Path:
    """A working folder with BERT's tokenizer, which has one finding: TS103, of level info."""
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    monkeypatch.chdir(tmp_path)
    return tmp_path


INSPECT = ("inspect", "tokenizer.json", "--analyzer", "composition", "--analyzer", "whole_words")


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
        (("--min", "whole_word_ratio=0.74"), 1),
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
    for part in ("TS103", "0.7337", "21,660 of 29,523", "0.8", "failed"):
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


# Settings files.


def settings(text: str) -> None:
    Path("tokstat.toml").write_text(text, "utf-8")


def test_settings_are_taken_and_the_command_line_wins(here: Path, run: Run) -> None:
    settings('fail-on = "info"\n[min]\nwhole_word_ratio = 0.8\n')
    outcome = run(*INSPECT, "--json")
    assert outcome.code == 1
    assert json.loads(outcome.stdout)["gate"]["fail_on"] == "info"
    assert run(*INSPECT, "--fail-on", "error").code == 1  # the limit holds yet
    relaxed = run(*INSPECT, "--fail-on", "error", "--min", "whole_word_ratio=0.7")
    assert relaxed.code == 0
    assert run(*INSPECT, "--isolated").code == 0


def test_limits_are_replaced_metric_by_metric(here: Path, run: Run) -> None:
    settings("[min]\nwhole_word_ratio = 0.8\n")
    limits = json.loads(run(*INSPECT, "--json", "--min", "content_tokens=5").stdout)["gate"][
        "metrics"
    ]
    assert {each["metric"]: each["limit"] for each in limits} == {
        "whole_word_ratio": 0.8,
        "content_tokens": 5,
    }


def test_a_selection_on_the_command_line_is_a_new_one(here: Path, run: Run) -> None:
    settings('select = ["TS2"]\nignore = ["TS103"]\nfail-on = "info"\n')
    assert run(*INSPECT).code == 0
    assert run(*INSPECT, "--select", "TS1").code == 1
    assert run(*INSPECT, "--select", "TS1", "--ignore", "TS10").code == 0


def test_the_spec_may_stand_in_the_settings(here: Path, run: Run) -> None:
    settings('spec = "tokenizer.json"')
    (here / "below").mkdir()
    os.chdir(here / "below")
    data = json.loads(run("inspect", "--json", "--analyzer", "composition").stdout)
    assert data["tokenizer"]["spec"] == str(here / "tokenizer.json")


def test_language_and_word_list_may_stand_in_the_settings(here: Path, run: Run) -> None:
    def words(*options: str) -> object:
        outcome = run(*INSPECT, "--json", *options)
        return json.loads(outcome.stdout)["lexicon"]["languages"]

    settings('lang = "de"')
    assert words() == ["de"]
    assert words("--lang", "en,de") == ["en", "de"]
    (here / "words.tsv").write_text("tiger\t5\n")
    settings('lexicon = "words.tsv"')
    assert words("--lang", "en") == ["en"]
    assert run("tokens", "tokenizer.json", "--class", "whole_word").stdout.count("\n") == 1


def test_another_file_may_be_named(here: Path, run: Run) -> None:
    settings("nonsense = 1")
    (here / "ci.toml").write_text('fail-on = "info"')
    assert run(*INSPECT, "--config", "ci.toml").code == 1
    assert run(*INSPECT, "--config", os.devnull).code == 0


def test_a_baseline_of_these_tests_is_good_but_for_its_fault(here: Path, run: Run) -> None:
    (here / "saved.json").write_text(one_finding())
    assert run(*INSPECT, "--json", "--baseline", "saved.json").code == 1


def test_without_a_spec_the_refusal_says_where_it_may_stand(here: Path, run: Run) -> None:
    assert "SPEC" in run("inspect").refusal


def test_usage_errors_are_one_line(here: Path, run: Run) -> None:
    for arguments in (["nothing"], ["tokens"], ["inspect", "a", "b"], ["inspect", "a", "--no"]):
        assert run(*arguments).refusal


def test_a_command_without_its_argument_shows_help(here: Path, run: Run) -> None:
    assert "Commands:" in "".join(run().stderr + run().stdout)


def test_a_working_folder_that_was_removed_has_no_settings(here: Path) -> None:
    gone = here / "gone"
    gone.mkdir()
    program = (
        "import os, sys\n"
        f"os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})\n"
        "from tokstat.cli.main import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "inspect", str(here / "tokenizer.json"), *INSPECT[2:]],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr.decode()

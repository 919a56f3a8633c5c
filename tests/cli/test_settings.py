"""Settings files: their place, the command line against them, and what a spec may be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import INSPECT
from tests.conftest import Run


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
    assert run("tokens", "tokenizer.json", "--class", "whole_word").stdout.count("\n") == 2


def test_another_file_may_be_named(here: Path, run: Run) -> None:
    settings("nonsense = 1")
    (here / "ci.toml").write_text('fail-on = "info"')
    assert run(*INSPECT, "--config", "ci.toml").code == 1
    assert run(*INSPECT, "--config", os.devnull).code == 0


def test_without_a_spec_the_refusal_says_where_it_may_stand(here: Path, run: Run) -> None:
    assert "SPEC" in run("inspect").refusal


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

"""`tokstat lock`: what is written, and where it goes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run


def test_a_lock_without_a_file_goes_to_stdout(here: Path, run: Run) -> None:
    assert json.loads(run("lock", "tokenizer.json").stdout)["tokstat_lock"] == 1


def test_a_lock_in_a_file_is_counted_on_stderr(here: Path, run: Run) -> None:
    outcome = run("lock", "tokenizer.json", "-o", "a.lock.json")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert "\ntokstat: 30,522 " in outcome.stderr
    assert json.loads((here / "a.lock.json").read_text("utf-8"))["tokstat_lock"] == 1

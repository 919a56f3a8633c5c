"""`tokstat study`: its table, and where it may be written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tokstat.wordsim.study_results import packaged_study

pytestmark = pytest.mark.usefixtures("empty_place")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments with which `tokstat.run_study` is called, which returns the packaged study."""
    found: list[Any] = []

    def run_study(specs: tuple[str, ...], **options: Any) -> object:
        found.append((specs, options))
        return packaged_study()

    monkeypatch.setattr("tokstat.run_study", run_study, raising=False)
    return found


def test_rows_are_shown_and_written_as_csv(run: Run, given: list[Any], tmp_path: Path) -> None:
    done = run("study", "a", "b", "-o", "study.json", "--csv", "study.csv", "--exact")
    assert (done.code, done.stderr.startswith("tokstat: wrote study.csv: ")) == (0, True)
    ((specs, options),) = given
    assert specs == ("a", "b")
    assert (options["path"], options["exact"], options["seed"]) == (Path("study.json"), True, 0)
    with (tmp_path / "study.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(packaged_study().rows)
    assert f"{packaged_study().rows[0].wordsim:.1f}" in done.stdout


def test_a_table_without_a_folder_is_refused_before_anything(run: Run, given: list[Any]) -> None:
    refusal = run("study", "a", "-o", "study.json", "--csv", "absent/study.csv").refusal
    assert "absent" in refusal
    assert given == []


def test_wrong_use_is_refused(run: Run) -> None:
    assert run("study", "-o", "study.json").refusal
    assert run("study", "a").refusal

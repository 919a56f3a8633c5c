"""`tokstat study`: its table, and where it may be written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.experiments.test_grid_effects import make_grid
from tokstat.experiments.grid_effects import with_effects
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


@pytest.mark.parametrize(("cores", "workers"), [(None, 1), (1, 1), (2, 2), (64, 2)])
def test_two_processes_at_most_by_default(
    run: Run,
    given: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    cores: int | None,
    workers: int,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert run("study", "a", "-o", "study.json").code == 0
    assert run("study", "a", "-o", "study.json", "--workers", "5").code == 0
    assert [options["workers"] for _, options in given] == [workers, 5]


def test_a_table_without_a_folder_is_refused_before_anything(run: Run, given: list[Any]) -> None:
    refusal = run("study", "a", "-o", "study.json", "--csv", "absent/study.csv").refusal
    assert "absent" in refusal
    assert given == []


def test_a_grid_of_a_text(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[Any] = []
    grid = with_effects(make_grid(lambda a, s, c, b: 10 + 3 * a, noise=1.0))

    def run_grid(texts: tuple[str, ...], **options: Any) -> object:
        calls.append((texts, options))
        return grid

    monkeypatch.setattr("tokstat.run_grid", run_grid, raising=False)
    arguments = ("--size", "900", "--keep", "trained", "--seed", "2", "--csv", "grid.csv")
    done = run("study", "--grid", "prose.txt", "more", "-o", "grid.json", *arguments)
    assert done.code == 0
    ((texts, options),) = calls
    assert texts == ("prose.txt", "more")
    assert (options["sizes"], options["folder"], options["seed"]) == ((900,), Path("trained"), 2)
    assert options["path"] == Path("grid.json")
    assert "BPE to WordPiece" in done.stdout
    assert len((tmp_path / "grid.csv").read_text().splitlines()) == len(grid.rows) + 1


def test_too_little_text_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "prose.txt").write_text("a tiger\n")
    refusal = run("study", "--grid", "prose.txt", "-o", "grid.json").refusal
    assert "2 distinct words, too few to learn 32,000 tokens" in refusal
    assert not (tmp_path / "grid.json").exists()


def test_wrong_use_is_refused(run: Run) -> None:
    assert run("study", "-o", "study.json").refusal
    twice = ("--teacher", "a", "--teacher", "b")
    assert "--teacher" in run("study", "--grid", "text", "-o", "grid.json", *twice).refusal
    assert "--exact" in run("study", "--grid", "text", "-o", "grid.json", "--exact").refusal
    assert run("study", "a").refusal

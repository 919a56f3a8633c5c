"""`tokstat distill`: options become those of the API, and nothing is written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tokstat.editing.model2vec_releases import RELEASES

pytestmark = pytest.mark.usefixtures("empty_place")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The arguments with which `tokstat.distill` is called, which then does nothing."""
    found: dict[str, Any] = {}

    def distill(teacher: str, folder: Path, **options: Any) -> str:
        found.update(options, teacher=teacher, folder=folder)
        return "score"

    monkeypatch.setattr("tokstat.distill", distill, raising=False)
    monkeypatch.setattr("tokstat.render.terminal.wordsim.render_scores", lambda scores: scores[0])
    return found


def test_defaults_are_those_of_model2vec(run: Run, given: dict[str, Any]) -> None:
    done = run("distill", "teacher", "-o", "out")
    assert (done.code, done.stdout) == (0, "score")
    assert (given["teacher"], given["folder"]) == ("teacher", Path("out"))
    assert (given["pca"], given["sif"], given["pooling"]) == (256, 1e-4, "mean")
    assert (given["prefix_space"], given["tokenizer"], given["drop"]) == (None, None, ())
    assert given["as_release"] is None


def test_a_release_of_model2vec(run: Run, given: dict[str, Any]) -> None:
    assert run("distill", "teacher", "-o", "out", "--as", "0.3.8").code == 0
    assert given["as_release"] == "0.3.8"
    written = " ".join(run("distill", "--help").stdout.split())
    assert all(release in written for release in RELEASES)


def test_a_release_and_a_leading_space_are_refused(run: Run) -> None:
    options = ("-o", "out", "--as", "0.3.8", "--prefix-space")
    assert "--as" in run("distill", "teacher", *options).refusal


def test_no_pca_and_no_weights(run: Run, given: dict[str, Any]) -> None:
    options = ("--pca-dims", "0", "--no-sif", "--no-prefix-space", "--swap-ends")
    assert run("distill", "teacher", "-o", "out", *options).code == 0
    assert (given["pca"], given["sif"]) == (None, None)
    assert (given["prefix_space"], given["swap_ends"]) == (False, True)


def test_a_folder_that_exists_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert "out" in run("distill", "teacher", "-o", "out").refusal
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("options", [(), ("-o", "out", "--pooling", "sum")])
def test_wrong_use_is_refused(run: Run, options: tuple[str, ...]) -> None:
    assert run("distill", "teacher", *options).refusal

"""`tokstat link`: the published correlations as text, JSON and a plot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("empty_place")


def test_link_published(run: Run) -> None:
    done = run("link", "--published")
    assert (done.code, done.stderr) == (0, "")
    for number in ("-24.1", "-23.6", "45.2", "26.7", "50.8"):
        assert number in done.stdout
    data = json.loads(run("link", "--published", "--json").stdout)
    assert [each["difference"] for each in data["case"]] == [0, -24.1, -23.6]
    assert {each["tokenizers"] for each in data["correlations"]} == {2, 3}
    assert data["same_tokenizer"][0]["rows"] == 15


def test_link_plots_into_a_file(run: Run, tmp_path: Path) -> None:
    done = run("link", "--published", "--plot", "link.svg", "-o", "link.txt")
    assert (done.code, done.stdout) == (0, "")
    assert (tmp_path / "link.svg").read_text().startswith("<?xml")
    assert "-24.1" in (tmp_path / "link.txt").read_text()

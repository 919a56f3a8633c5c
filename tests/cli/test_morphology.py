"""`tokstat morphology`: its table in every format, and what it says of words it cannot score."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.conftest import Run

SPEC = "google-bert/bert-base-uncased"

pytestmark = pytest.mark.usefixtures("empty_place")


@pytest.fixture
def words(tmp_path: Path) -> str:
    """A file with two words to score, and one that its pieces do not spell."""
    path = tmp_path / "words.tsv"
    path.write_text("unkindly\tun|kind|ly\nrunning\trun|ing\nrereading\tre|read|ing\n")
    return str(path)


def test_a_table_and_a_note(run: Run, words: str) -> None:
    done = run("morphology", SPEC, "-s", f"en={words}", "--json")
    assert done.code == 0
    found = json.loads(done.stdout)["columns"]
    assert found["language"] == ["en"]
    assert found["scored"][0] + found["one_token"][0] == 2
    assert found["misspelled"] == [1]
    assert "running = run|ing" in done.stderr


def test_formats(run: Run, words: str, tmp_path: Path) -> None:
    assert "morphscore" in run("morphology", SPEC, "-s", words).stdout
    for name, start in (("a.md", "# "), ("a.html", "<!doctype"), ("a.csv", "tokenizer,")):
        assert run("morphology", SPEC, "-s", words, "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_text().lower().startswith(start)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    assert [row["language"] for row in rows] == ["words"]


def test_several_languages_have_a_row_for_all(run: Run, words: str) -> None:
    done = run("morphology", SPEC, "-s", f"a={words}", "-s", f"b={words}", "--json", "--in-text")
    assert json.loads(done.stdout)["columns"]["language"] == ["a", "b", "all"]


@pytest.mark.parametrize("given", ["absent.tsv", "morphynet:deu", "morphynet:xx", "de=absent"])
def test_segmentations_that_are_not_there(run: Run, given: str) -> None:
    done = run("morphology", SPEC, "-s", given)
    assert (done.code, done.stdout, done.stderr.count("\n")) == (2, "", 1)

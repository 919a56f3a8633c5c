"""`tokstat whatif`: the ladder as text, as JSON and in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import report
from tests.conftest import Run
from tests.experiments import HashTeacher
from tests.wordsim import as_file, random_pairs
from tokstat.errors import TeacherError

pytestmark = pytest.mark.usefixtures("small_tokenizer")


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch) -> HashTeacher:
    """Makes every teacher the one without a transformer."""
    found = HashTeacher()
    monkeypatch.setattr("tokstat.distillation.encoders.load_teacher", lambda spec: found)
    return found


def test_whatif_as_text_json_and_file(run: Run, teacher: HashTeacher, tmp_path: Path) -> None:
    options = ("whatif", "small", "--add-words", "300")
    done = run(*options, "--every-order", "--json", "-o", "ladder.json")
    assert (done.code, done.stdout) == (0, "")
    every = json.loads((tmp_path / "ladder.json").read_text("utf-8"))
    assert all(rung["part"] for rung in every["rungs"])
    data = report(run(*options, "--json"))
    assert data["tokenizer"] == "small"
    assert [rung.pop("step") for rung in data["rungs"]] == [
        *("leading_blank", "decase", "drop_fragment", "add_words", "greedy")
    ]
    assert data["start"] == every["start"]
    assert all(rung["part"] is None for rung in data["rungs"])
    text = run(*options)
    assert (text.code, text.stderr) == (0, "")
    assert f"{data['start']['wordsim']:.1f}" in text.stdout
    assert "tokstat data fetch" in text.stdout
    assert "WordSim" not in text.stdout.replace("not WordSim", "")
    assert teacher.texts


def test_sentences(run: Run, teacher: HashTeacher, tmp_path: Path) -> None:
    for name in ("a.tsv", "b.tsv"):
        pairs = random_pairs(30, ["a tiger ran", "the cat", "an apple ran", "a zebra"], len(name))
        (tmp_path / name).write_bytes(as_file(pairs))
    options = ["whatif", "small", "--add-words", "300", "--sentences", "a.tsv"]
    options += ["--sentences", "b.tsv"]
    data = report(run(*options, "--json"))
    assert data["texts"]
    assert data["sets"] == ["a.tsv", "b.tsv"]
    assert data["start"]["words"] == 4
    text = run(*options)
    assert (text.code, text.stderr) == (0, "")
    assert f"{data['start']['wordsim']:.1f}" in text.stdout
    assert run(*options, "--smallest-fix").refusal
    assert teacher.texts


def test_several_teachers(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is measured is written, and the missing teacher is an error in the end."""

    def load(spec: str) -> HashTeacher:
        if spec == "absent":
            raise TeacherError("There is no folder absent", "Give another.")
        return HashTeacher(spec)

    monkeypatch.setattr("tokstat.experiments.several_teachers.load_teacher", load)
    options = ["whatif", "small", "--add-words", "300"]
    for teacher in ("one", "absent", "two"):
        options += ["--teacher", teacher]
    done = run(*options, "-o", "ladders.json")
    assert done.code == 2
    assert "There is no folder absent" in done.stderr
    data = json.loads((tmp_path / "ladders.json").read_text("utf-8"))
    assert [each["teacher_sha256"] for each in data["ladders"]] == ["one", "two"]
    assert [each["teacher"] for each in data["missing"]] == ["absent"]
    assert run(*options, "-o", "ladders.html").code == 2
    assert "There is no folder absent" in (tmp_path / "ladders.html").read_text("utf-8")


def test_the_smallest_fix(run: Run, teacher: HashTeacher) -> None:
    data = report(run("whatif", "small", "--smallest-fix", "--add-words", "300", "--json"))
    assert data["words"] == "300 most frequent words"
    assert [(each["form"], each["words"]) for each in data["points"]] == [
        *(("alone", 300), ("in text", 300), ("both", 300))
    ]
    assert teacher.texts
    for more in (("--target", "small"), ("--every-order",), ("--teacher", "a", "--teacher", "b")):
        assert run("whatif", "small", "--smallest-fix", *more).refusal

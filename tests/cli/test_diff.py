"""`tokstat diff`, `tokstat lock` and the gate's lock: exit status, output, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.comparison.changed_tokenizers import edited
from tests.conftest import Run

INSPECT = ("inspect", "--analyzer", "composition")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bert_json: bytes) -> Path:
    """A working folder with BERT's tokenizer, and one without its decoder."""
    (tmp_path / "old.json").write_bytes(bert_json)
    (tmp_path / "new.json").write_text(edited("bert", "decoder").to_json(), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_exit_status_is_1_if_anything_differs(here: Path, run: Run) -> None:
    same = run("diff", "old.json", "old.json")
    assert (same.code, same.stderr) == (0, "")
    assert "Nothing differs." in same.stdout
    other = run("diff", "old.json", "new.json")
    assert (other.code, other.stderr) == (1, "")
    assert "decoder" in other.stdout


def test_json_is_the_only_thing_on_stdout(here: Path, run: Run) -> None:
    data = json.loads(run("diff", "old.json", "new.json", "--json").stdout)
    assert [part["part"] for part in data["parts"]] == ["decoder"]
    assert data["text"]["how"] == "decoded"


@pytest.mark.parametrize("suffix", ["md", "html", "json", "txt"])
def test_a_difference_goes_into_a_file_by_its_suffix(here: Path, run: Run, suffix: str) -> None:
    outcome = run("diff", "old.json", "new.json", "-o", f"out.{suffix}")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert "WordPiece" in (here / f"out.{suffix}").read_text("utf-8")


def test_a_saved_difference_is_rendered(here: Path, run: Run) -> None:
    run("diff", "old.json", "new.json", "-o", "saved.json")
    rendered = run("render", "saved.json")
    assert (rendered.code, rendered.stdout) == (0, run("diff", "old.json", "new.json").stdout)


def test_a_lock_stands_on_either_side(here: Path, run: Run) -> None:
    assert run("lock", "old.json", "-o", "a.lock.json").code == 0
    assert run("lock", "new.json", "-o", "b.lock.json").code == 0
    assert run("diff", "a.lock.json", "old.json").code == 0
    assert run("diff", "old.json", "a.lock.json").code == 0
    for pair in (("a", "b"), ("b", "a")):
        one, other = (f"{name}.lock.json" for name in pair)
        outcome = run("diff", one, other)
        assert (outcome.code, "decoder" in outcome.stdout) == (1, True)
    assert run("diff", "new.json", "a.lock.json").code == 1


def test_a_lock_names_what_it_keeps_no_list_of(here: Path, run: Run) -> None:
    (here / "swapped.json").write_text(edited("bert", "ids").to_json(), "utf-8")
    assert run("lock", "old.json", "-o", "lock.json").code == 0
    data = json.loads(run("diff", "lock.json", "swapped.json", "--json").stdout)
    assert [part["part"] for part in data["parts"]] == ["ids", "encodings"]
    assert len(data["notes"]) == 1
    assert json.loads(run("diff", "lock.json", "new.json", "--json").stdout)["notes"] == []


def test_the_gate_fails_on_what_differs_from_the_lock(here: Path, run: Run) -> None:
    run("lock", "old.json", "-o", "lock.json")
    assert run(*INSPECT, "old.json", "--lock", "lock.json").code == 0
    failed = run(*INSPECT, "new.json", "--lock", "lock.json", "--json")
    assert failed.code == 1
    lines = failed.stderr.splitlines()
    assert len(lines) == 2
    assert "decoder: WordPiece removed" in lines[0]
    unlocked = json.loads(failed.stdout)["gate"]["unlocked"]
    assert [part["part"] for part in unlocked] == ["decoder"]
    annotated = run(*INSPECT, "new.json", "--lock", "lock.json", "--format", "github")
    assert "::error file=new.json,title=decoder::" in annotated.stdout


def test_settings_work_from_nothing(here: Path, run: Run) -> None:
    (here / "tokstat.toml").write_text(
        'spec = "old.json"\nbaseline = "base.json"\nlock = "tokenizer.lock.json"\n'
    )
    assert "--write-baseline" in run(*INSPECT).refusal
    first = run(*INSPECT, "--write-baseline", "--write-lock")
    assert first.code == 0
    assert {"base.json", "tokenizer.lock.json"} <= {path.name for path in here.iterdir()}
    assert run(*INSPECT).code == 0
    (here / "old.json").write_bytes((here / "new.json").read_bytes())
    assert run(*INSPECT).code == 1
    assert run(*INSPECT, "--write-lock").code == 0
    assert run(*INSPECT).code == 0


def test_a_file_to_write_needs_a_name(here: Path, run: Run) -> None:
    assert "--lock FILE" in run(*INSPECT, "old.json", "--write-lock").refusal
    assert "--baseline FILE" in run(*INSPECT, "old.json", "--write-baseline").refusal


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("diff", "old.json", "none.json"), "none.json"),
        (("diff", "old.json"), "NEW"),
        (("diff", "old.json", "new.json", "-o", "none/out.md"), "none/out.md"),
        (("diff", "odd.lock.json", "old.json"), "damaged"),
        (("diff", "old.json", "later.lock.json"), "version 7"),
        (("lock", "none.json"), "none.json"),
        (("lock", "old.json", "-o", "none/out"), "none/out"),
        (("lock", "odd.lock.json"), "lock"),
        ((*INSPECT, "old.json", "--lock", "none"), "none"),
        ((*INSPECT, "old.json", "--lock", "old.json"), "not a lock"),
        ((*INSPECT, "old.json", "--lock", "none/lock", "--write-lock"), "none/lock"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line(
    here: Path, run: Run, arguments: tuple[str, ...], named: str
) -> None:
    (here / "odd.lock.json").write_text('{"tokstat_lock": 1}')
    (here / "later.lock.json").write_text('{"tokstat_lock": 7}')
    before = sorted(here.iterdir())
    assert named in run(*arguments).refusal
    assert sorted(here.iterdir()) == before

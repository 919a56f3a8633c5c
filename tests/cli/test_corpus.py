"""`tokstat corpus` as a user runs it: the report, saved states, and bad input."""

from __future__ import annotations

import gc
import io
import json
import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tests.conftest import Outcome, Run
from tests.corpus.adversarial import TEXTS
from tokstat.cli.main import main


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run `tokstat corpus` in this process."""

    def corpus(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["tokstat", "corpus", *arguments])
        code: Any = 0
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code
        gc.enable()
        return Outcome(code or 0, *capfd.readouterr())

    monkeypatch.chdir(tmp_path)
    yield corpus
    gc.enable()  # which the command turns off for its own short life


@pytest.fixture
def data(tmp_path: Path) -> str:
    path = tmp_path / "data.jsonl"
    records = (
        {"text": text, "meta": {"lang": "ab"[number % 2]}} for number, text in enumerate(TEXTS)
    )
    path.write_text("\n".join(map(json.dumps, records)))
    return str(path)


def report(outcome: Outcome) -> dict[str, Any]:
    assert outcome.code == 0, outcome.stderr
    found: dict[str, Any] = json.loads(outcome.stdout)
    return found


def value(found: dict[str, Any], tokenizer: int, name: str) -> Any:
    metrics = found["tokenizers"][tokenizer]["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == name)


def test_a_report_in_json_and_as_text(run: Run, small_files: list[str], data: str) -> None:
    found = report(run(*small_files, data, "--json", "--by", "meta.lang"))
    assert found["text"]["documents"] == len(TEXTS)
    expected = [
        sum(len(each.encode(text, add_special_tokens=False)) for text in TEXTS)
        for each in map(tokenizers.Tokenizer.from_file, small_files)
    ]
    assert [value(found, number, "tokens") for number in (0, 1)] == expected
    tables = {table["name"]: table["columns"] for table in found["tables"]}
    assert tables["groups"]["group"] == ["a", "a", "b", "b"]
    assert sum(tables["groups"]["tokens"]) == sum(expected)
    assert {"groups", "files", "samples", "sample_tokens", "splits"} == set(tables)
    text = run(*small_files, data, "--by", "meta.lang", "-v")
    assert text.code == 0
    assert all(f"{each:,}" in text.stdout for each in expected)
    assert "fertility_micro" in text.stdout


def test_definitions_of_words_give_different_fertility(
    run: Run, small_files: list[str], data: str
) -> None:
    names = ("unicode", "whitespace", "letters", "word-characters", "wordpunct")
    found = [
        value(report(run(small_files[0], data, "--json", "--words", name)), 0, "tokens_per_word")
        for name in names
    ]
    assert len(set(found)) == len(names)


def test_a_state_is_gone_on_with_and_added(run: Run, small_files: list[str], data: str) -> None:
    Path("one.txt").write_text("the people\n" * 5)
    Path("two.txt").write_text("of the world\n" * 7)
    arguments = (*small_files, "--json")
    together = report(run(*arguments, "one.txt", "two.txt"))
    first = report(run(*arguments, "one.txt", "--state", "state"))
    assert first["text"]["documents"] == 5
    assert report(run(*arguments, "one.txt", "two.txt", "--state", "state")) == together
    for all_that_is_held in ("--state", "--add-state"):
        found = report(run(*arguments, all_that_is_held, "state"))
        assert found["text"] == together["text"]
        assert found["tokenizers"] == together["tokenizers"]
    more = report(run(*arguments, data, "--add-state", "state"))
    assert more["text"]["documents"] == 12 + len(TEXTS)


def test_a_state_follows_its_files(run: Run, small_files: list[str]) -> None:
    """They grow, change without growing, and are named in another way."""

    def documents(*files: str) -> tuple[int, int]:
        found = report(run(small_files[0], *files, "--state", "state", "--json"))
        return found["text"]["documents"], len(found["notes"])

    Path("one.txt").write_text("the people\n" * 5)
    assert documents("one.txt") == (5, 0)
    Path("one.txt").write_text("the people\n" * 10)
    assert documents("one.txt") == (10, 1)
    before = value(report(run(small_files[0], "one.txt", "--json")), 0, "tokens")
    Path("one.txt").write_text("the xxxxxx\n" * 10)
    found = report(run(small_files[0], "one.txt", "--state", "state", "--json"))
    assert value(found, 0, "tokens") != before
    for name in ("./one.txt", str(Path("one.txt").absolute()), "*.txt"):
        assert documents(name) == (10, 0)
    Path("two.txt").write_text("the people\n")
    assert documents("two.txt") == (1, 1), "the result is that of counting what is named"
    Path("one.txt").rename("three.txt")
    assert documents("two.txt", "three.txt") == (11, 1)


@pytest.mark.parametrize(
    "options", [("--documents", "file"), ("--by", "folder"), ("--text-field", "body")]
)
def test_options_of_reading_belong_to_a_state(
    run: Run, small_files: list[str], options: tuple[str, ...]
) -> None:
    Path("one.txt").write_text("the people\n" * 5)
    assert run(small_files[0], "one.txt", "--state", "state").code == 0
    assert " ".join(options) in run(small_files[0], "one.txt", "--state", "state", *options).refusal


def test_pipes_have_no_state(
    run: Run, small_files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\nb\n")))
    assert "stdin" in run(small_files[0], "-", "--state", "state").refusal
    os.mkfifo("pipe.txt")
    assert "pipe.txt" in run(small_files[0], "pipe.txt", "--state", "state").refusal
    assert "pipe.txt" in run(small_files[0], "pipe.txt", "--aligned").refusal
    assert not Path("state").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("files", "documents"), [("-", 2), ("- one.txt two.txt three.txt", 17)])
def test_stdin_is_counted_beside_workers(
    run: Run,
    small_files: list[str],
    monkeypatch: pytest.MonkeyPatch,
    files: str,
    documents: int,
) -> None:
    """The stdin of other processes is empty."""
    for name in ("one.txt", "two.txt", "three.txt"):
        Path(name).write_text("the people\n" * 5)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\nb\n")))
    found = report(run(small_files[0], *files.split(), "--workers", "2", "--json"))
    assert found["text"]["documents"] == documents


def test_a_folder_is_read_whole_and_what_is_left_out_is_listed(
    run: Run, small_files: list[str]
) -> None:
    Path("data").mkdir()
    for name in ("a.md", "b.py", "c.html", "d.log", "e.txt"):
        Path("data", name).write_text("the people\n")
    Path("data", "f.png").write_bytes(b"\x89PNG\0")
    found = report(run(small_files[0], "data", "--json"))
    assert found["text"]["documents"] == 5
    (left_out,) = (table["columns"] for table in found["tables"] if table["name"] == "left_out")
    assert left_out == {"file": [str(Path("data/f.png"))], "reason": ["it is not UTF-8 text"]}
    for suffix in (".txt", ".md", ".html"):
        assert run(small_files[0], "data", "-o", f"out{suffix}").code == 0
        assert "f.png" in Path(f"out{suffix}").read_text("utf-8")


def test_plain_text_has_no_field_to_group_by(run: Run, small_files: list[str], data: str) -> None:
    Path("one.txt").write_text("the people\n")
    assert "'lang'" in run(small_files[0], "one.txt", data, "--by", "lang").refusal


def test_two_runs_on_one_state_lose_nothing(run: Run, small_files: list[str]) -> None:
    """Their units overlap in part: one run has counted two files together, the other one alone."""
    for name in ("one", "two", "three"):
        Path(f"{name}.txt").write_text(f"the {name}\n" * 5)
    arguments = (*small_files, "--json")
    expected = report(run(*arguments, "one.txt", "two.txt", "three.txt"))
    report(run(*arguments, "one.txt", "two.txt", "--state", "a"))
    report(run(*arguments, "two.txt", "three.txt", "--state", "b"))
    for file in Path("b").iterdir():
        file.rename(Path("a") / file.name)
    assert report(run(*arguments, "one.txt", "two.txt", "three.txt", "--state", "a")) == expected


def test_aligned_languages(run: Run, small_files: list[str]) -> None:
    Path("en.txt").write_text("the people\nof the world\n")
    Path("de.txt").write_text("die Leute\nder Welt\n")
    found = report(run(small_files[0], "en.txt", "de.txt", "--aligned", "--json"))
    (parity,) = (table["columns"] for table in found["tables"] if table["name"] == "parity")
    assert parity["language"] == ["en.txt", "de.txt"]
    assert parity["parity"][0] == 1
    assert "parity" in run(small_files[0], "en.txt", "de.txt", "--aligned").stdout


def test_aligned_files_of_one_name_are_told_apart(run: Run, small_files: list[str]) -> None:
    for language, text in (("en", "the people\n"), ("de", "die Leute\n")):
        Path(language).mkdir()
        Path(language, "text.txt").write_text(text)
    arguments = (
        small_files[0],
        small_files[0],
        "en/text.txt",
        "de/text.txt",
        "--aligned",
        "--json",
    )
    found = report(run(*arguments))
    (parity,) = (table["columns"] for table in found["tables"] if table["name"] == "parity")
    assert parity["language"] == [str(Path("en/text.txt")), str(Path("de/text.txt"))]
    assert len(found["tokenizers"]) == 1, "a tokenizer that is given twice is one"


def test_a_folder_that_holds_ranks_is_counted_with(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    ranks = (f"{b64encode(bytes([byte])).decode()} {byte}\n" for byte in range(256))
    (folder / "my.tiktoken").write_text("".join(ranks))
    Path("text.txt").write_text("abc\n")
    found = report(run(str(folder), "text.txt", "--json"))
    assert [each["spec"] for each in found["tokenizers"]] == [str(folder)]


@pytest.mark.parametrize("arguments", [[], ["good.txt"], ["--json"]])
def test_bad_usage(run: Run, small_files: list[str], arguments: list[str]) -> None:
    Path("good.txt").write_text("good")
    chosen = arguments if "good.txt" in arguments else [small_files[0], *arguments]
    assert run(*chosen).code == 2


def test_counts_of_other_tokenizers_are_not_added(run: Run, small_files: list[str]) -> None:
    Path("good.txt").write_text("good\n")
    assert run(small_files[0], "good.txt", "--state", "state").code == 0
    assert "tokenizers" in run(small_files[1], "good.txt", "--state", "state").refusal
    assert (
        "words" in run(small_files[0], "good.txt", "--state", "state", "--words", "letters").refusal
    )


def test_problems_are_shown_and_change_nothing_else(run: Run, small_files: list[str]) -> None:
    Path("bad.jsonl").write_bytes(b'{"text": "good"}\n{"text"\n{"text": "\xff"}\n')
    outcome = run(small_files[0], "bad.jsonl")
    assert outcome.code == 0
    assert "2 documents" in outcome.stdout
    assert "bad.jsonl at byte 17" in outcome.stdout


def test_nothing_goes_to_stderr_that_is_no_terminal(run: Run, small_files: list[str]) -> None:
    Path("good.txt").write_text("good\n")
    assert run(small_files[0], "good.txt").stderr == ""


def test_a_progress_bar_says_how_fast_and_how_long(
    run: Run, small_files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("good.txt").write_text("good\n" * 1000)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    outcome = run(small_files[0], "good.txt", "-o", os.devnull)
    assert "MB/s" in outcome.stderr
    assert outcome.stdout == ""


def test_engines_and_tokens_alone(run: Run, small_files: list[str], data: str) -> None:
    bert = small_files[1]
    whole = report(run(bert, data, "--json"))
    judged = report(run(bert, data, "--json", "--engine", "tokenizers"))
    asked = run(bert, data, "--json", "--engine", "gigatoken")  # it reads no WordPiece
    (line,) = asked.stderr.splitlines()
    assert "gigatoken" in line
    alone = report(run(bert, data, "--json", "--no-words"))
    for other in (judged, report(asked), alone):
        metrics = {each["name"]: each for each in other["tokenizers"][0]["metrics"]}
        for each in whole["tokenizers"][0]["metrics"]:
            assert metrics.get(each["name"], each) == each
    assert len(alone["tokenizers"][0]["metrics"]) < len(whole["tokenizers"][0]["metrics"])
    assert run(bert, data, "--engine", "tiktoken").code == 2

"""`tokstat encode`: texts from everywhere, every option, and whatever is wrong with them."""

from __future__ import annotations

import html
import io
import json
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import Run, word_level_json

BERT = "google-bert/bert-base-uncased"
MODERNBERT = "answerdotai/ModernBERT-base"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and an empty cache, so that packaged copies are taken."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def ids_of(run: Run, *arguments: str) -> list[list[int]]:
    outcome = run("encode", *arguments, "--json")
    assert outcome.code == 0, outcome.stderr
    return [
        [token["id"] for token in split["tokens"]]
        for text in json.loads(outcome.stdout)["texts"]
        for split in text["splits"]
    ]


def test_texts_follow_the_specs(run: Run) -> None:
    assert ids_of(run, MODERNBERT, "tiger", " tiger") == [[85, 8047], [39121]]
    assert ids_of(run, MODERNBERT, BERT, "tiger") == [[85, 8047], [6816]]
    assert ids_of(run, MODERNBERT, "--text", "tiger") == [[85, 8047]]


def test_texts_come_from_files_and_stdin(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "a.txt").write_text("tiger", "utf-8")
    assert ids_of(run, MODERNBERT, "--file", "a.txt") == [[85, 8047]]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"tiger")))
    assert ids_of(run, MODERNBERT, "-") == [[85, 8047]]
    outcome = run("encode", MODERNBERT, "a.txt")
    assert "--file a.txt" in outcome.stderr


def test_without_a_text_there_is_the_panel(run: Run) -> None:
    assert len(ids_of(run, BERT)) == 14


def test_the_short_form_is_what_people_ask_for(run: Run) -> None:
    outcome = run("encode", MODERNBERT, "tiger", " tiger")
    assert outcome.stdout.splitlines()[1:] == ["  tiger   2  t|iger", "  ·tiger  1  ·tiger"]


def test_special_tokens_are_added(run: Run) -> None:
    assert ids_of(run, MODERNBERT, "tiger", "--special") == [[50281, 85, 8047, 50282]]


def test_details_are_shown_on_request(run: Run) -> None:
    outcome = run("encode", MODERNBERT, "tiger", "--offsets", "--classes")
    last = outcome.stdout.splitlines()[-1].split()
    assert last == ["iger", "8047", "1-5", "1-5", "other_language"]
    assert "ids 85 8047" in run("encode", MODERNBERT, "tiger", "--ids").stdout


def test_ids_are_decoded(run: Run) -> None:
    outcome = run("encode", MODERNBERT, "--decode", "85, 8047 39121", "--json")
    assert json.loads(outcome.stdout)["decoded"][0]["text"] == "tiger tiger"
    assert "tiger tiger" in run("encode", MODERNBERT, "--decode", "85 8047 39121").stdout


@pytest.mark.parametrize(
    ("text", "is_like_ids"),
    [("85, 8047", True), ("[85]", True), ("in 85", False), ("tiger", False)],
)
def test_a_text_like_ids_is_split_and_leads_to_decode(
    text: str, is_like_ids: bool, run: Run
) -> None:
    outcome = run("encode", BERT, text, "--ids")
    assert outcome.code == 0
    assert ("--decode" in outcome.stderr) is is_like_ids
    assert "--decode" not in run("encode", BERT, text).stderr


def test_steps_and_causes_are_shown_and_written(run: Run) -> None:
    outcome = run("encode", BERT, "Enchantments", "--steps", "--why")
    assert "takes ##s" in outcome.stdout
    assert "To make it whole" in outcome.stdout
    data = json.loads(run("encode", BERT, "Enchantments", "--steps", "--why", "--json").stdout)
    assert data["steps"][0]["not_replayed"] is None
    assert data["why"][0]["words"][0]["word"] == "Enchantments"


def _words(text: str) -> str:
    """Return the words of a text without what marks code in it."""
    return " ".join(re.sub(r"[`\\]", "", text).split())


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_files_show_steps_and_causes_as_the_terminal_does(run: Run, place: Path, name: str) -> None:
    shown = run("encode", BERT, "Enchantments", "--steps", "--why").stdout
    assert run("encode", BERT, "Enchantments", "--steps", "--why", "-o", name).code == 0
    written = html.unescape(re.sub("<.*?>", "", (place / name).read_text("utf-8")))
    causes, steps = shown.index("bert-base-uncased: Ench"), shown.rindex("bert-base-uncased: Ench")
    assert causes < steps
    for part in (shown[causes:steps], shown[steps:]):
        assert _words(part) in _words(written)
    assert run("encode", BERT, "Enchantments", "-o", name).code == 0
    assert "takes ##s" not in (place / name).read_text("utf-8")


def test_pages_open_with_the_switches_that_were_asked_for(run: Run, place: Path) -> None:
    assert run("encode", BERT, "tiger", "--ids", "-o", "a.html").code == 0
    page = (place / "a.html").read_text("ascii")
    switches = re.findall(r'<input type="checkbox" id="(\w+)"( checked)?>', page)
    assert switches == [("ids", " checked"), ("special", "")]


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_files_show_each_token_as_the_terminal_does(run: Run, place: Path, name: str) -> None:
    options = ("--offsets", "--classes")
    last = run("encode", MODERNBERT, "tiger", *options).stdout.splitlines()[-1]
    assert run("encode", MODERNBERT, "tiger", *options, "-o", name).code == 0
    assert last.strip() in html.unescape((place / name).read_text("utf-8"))


def write_chat_template(place: Path, bert_json: bytes) -> None:
    """Write a tokenizer with a template beside it, and a conversation."""
    (place / "tokenizer.json").write_bytes(bert_json)
    template = "{{ messages[0].content }}{% if messages[1] %}{{ raise_exception('no') }}{% endif %}"
    (place / "tokenizer_config.json").write_text(json.dumps({"chat_template": template}), "utf-8")
    (place / "one.json").write_text('[{"role": "user", "content": "tiger"}]', "utf-8")


@pytest.mark.parametrize(("name", "start"), [("a.html", "<!DOCTYPE html>"), ("a.md", "**tiger**")])
def test_conversations_are_written_to_files(
    run: Run, place: Path, bert_json: bytes, name: str, start: str
) -> None:
    pytest.importorskip("jinja2")
    write_chat_template(place, bert_json)
    assert run("encode", "./", "--chat", "one.json", "--steps", "-o", name).code == 0
    written = (place / name).read_text("utf-8")
    assert written.startswith(start)
    assert "takes tiger" in written
    assert "ids 6816" in written


@pytest.mark.parametrize(("name", "start"), [("a.html", "<!DOCTYPE html>"), ("a.md", "# ")])
def test_decoded_ids_are_written_to_files(run: Run, place: Path, name: str, start: str) -> None:
    assert run("encode", MODERNBERT, "--decode", "85 8047", "-o", name).code == 0
    written = (place / name).read_text("utf-8")
    assert written.startswith(start)
    assert "t|iger" in written


def test_conversations_go_through_the_template(run: Run, place: Path, bert_json: bytes) -> None:
    pytest.importorskip("jinja2")
    write_chat_template(place, bert_json)
    assert ids_of(run, "./", "--chat", "one.json") == [[6816]]
    (place / "two.json").write_text('[{"role": "a", "content": ""}, {"role": "b"}]', "utf-8")
    assert '"no"' in run("encode", "./", "--chat", "two.json").refusal


@pytest.mark.parametrize(("name", "start"), [("a.json", "{"), ("a.md", "**tiger"), ("a.txt", "M")])
def test_the_suffix_sets_the_format(run: Run, place: Path, name: str, start: str) -> None:
    outcome = run("encode", MODERNBERT, "tiger", "-o", name)
    assert (outcome.code, outcome.stdout) == (0, "")
    assert (place / name).read_text("utf-8").startswith(start)


def write_bad_files(place: Path) -> None:
    (place / "empty.txt").write_bytes(b"")
    (place / "binary.txt").write_bytes(b"\xff\xfe\x00")
    (place / "nul.txt").write_bytes(b"a\0b")
    with (place / "huge.txt").open("wb") as file:
        file.truncate(100 << 20)
    (place / "fails.json").write_bytes(word_level_json().replace(b'{"[UNK]":0}', b'{"a":0}'))
    (place / "long.txt").write_bytes(b"a" * 1_000_001)
    (place / "chat.json").write_text('[{"role": "user", "content": "x"}]', "utf-8")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((MODERNBERT, ""), "The text is empty"),
        ((MODERNBERT, "--file", "empty.txt"), "The text is empty"),
        ((MODERNBERT, "--file", "binary.txt"), "not UTF-8"),
        ((MODERNBERT, "--file", "nul.txt"), "NUL"),
        ((MODERNBERT, "--file", "huge.txt"), "huge.txt has more than"),
        ((MODERNBERT, "--file", "long.txt"), "1,000,001 characters"),
        ((MODERNBERT, "--file", "none.txt"), "none.txt cannot be read"),
        ((MODERNBERT, "--file", "."), "cannot be read"),
        ((MODERNBERT, "a\udcff"), "lone surrogate"),
        ((MODERNBERT, "--file", "nul.txt", "-o", "a.html"), "NUL"),
        ((MODERNBERT, "a\udcff", "-o", "a.html"), "lone surrogate"),
        (("fails.json", "b", "-o", "a.html"), "fails.json: the tokenizer cannot encode"),
        (("fails.json", "b"), "fails.json: the tokenizer cannot encode"),
        ((MODERNBERT, "--decode", "50368"), "50,368"),
        ((MODERNBERT, "--decode", "5;6"), "'5;6'"),
        ((MODERNBERT, "--decode", ""), "no ids"),
        ((MODERNBERT, "--decode", "5", "tiger"), "TEXT and --decode"),
        ((MODERNBERT, "tiger", "--file", "nul.txt"), "TEXT and --file"),
        ((MODERNBERT, "--chat", "none.json"), "none.json"),
        ((MODERNBERT, "--chat", "chat.json"), "no chat template"),
        ((MODERNBERT, "tiger", "-o", "no/where.txt"), "no/where.txt"),
        (("nothing.json", "tiger"), "nothing.json"),
        ((), "SPEC"),
        ((MODERNBERT, "--text", "a" * 20_001, "--steps"), "20,001 characters"),
    ],
)
def test_bad_input_is_one_line(
    run: Run, place: Path, arguments: tuple[str, ...], problem: str
) -> None:
    write_bad_files(place)
    before = sorted(place.iterdir())
    assert problem in run("encode", *arguments).refusal
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize("name", ["tokenize", "split", "show"])
def test_other_names_of_the_command_are_understood(run: Run, name: str) -> None:
    assert "tokstat encode?" in run(name).refusal
    assert "tokstat encode SPEC TEXT" in run("tokens", BERT, "tiger").refusal

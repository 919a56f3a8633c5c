"""Whatever is wrong with the input: one line on stderr, exit code 2, and nothing half-written."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import NOWHERE, Inspect, Outcome, word_level_json
from tests.hub_server import Hub
from tokstat.cli.main import main

GOOD = word_level_json("one", "two")


def changed(**model: object) -> bytes:
    """Return a tokenizer.json with another model."""
    return json.dumps({**json.loads(GOOD), "model": model}).encode()


@dataclass(frozen=True)
class Case:
    """What is given, and what the message must name."""

    spec: str
    names: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    options: tuple[str, ...] = ()


def file_case(content: bytes, name: str = "tokenizer.json") -> Case:
    return Case(name, name, {name: content})


def folder_case(names: str, files: Mapping[str, bytes]) -> Case:
    return Case("folder", names, {f"folder/{name}": content for name, content in files.items()})


def option_case(option: str, value: str, files: Mapping[str, bytes] | None = None) -> Case:
    inputs = {"tokenizer.json": GOOD, **(files or {})}
    return Case("tokenizer.json", value, inputs, (option, value))


CASES = {
    "missing file": Case("absent.json", "absent.json"),
    "missing folder": Case("./absent/", "./absent/"),
    "missing user": Case("~no-such-user/tokenizer.json", "~no-such-user"),
    "name longer than a file system takes": Case(f"./{'a' * 300}", "a" * 300),
    "spec of no form": Case("what is this?", "what is this?"),
    "empty file": file_case(b""),
    "blank file": file_case(b" \n"),
    "folder without a tokenizer": folder_case("folder", {"README.md": b"#"}),
    "folder that is called like a file": Case(
        "tokenizer.json", "tokenizer.json", {"tokenizer.json/README.md": b"#"}
    ),
    "invalid JSON": file_case(b'{"model": '),
    "binary file": file_case(bytes(range(256)) * 16),
    "JSON in UTF-16": file_case(GOOD.decode().encode("utf-16")),
    "deeply nested JSON": file_case(b"[" * 100_000 + b"]" * 100_000),
    "JSON that is a list": file_case(b"[1, 2]"),
    "JSON that is no tokenizer": file_case(b'{"hidden_size": 768}', "config.json"),
    "model that is no model": file_case(json.dumps({"model": "BPE"}).encode()),
    "unknown model type": Case(
        "tokenizer.json", "Quantum", {"tokenizer.json": changed(type="Quantum", vocab={})}
    ),
    "model without a vocabulary": file_case(changed(type="BPE")),
    "vocabulary of zero tokens": file_case(changed(type="WordLevel", vocab={}, unk_token="x")),
    "unknown id that is none": file_case(changed(type="Unigram", vocab=[["a", 0]], unk_id=7)),
    "merge that cuts a character": Case(
        "tokenizer.json",
        "['a', 'é']",
        {
            "tokenizer.json": changed(
                type="BPE",
                vocab={"a": 0, "é": 1, "abcd": 2},
                merges=[["a", "é"]],
                continuing_subword_prefix="#",
            )
        },
    ),
    "empty vocab.txt": folder_case("folder", {"vocab.txt": b""}),
    "vocab.txt with a token twice": folder_case("vocab.txt", {"vocab.txt": b"[UNK]\none\none\n"}),
    "vocab.txt that is not UTF-8": folder_case("vocab.txt", {"vocab.txt": b"\xff\xfe\n"}),
    "vocab.json that is no JSON": folder_case(
        "vocab.json", {"vocab.json": b"{", "merges.txt": b""}
    ),
    "vocab.json that is a list": folder_case(
        "vocab.json", {"vocab.json": b"[]", "merges.txt": b""}
    ),
    "vocab.json of zero tokens": folder_case("folder", {"vocab.json": b"{}", "merges.txt": b""}),
    "merge of three": folder_case(
        "merges.txt", {"vocab.json": b'{"a": 0}', "merges.txt": b"a a a\n"}
    ),
    "merge of unknown tokens": folder_case(
        "merges.txt", {"vocab.json": b'{"a": 0}', "merges.txt": b"#version: 0.2\na b\n"}
    ),
    "merge to an unknown token": folder_case(
        "merges.txt", {"vocab.json": b'{"a": 0}', "merges.txt": b"a a\n"}
    ),
    "configuration that is no JSON": folder_case(
        "tokenizer_config.json", {"vocab.txt": b"[UNK]\n", "tokenizer_config.json": b"{"}
    ),
    "vocab.json without merges": folder_case("folder", {"vocab.json": b'{"a": 0}'}),
    "broken SentencePiece model": folder_case("folder", {"tokenizer.model": b"\x00broken"}),
    "unknown language": option_case("--lang", "tlh"),
    "language that is a path": option_case("--lang", "../en"),
    "missing word list": option_case("--lexicon", "words.tsv"),
    "word list without counts": option_case("--lexicon", "words.tsv", {"words.tsv": b"one\ntwo\n"}),
    "word list that is not UTF-8": option_case(
        "--lexicon", "words.tsv", {"words.tsv": b"\xff\t3\n"}
    ),
    "empty word list": option_case("--lexicon", "words.tsv", {"words.tsv": b""}),
    "folder as word list": option_case("--lexicon", "words", {"words/one": b""}),
    "unknown analyzer": option_case("--analyzer", "astrology"),
    "output in a missing folder": option_case("-o", "absent/out.json"),
    "folder as output": option_case("-o", "taken", {"taken/one": b""}),
}

Run = Callable[..., Outcome]


@pytest.fixture
def inspect_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run `tokstat inspect` in this process; below the level of Python, too, all is captured."""

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["tokstat", "inspect", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        assert isinstance(caught.value.code, int)
        return Outcome(caught.value.code, *capfd.readouterr())

    monkeypatch.chdir(tmp_path)
    yield run
    gc.enable()  # which the command turns off for its own short life


def write(files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


def below(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad_input(case: Case, inspect_here: Run, tmp_path: Path) -> None:
    write(case.files)
    before = below(tmp_path)
    assert case.names in inspect_here(case.spec, "--json", *case.options).refusal
    if "-o" not in case.options:
        assert case.names in inspect_here(case.spec, *case.options, "-o", "out.json").refusal
    assert below(tmp_path) == before


@pytest.mark.parametrize("size", [1_000, 100_000, 400_000])
def test_truncated_tokenizer(
    size: int, bert_json: bytes, inspect_here: Run, tmp_path: Path
) -> None:
    write({"tokenizer.json": bert_json[:size]})
    assert "tokenizer.json" in inspect_here("tokenizer.json", "-o", "out.json").refusal
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]


def test_panic_of_the_library_is_an_error_like_others(inspect_here: Run, tmp_path: Path) -> None:
    """It writes to stderr itself, which nothing can keep it from; the last line is ours."""
    merges = changed(type="BPE", vocab={"a": 0, "b": 1}, merges=["a b"])
    write({"tokenizer.json": merges})
    outcome = inspect_here("tokenizer.json", "--json", "-o", "out.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "tokenizer.json" in outcome.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
@pytest.mark.parametrize("locked", ["folder/tokenizer.json", "folder"])
@pytest.mark.parametrize("spec", ["./folder/tokenizer.json", "./folder"])
def test_unreadable(spec: str, locked: str, inspect_here: Run) -> None:
    write({"folder/tokenizer.json": GOOD})
    Path(locked).chmod(0)
    try:
        refusal = inspect_here(spec).refusal
    finally:
        Path(locked).chmod(0o700)
    assert spec.removeprefix("./") in refusal


def test_existing_output_is_kept_when_the_input_is_bad(inspect_here: Run, tmp_path: Path) -> None:
    write({"out.json": b"of last time", "tokenizer.json": b"{"})
    assert inspect_here("tokenizer.json", "--json", "-o", "out.json").refusal
    assert (tmp_path / "out.json").read_bytes() == b"of last time"


@pytest.mark.parametrize("has_hub", [True, False], ids=["name the Hub lacks", "no network"])
def test_bad_hub_name(has_hub: bool, hub: Hub, inspect_as_command: Inspect, tmp_path: Path) -> None:
    endpoint = hub.url if has_hub else NOWHERE
    for output in ((), ("-o", "out.json")):
        refusal = inspect_as_command("org/absent", *output, HF_ENDPOINT=endpoint).refusal
        assert "org/absent" in refusal
        assert endpoint in refusal
    assert list(tmp_path.glob("*out.json*")) == []

"""Files in another encoding than UTF-8: a command says so in plain words, or reads them right."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.cli.bad_input.case import GOOD
from tests.conftest import Run

TEXT = "schön\tschö|n\nété\té|té\n"
ENCODINGS = {
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, cut": TEXT.encode("utf-16")[:-1],
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "Latin-1": TEXT.encode("latin-1"),
    "Windows-1252": "“schön” – 5 €\tschö|n\n".encode("cp1252"),
    "Shift JIS": "日本語\t日|本語\n".encode("shift_jis"),
    "gzip": gzip.compress(TEXT.encode()),
    "UTF-8, cut": TEXT.encode()[: TEXT.encode().rindex("é".encode()) + 1],
}

JSON = '[{"role": "user", "content": "schön"}]'
JSON_ENCODINGS = {
    "UTF-16": JSON.encode("utf-16"),
    "UTF-16, cut": JSON.encode("utf-16")[:-1],
    "UTF-16 without a mark, cut": JSON.encode("utf-16-le")[:-1],
    "UTF-32, cut": JSON.encode("utf-32")[:-1],
    "Latin-1": JSON.encode("latin-1"),
    "gzip": gzip.compress(JSON.encode()),
}

T = "tokenizer.json"
READERS: dict[str, tuple[str, ...]] = {
    "encode --file": ("encode", T, "--file", "bad"),
    "inspect --lexicon": ("inspect", T, "--lexicon", "bad"),
    "inspect --config": ("inspect", T, "--config", "bad.toml"),
    "morphology": ("morphology", T, "--segmentations", "bad"),
    "repair --add-words": ("repair", T, "--add-words", "bad", "-o", "out"),
    "wordsim of vectors": ("wordsim", "bad.txt", "--data", "sets"),
}
JSON_READERS: dict[str, tuple[str, ...]] = {
    "encode --chat": ("encode", "model", "--chat", "bad"),
    "inspect --baseline": ("inspect", T, "--baseline", "bad"),
    "inspect --lock": ("inspect", T, "--lock", "bad"),
    "inspect of a file": ("inspect", "bad.json"),
    "inspect of tekken": ("inspect", "tekken.json"),
    "inspect of configurations": ("inspect", "configured"),
    "inspect of a vocabulary": ("inspect", "slow"),
    "render": ("render", "bad"),
    "diff": ("diff", T, "bad.json"),
    "link": ("link", "--study", "bad"),
    "rank": ("rank", "bad.json", "--lang", "de"),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path(T).write_bytes(GOOD)
    return tmp_path


def put(data: bytes) -> None:
    """Write the content under every name that a reader looks for."""
    for folder in ("model", "configured", "slow", "sets"):
        Path(folder).mkdir()
    for name in ("bad", "bad.toml", "bad.txt", "bad.json", "tekken.json"):
        Path(name).write_bytes(data)
    for folder in ("model", "configured"):
        Path(folder, T).write_bytes(GOOD)
    Path("model/tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}')
    for name in ("tokenizer_config.json", "special_tokens_map.json", "config.json"):
        Path("configured", name).write_bytes(data)
    for name in ("vocab.json", "merges.txt"):
        Path("slow", name).write_bytes(data)


def assert_plain(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert outcome.code in (0, 2), outcome.stderr
    for raw in ("codec", "can't decode", "Traceback", "surrogate"):
        assert raw not in outcome.stdout + outcome.stderr
    if outcome.code == 2:
        assert len(outcome.stderr.splitlines()) == 1
        named = [Path(each).name for each in arguments[1:] if "bad" in each or each in ("slow",)]
        assert not named or any(name in outcome.stderr for name in named), outcome.stderr


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("reader", READERS)
def test_texts_in_other_encodings(reader: str, encoding: str, place: Path, run: Run) -> None:
    put(ENCODINGS[encoding])
    assert_plain(run, READERS[reader])


@pytest.mark.parametrize("encoding", JSON_ENCODINGS)
@pytest.mark.parametrize("reader", JSON_READERS)
def test_json_in_other_encodings(reader: str, encoding: str, place: Path, run: Run) -> None:
    put(JSON_ENCODINGS[encoding])
    assert_plain(run, JSON_READERS[reader])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ENCODINGS["UTF-16"], "begins as UTF-16 does"),
        (ENCODINGS["UTF-32"], "begins as UTF-32 does"),
        (ENCODINGS["gzip"], "begins as gzip does"),
        (ENCODINGS["Latin-1"], "byte 3 begins no character"),
    ],
)
def test_the_encoding_is_named(data: bytes, said: str, place: Path, run: Run) -> None:
    put(data)
    assert said in run("encode", T, "--file", "bad").refusal
    assert said in run("inspect", T, "--lexicon", "bad").refusal


def test_a_conversation_in_another_encoding(place: Path, run: Run) -> None:
    put(JSON.encode("utf-16-le")[:-1])
    assert "not UTF-8 text" in run("encode", "model", "--chat", "bad").refusal


@pytest.mark.parametrize("reader", ["inspect --lexicon", "repair --add-words"])
def test_a_byte_order_mark_is_no_text(reader: str, place: Path, run: Run) -> None:
    put(b"\xef\xbb\xbfone\t3\ntwo\t2\n")
    assert run(*READERS[reader]).code == 0

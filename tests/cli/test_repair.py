"""`tokstat repair`: the folder it writes, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tokstat
from tests.cli.conftest import report
from tests.conftest import Run, limit_files, unmeasured
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.analyzers.registry import get_analyzers
from tokstat.loading.local import load_path

pytestmark = pytest.mark.usefixtures("small_tokenizer")


def test_repair_writes_a_folder_and_a_report(run: Run, tmp_path: Path) -> None:
    done = run("repair", "small", "-o", "out", "--prefix-space", "--decase")
    assert (done.code, done.stderr) == (0, "")
    found = load_path("out", tmp_path / "out")
    assert found.lowercases
    assert found.adds_leading_space
    assert f"3,000 → {len(found.vocabulary):,}" in done.stdout
    assert "leading space; duplicates by case removed" in done.stdout


def test_repair_as_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("\ufeffzebrafish\n\n two words \n xylem\n", "utf-8")
    options = ("--decase", "--drop", "fragment", "--drop", "affix", "--add-words", "words.txt")
    done = run("repair", "small", "-o", "out", *options, "--json")
    data = report(done)
    expected = tokstat.repair(
        "small", tmp_path / "again", decase=True, drop=["fragment", "affix"], add_words="words.txt"
    )
    assert data == json.loads(expected.to_json()) | {"folder": "out"}
    assert data["skipped"] == [["two words", "it contains white space"]]
    assert len(done.stderr.splitlines()) == 2
    assert "two·words" in done.stderr
    assert data["words_added"] == 2
    assert data["tokens_after"] == data["tokens_before"] - data["removed"] + data["added"]
    assert data["loads_in"] == ["tokenizers", "transformers"]
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_score_that_fails_is_said_after_all_else(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_analyzers()

    def fail(*_: object) -> None:
        raise ArithmeticError("odd")

    monkeypatch.setattr(sys.modules["tokstat.analyzers.casing"], "_largest_families", fail)
    done = run("repair", "small", "-o", "out", "--decase", "--json")
    assert done.code == 2
    (line,) = done.stderr.splitlines()
    assert "'casing'" in line
    assert "ArithmeticError: odd" in line
    scores = {each["name"]: each["after"] for each in json.loads(done.stdout)["scores"]}
    assert scores["casing_duplicate_ratio"] is None
    assert scores["whole_word_ratio"] is not None
    assert (tmp_path / "out" / "tokenizer.json").is_file()


@pytest.mark.parametrize("option", ["--padding", "--no-padding"])
def test_repair_and_stored_padding(run: Run, tmp_path: Path, option: str) -> None:
    backend = SMALL["wordpiece"]()
    backend.enable_padding(length=128, pad_id=0, pad_token="[UNK]")
    backend.save(str(tmp_path / "small" / "tokenizer.json"))
    assert run("repair", "small", "-o", "out", "--decase", option).code == 0
    stored = load_path("out", tmp_path / "out").stored_padding
    assert (stored is None) == (option == "--no-padding")
    findings = report(run("inspect", "out", "--json", "--analyzer", "pipeline"))["sections"][0]
    codes = {finding["code"] for finding in findings["findings"]}
    assert ("TS601" in codes) == (option == "--padding")


FULL = f"from tokstat.cli.main import main\n{limit_files(20_000)}\nmain()"


def test_a_full_disk(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", FULL, "repair", "small", "-o", "out", "--decase"],
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "out cannot be written" in line
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_stop_leaves_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tokstat.editing.repair._prove", stop)
    done = run("repair", "small", "-o", "out", "--decase")
    assert (done.code, done.stdout, done.stderr.strip()) == (130, "", "tokstat: stopped")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A tiny model of the small tokenizer."""
    need("torch")
    transformers = need("transformers")
    config = transformers.LlamaConfig(
        vocab_size=3000,
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        eos_token_id=0,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def test_a_model_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    refusal = run("repair", "small", "-o", "out", "--decase", "--model", "absent").refusal
    assert "no folder absent" in refusal
    assert not (tmp_path / "out").exists()


def test_repair_with_a_model(run: Run, model: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    data = report(run("repair", "small", "-o", "out", "--decase", "--model", "model", "--json"))
    assert data["model"] == "model"
    text = "people of the government"
    logits = []
    for folder in ("small", "out"):
        weights = AutoModelForCausalLM.from_pretrained(model if folder == "small" else folder)
        tokenizer = load_path(folder, tmp_path / folder)
        ids = tokenizer.backend.encode(text).ids
        with torch.inference_mode():
            logits.append(weights(input_ids=torch.tensor([ids])).logits[0])
    assert logits[1].shape[1] == data["tokens_after"]
    assert logits[0][:, 0].tolist() == pytest.approx(logits[1][:, 0].tolist(), abs=1e-5)
    found = AutoTokenizer.from_pretrained("out")
    assert found(text)["input_ids"] == load_path("", tmp_path / "out").backend.encode(text).ids


@pytest.mark.parametrize("size", [20_000, 150_000])
def test_a_full_disk_with_a_model(run: Run, model: Path, size: int, tmp_path: Path) -> None:
    """The tokenizer still finds room, the weights do not; or neither."""
    program = FULL.replace("20_000", str(size))
    arguments = ["repair", "small", "-o", "out", "--decase", "--model", "model"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr.splitlines()[-1]
    assert {path.name for path in tmp_path.iterdir()} == {"small", "model"}


def test_a_model_of_another_tokenizer(run: Run, model: Path, bert_json: bytes) -> None:
    Path("small/tokenizer.json").write_bytes(bert_json)
    done = run("repair", "small", "-o", "out", "--add-words", "2000", "--model", "model")
    assert "3,000 embeddings" in done.refusal
    assert not Path("out").exists()

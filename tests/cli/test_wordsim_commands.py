"""`tokstat wordsim`, `data` and `link`: what they write, and what they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import NOWHERE, Outcome
from tests.hub_server import Hub
from tests.needs import need
from tests.wordsim import as_file, random_pairs, save_static_model, source_of, word_level
from tokstat.cli.main import main
from tokstat.wordsim import evaluation, sets, store
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS
from tokstat.wordsim.store import load_set

# pooch leaves the connection of an answer that it refuses to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

Run = Callable[..., Outcome]

WORDS = ["tiger", "cat", "New York", "zebra", "apple", "Apple", "run", "ran"]

STAND_INS = {
    source: as_file(random_pairs(20 + index, WORDS, index))
    for index, source in enumerate(WORDSIM_SETS)
}
"""A small file for each of the seven sets."""


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    collected: None,
) -> Run:
    """Run `tokstat` in this process, in an empty folder, with an empty cache."""

    def run_main(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["tokstat", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        assert isinstance(code, int)
        return Outcome(code, *capfd.readouterr())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("TOKSTAT_DATA", raising=False)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return run_main


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A static model that knows the words of WordSim-353 and of the small files."""
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    known = sorted({*packaged.words, "New", "York", *WORDS} - {"New York", "zebra"})
    save_static_model(tmp_path / "model", word_level(*known))
    return "model"


@pytest.fixture
def small_sets(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Make the small files those of the seven sets, and return them by name."""
    made = {
        replace(source_of(content, source.name), pairs=20 + index, file=source.file): content
        for index, (source, content) in enumerate(STAND_INS.items())
    }
    for module in (sets, store):
        monkeypatch.setattr(module, "ALL_SETS", (*made, *PACKAGED_SETS))
    for module in (sets, evaluation):
        monkeypatch.setattr(module, "WORDSIM_SETS", tuple(made))
    return {source.file: content for source, content in made.items()}


@pytest.fixture
def folder(small_sets: dict[str, bytes], tmp_path: Path) -> str:
    """A folder with the small files."""
    (tmp_path / "sets").mkdir()
    for name, content in small_sets.items():
        (tmp_path / "sets" / name).write_bytes(content)
    return "sets"


@pytest.fixture
def source(hub: Hub, small_sets: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A server with the small files, which they are fetched from."""
    # It would print that a client went away in the middle of an answer.
    monkeypatch.setattr(hub, "handle_error", lambda *about: None)
    hub.commit("org/sets", small_sets)
    monkeypatch.setenv("TOKSTAT_DATA_URL", f"{hub.url}/org/sets/resolve/main/")
    return hub


def columns(outcome: Outcome) -> dict[str, list[object]]:
    assert outcome.code == 0, outcome.stderr
    found: dict[str, list[object]] = json.loads(outcome.stdout)["columns"]
    return found


# wordsim


def test_wordsim_of_the_packaged_set_alone(run: Run, model: str) -> None:
    done = run("wordsim", model, "--json")
    assert (done.code, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert data["schema_version"] == 1
    (scores,) = data["models"]
    assert (scores["model"], scores["wordsim"]) == (model, None)
    assert scores["missing_sets"] == [source.name for source in WORDSIM_SETS]
    (each,) = scores["sets"]
    assert (each["name"], each["pairs"], each["words"]) == ("wordsim353", 353, 437)
    low, high = each["interval"]
    assert low < each["rho"] < high
    text = run("wordsim", model).stdout
    assert f"{each['rho']:.2f}" in text
    assert all(name in text for name in scores["missing_sets"])


def test_wordsim_of_seven_sets(run: Run, model: str, folder: str) -> None:
    done = run("wordsim", model, "--data", folder, "--json")
    (scores,) = json.loads(done.stdout)["models"]
    assert scores["missing_sets"] == []
    assert [each["name"] for each in scores["sets"]][:7] == [each.name for each in WORDSIM_SETS]
    assert scores["wordsim"] == pytest.approx(np.mean([each["rho"] for each in scores["sets"][:7]]))
    rare = scores["sets"][6]
    assert (rare["words"], rare["single_token_words"], rare["unknown_words"]) == (8, 6, 1)
    assert rare["zero_vectors"] == 1
    text = run("wordsim", model, "--data", folder).stdout
    assert f"WordSim {scores['wordsim']:.2f}" in text


def test_the_seed_and_the_resamples_set_the_interval(run: Run, model: str) -> None:
    def intervals(*options: str) -> object:
        done = run("wordsim", model, "--json", "--resamples", "50", *options)
        return json.loads(done.stdout)["models"][0]["sets"][0]["interval"]

    assert intervals() == intervals("--seed", "0") != intervals("--seed", "1")


def test_several_models_of_several_kinds(run: Run, model: str, tmp_path: Path) -> None:
    rows = (f"{word} {index} {index % 5} 1\n" for index, word in enumerate(load_words()))
    (tmp_path / "glove.txt").write_text("".join(rows))
    done = run("wordsim", model, "glove.txt", "--json", "-o", "scores.json")
    assert (done.code, done.stdout) == (0, "")
    data = json.loads((tmp_path / "scores.json").read_text())
    assert [each["model"] for each in data["models"]] == [model, "glove.txt"]
    glove = data["models"][1]["sets"][0]
    assert (glove["single_token_pairs"], glove["unknown_words"]) == (None, 37)
    assert glove["zero_vectors"] == 37


def load_words() -> list[str]:
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    return packaged.words[:400]


def test_wordllama_has_its_published_wordsim(run: Run, shared: Path) -> None:
    need("wordllama")
    done = run("wordsim", "wordllama", "--data", str(shared / "wordsim"), "--json")
    assert round(json.loads(done.stdout)["models"][0]["wordsim"], 2) == 45.16


# data


def test_data_list(run: Run) -> None:
    found = columns(run("data", "list", "--json"))
    assert found["set"] == [*(source.name for source in WORDSIM_SETS), "wordsim353"]
    assert found["state"] == ["absent"] * 7 + ["here"]
    assert found["pairs"] == [2034, 3000, 999, 252, 3500, 771, 660, 353]
    assert (found["words"][0], found["words"][7]) == (None, 437)
    assert found["licence"][7] == "CC BY 4.0"
    assert all(found["source"])
    lines = run("data", "list").stdout.splitlines()
    assert len(lines) == 9
    assert [line.split()[:2] for line in lines[-2:]] == [
        ["card_660", "absent"],
        ["wordsim353", "here"],
    ]


def test_data_list_of_a_folder(run: Run, folder: str) -> None:
    found = columns(run("data", "list", "--json", "--data", folder))
    assert found["state"] == ["here"] * 8
    assert found["path"][0] == f"{folder}/rw.txt"
    assert found["words"][6] == 8


def test_data_fetch_and_verify(run: Run, source: Hub, small_sets: dict[str, bytes]) -> None:
    done = run("data", "fetch")
    assert (done.code, done.stderr) == (0, "")
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert {path.name: path.read_bytes() for path in paths} == small_sets
    asked = len(source.requests)
    assert run("data", "fetch").stdout == done.stdout
    assert len(source.requests) == asked
    assert run("data", "verify").code == 0

    paths[1].write_bytes(b"damaged")
    damaged = run("data", "verify")
    assert damaged.code == 1
    assert damaged.stdout.splitlines()[1] == "men: damaged"
    assert damaged.stdout.count("damaged") == 1
    assert columns(run("data", "list", "--json"))["state"] == ["here", "damaged", *["here"] * 6]

    assert run("data", "fetch").code == 0
    assert run("data", "verify").code == 0


def test_data_verify_with_nothing_here(run: Run) -> None:
    done = run("data", "verify")
    assert (done.code, done.stdout.count("absent")) == (0, 7)


# link


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


@pytest.mark.parametrize(
    "arguments",
    [
        ["link", "--published", "--study", "study.json"],
        ["link", "--published", "--seed", "-1"],
        ["wordsim"],
        ["wordsim", "model", "--seed", "-1"],
        ["wordsim", "model", "--resamples", "0"],
        ["data"],
    ],
    ids=" ".join,
)
def test_wrong_use(arguments: list[str], run: Run) -> None:
    done = run(*arguments)
    assert (done.code, done.stdout) == (2, "")


def test_inspect_skips_its_section_where_data_is_damaged(
    run: Run, folder: str, bert_json: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    command = ("inspect", "tokenizer.json", "--json", "--analyzer", "wordsim_coverage")
    monkeypatch.setenv("TOKSTAT_DATA", folder)
    monkeypatch.setattr("tokstat.analyzers.wordsim_coverage.WORDSIM_SETS", sets.WORDSIM_SETS)
    (section,) = json.loads(run(*command).stdout)["sections"]
    assert section["skipped"] is None
    assert {metric["denominator"] for metric in section["metrics"]} == {8}

    (tmp_path / folder / "rw.txt").write_bytes(b"")
    done = run(*command)
    (section,) = json.loads(done.stdout)["sections"]
    assert done.code == 0
    assert "rw.txt" in section["skipped"]


@pytest.mark.parametrize(
    "arguments",
    [["wordsim", "org/absent"], ["wordsim", "absent.vec"], ["data", "fetch"], ["data", "list"]],
    ids=" ".join,
)
def test_as_a_process_with_no_network(arguments: list[str], tmp_path: Path) -> None:
    private = ("HF_", "TOKSTAT_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(private)}
    done = subprocess.run(
        [sys.executable, "-m", "tokstat", *arguments],
        env={
            **inherited,
            "HF_HOME": str(tmp_path / "hf"),
            "HF_ENDPOINT": NOWHERE,
            "TOKSTAT_DATA_URL": NOWHERE,
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    if arguments == ["data", "list"]:
        assert (outcome.code, outcome.stderr) == (0, "")
    else:
        assert outcome.refusal.startswith("tokstat: ")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]

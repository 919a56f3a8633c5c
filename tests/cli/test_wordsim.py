"""`tokstat wordsim`: scores of models on the packaged set and on seven."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import NOWHERE, Outcome, Run
from tests.needs import need
from tokstat.results.report import SCHEMA_VERSION
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS
from tokstat.wordsim.store import load_set

# pooch leaves the connection of an answer that it refuses to the garbage collector.
pytestmark = [
    pytest.mark.usefixtures("empty_place"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_wordsim_of_the_packaged_set_alone(run: Run, model: str) -> None:
    done = run("wordsim", model, "--json")
    assert (done.code, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert data["schema_version"] == SCHEMA_VERSION
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


def test_wordllama_has_its_published_wordsim(run: Run, shared: Path) -> None:
    need("wordllama")
    done = run("wordsim", "wordllama", "--data", str(shared / "wordsim"), "--json")
    assert round(json.loads(done.stdout)["models"][0]["wordsim"], 2) == 45.16

"""`tokstat data`: list, fetch and verify the word-similarity sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.hub_server import Hub
from tokstat.words.segmentation_store import LICENCE, SOURCES
from tokstat.wordsim.sets import WORDSIM_SETS

# pooch leaves the connection of an answer that it refuses to the garbage collector.
pytestmark = [
    pytest.mark.usefixtures("empty_place"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def columns(outcome: Outcome) -> dict[str, list[object]]:
    assert outcome.code == 0, outcome.stderr
    found: dict[str, list[object]] = json.loads(outcome.stdout)["columns"]
    return found


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


def test_segmentations_are_fetched_and_listed(
    run: Run, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SOURCES["morphynet:deu"]
    folder, _, file = source.path.rpartition("/")
    monkeypatch.setattr(hub, "handle_error", lambda *about: None)
    hub.commit("org/morphynet", {file: b"a\ta|b\n"}, f"main/{folder}")
    monkeypatch.setenv("TOKSTAT_SEGMENTATIONS_URL", f"{hub.url}/org/morphynet/resolve/main")
    done = run("data", "fetch", "morphynet:deu")
    assert (done.code, done.stdout) == (0, f"{source.file}\n")
    assert LICENCE in done.stderr
    found = columns(run("data", "segmentations", "--json"))
    states = dict(zip(found["name"], found["state"], strict=True))
    assert (states["morphynet:deu"], states["morphynet:fra"]) == ("here", "absent")
    assert run("data", "fetch", "morphynet:xxx").code == 2

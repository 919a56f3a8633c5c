"""Fetching the sets from a server on this machine, and finding them again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NOWHERE
from tests.hub_server import Fault, Hub
from tests.wordsim import as_file, source_of
from tokstat.errors import DataError, MissingExtraError
from tokstat.io import limits
from tokstat.io.limits import Limits
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS
from tokstat.wordsim.store import (
    fetch_sets,
    find_file,
    list_sets,
    load_set,
    read_texts,
    sets_folder,
)

Serve = Callable[[dict[str, bytes]], None]

CONTENT = as_file([("one", "two", 1.0), ("three", "four", 2.0)])
SOURCE = source_of(CONTENT)
OTHER_CONTENT = as_file([("five", "six", 3.0)])
OTHER = source_of(OTHER_CONTENT, "other")


# pooch leaves the connection of an answer that it refuses to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collected: None) -> None:
    """An empty cache, no data named, no proxy, and no waiting before another try."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TOKSTAT_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


@pytest.fixture
def serve(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Put files under the address that sets are fetched from."""
    # It would print that a client went away in the middle of an answer.
    monkeypatch.setattr(hub, "handle_error", lambda *about: None)

    def put(files: dict[str, bytes]) -> None:
        hub.commit("org/sets", files)
        monkeypatch.setenv("TOKSTAT_DATA_URL", f"{hub.url}/org/sets/resolve/main")

    put({SOURCE.file: CONTENT, OTHER.file: OTHER_CONTENT})
    return put


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_fetched_set_is_found_and_not_asked_for_again(hub: Hub, serve: Serve) -> None:
    assert load_set(SOURCE) is None
    (path,) = fetch_sets([SOURCE])
    assert path == find_file(SOURCE) == sets_folder() / SOURCE.file
    assert path.read_bytes() == CONTENT
    asked = len(hub.requests)
    assert fetch_sets([SOURCE]) == [path]
    assert len(hub.requests) == asked > 0
    found = load_set(SOURCE)
    assert found is not None
    assert found.words == ["four", "one", "three", "two"]


def test_the_cache_is_in_the_home_folder_unless_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sets_folder() == tmp_path / ".cache" / "tokstat" / "wordsim"


@pytest.mark.parametrize("fault", [Fault.TRUNCATE, Fault.ERROR, Fault.REJECT, Fault.PAGE])
def test_a_failed_download_leaves_nothing(
    fault: Fault, hub: Hub, serve: Serve, tmp_path: Path
) -> None:
    """TRUNCATE announces the whole file and sends half; PAGE answers with something else."""
    hub.faults[SOURCE.file] = fault
    with pytest.raises(DataError) as caught:
        fetch_sets([SOURCE])
    assert SOURCE.name in caught.value.problem
    assert hub.url in caught.value.problem
    assert files_below(tmp_path) == []
    assert load_set(SOURCE) is None


@pytest.mark.parametrize(
    "files", [{}, {SOURCE.file: CONTENT[:-9]}, {SOURCE.file: b""}], ids=["404", "other", "empty"]
)
def test_an_absent_or_a_wrong_file_leaves_nothing(
    files: dict[str, bytes], serve: Serve, tmp_path: Path
) -> None:
    serve(files)
    with pytest.raises(DataError):
        fetch_sets([SOURCE])
    assert files_below(tmp_path) == []


def test_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKSTAT_DATA_URL", NOWHERE)
    with pytest.raises(DataError) as caught:
        fetch_sets([SOURCE])
    assert NOWHERE in caught.value.problem
    assert files_below(tmp_path) == []


def test_a_download_is_tried_again(hub: Hub, serve: Serve) -> None:
    hub.faults[SOURCE.file] = Fault.TRUNCATE_ONCE
    (path,) = fetch_sets([SOURCE])
    assert path.read_bytes() == CONTENT
    assert len(hub.paths(SOURCE.file)) == 2


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.TRICKLE])
def test_a_server_that_stalls(fault: Fault, hub: Hub, serve: Serve, tmp_path: Path) -> None:
    limits.set_limits(Limits(download_seconds=1))
    hub.faults[SOURCE.file] = fault
    hub.pause = 0.2
    try:
        with pytest.raises(DataError, match="download-seconds") as caught:
            fetch_sets([SOURCE])
    finally:
        limits.set_limits(Limits())
    assert SOURCE.name in caught.value.problem
    assert [path for path in files_below(tmp_path) if path.suffix == ".txt"] == []
    assert load_set(SOURCE) is None
    hub.closing.set()


def test_what_came_before_a_failure_is_kept(hub: Hub, serve: Serve, tmp_path: Path) -> None:
    hub.faults[OTHER.file] = Fault.TRUNCATE
    with pytest.raises(DataError):
        fetch_sets([SOURCE, OTHER])
    assert files_below(tmp_path) == [sets_folder() / SOURCE.file]
    assert load_set(SOURCE) is not None


def test_a_cache_that_cannot_be_made(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file, not a folder")
    with pytest.raises(DataError):
        fetch_sets([SOURCE])


def test_a_damaged_file_is_found_and_repaired(serve: Serve) -> None:
    (path,) = fetch_sets([SOURCE])
    path.write_bytes(CONTENT[:20])
    with pytest.raises(DataError) as caught:
        load_set(SOURCE)
    assert str(path) in caught.value.problem
    fetch_sets([SOURCE])
    assert path.read_bytes() == CONTENT
    assert load_set(SOURCE) is not None


def test_fetching_without_pooch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(MissingExtraError, match="pooch"):
        fetch_sets([SOURCE])


def test_packaged_sets_are_not_fetched(hub: Hub, serve: Serve) -> None:
    assert fetch_sets(PACKAGED_SETS) == []
    assert hub.requests == []


def test_a_named_folder_goes_before_the_environment_and_that_before_the_cache(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_sets([SOURCE, OTHER])
    named, from_environment = tmp_path / "named", tmp_path / "environment"
    for folder in (named, from_environment):
        folder.mkdir()
        (folder / SOURCE.file).write_bytes(CONTENT)
    assert find_file(SOURCE) == sets_folder() / SOURCE.file
    monkeypatch.setenv("TOKSTAT_DATA", str(from_environment))
    assert find_file(SOURCE) == from_environment / SOURCE.file
    assert find_file(SOURCE, named) == named / SOURCE.file
    assert find_file(OTHER, named) == sets_folder() / OTHER.file


@pytest.mark.parametrize("variable", [True, False], ids=["TOKSTAT_DATA", "--data"])
def test_a_folder_that_does_not_exist(
    variable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = tmp_path / "absent"
    if variable:
        monkeypatch.setenv("TOKSTAT_DATA", str(absent))
    with pytest.raises(DataError) as caught:
        load_set(SOURCE, None if variable else absent)
    assert str(absent) in caught.value.problem


def test_without_data_only_the_packaged_sets_are_here() -> None:
    assert {each.source.name for each in list_sets() if each.path} == {"wordsim353"}
    assert [each.intact for each in list_sets()] == [False] * 7 + [True]


def test_the_seven_sets_as_they_are(hub: Hub, serve: Serve, shared: Path) -> None:
    folder = shared / "wordsim"
    serve({source.file: (folder / source.file).read_bytes() for source in WORDSIM_SETS})
    paths = fetch_sets(WORDSIM_SETS)
    assert [path.name for path in paths] == [source.file for source in WORDSIM_SETS]
    assert all(each.intact for each in list_sets())
    assert len(hub.requests) == 7


def test_files_of_texts(tmp_path: Path) -> None:
    file, other = tmp_path / "a.tsv", tmp_path / "more" / "a.tsv"
    other.parent.mkdir()
    for each in (file, other):
        each.write_bytes(as_file([("one text", "another_text", 0.5), ("a", "b", 1)]))
    (found,) = read_texts([file])
    assert found.source.name == "a.tsv"
    assert found.source.pairs == len(found.first) == 2
    assert found.second == ["another_text", "b"]
    with pytest.raises(DataError, match=r"a\.tsv"):
        read_texts([file, other])
    with pytest.raises(DataError, match="absent"):
        read_texts([tmp_path / "absent"])

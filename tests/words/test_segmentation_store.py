"""Segmentations fetched from a server on this machine, pinned by what was fetched first."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.hub_server import Hub
from tokstat.errors import DataError
from tokstat.words.segmentation_store import (
    SOURCES,
    fetch_segmentations,
    fetched_file,
    find_source,
    is_intact,
)

# pooch leaves the connection of an answer that it refuses to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

SOURCE = SOURCES["morphynet:deu"]
CONTENT = "teilen\tverteilen\tV\tV\tver\tprefix\nschön\tSchönheit\tJ\tN\theit\tsuffix\n".encode()


def serve(hub: Hub, content: bytes) -> None:
    """Put a file under the address that it is fetched from."""
    folder, _, file = SOURCE.path.rpartition("/")
    hub.commit("org/morphynet", {file: content}, f"main/{folder}")


@pytest.fixture
def server(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collected: None) -> Hub:
    """A server with one file, an empty cache, and no waiting before another try."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(hub, "handle_error", lambda *about: None)
    serve(hub, CONTENT)
    monkeypatch.setenv("TOKSTAT_SEGMENTATIONS_URL", f"{hub.url}/org/morphynet/resolve/main/")
    return hub


def test_every_file_is_pinned_to_a_commit() -> None:
    for name, source in SOURCES.items():
        commit, folder, file = source.path.split("/")
        assert len(commit) == 40
        assert name == f"morphynet:{folder}"
        assert file.startswith(f"{folder}.")


def test_a_fetched_file_is_checked(server: Hub) -> None:
    with pytest.raises(DataError, match="data fetch"):
        fetched_file(SOURCE)
    assert is_intact(SOURCE) is None
    path = fetch_segmentations(SOURCE)
    assert path.read_bytes() == CONTENT
    asked = len(server.requests)
    assert fetch_segmentations(SOURCE) == fetched_file(SOURCE) == path
    assert len(server.requests) == asked
    path.write_bytes(CONTENT + b"x")
    assert is_intact(SOURCE) is False
    with pytest.raises(DataError, match="SHA-256"):
        fetched_file(SOURCE)


def test_another_file_under_the_address_is_refused(server: Hub) -> None:
    path = fetch_segmentations(SOURCE)
    path.unlink()
    serve(server, b"teilen\tTeilung\tV\tN\tung\tsuffix\n")
    with pytest.raises(DataError):
        fetch_segmentations(SOURCE)
    assert not path.exists()


def test_names_that_are_none(server: Hub) -> None:
    with pytest.raises(DataError, match="morphynet:deu"):
        find_source("morphynet:de")
    with pytest.raises(DataError):
        fetch_segmentations(SOURCES["morphynet:fra"])

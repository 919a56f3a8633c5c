"""A download is bounded, stopped in order, and leaves no thread behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tokstat.io import limits
from tokstat.io.downloads import TooSlowError, download
from tokstat.io.limits import Limits


@pytest.fixture(autouse=True)
def one_second() -> Iterator[None]:
    limits.set_limits(Limits(download_seconds=1))
    yield
    limits.set_limits(Limits())


def ends(before: set[threading.Thread]) -> bool:
    """Tell whether all threads but those from before end within a moment."""
    deadline = time.monotonic() + 5
    while {*threading.enumerate()} - before and time.monotonic() < deadline:
        time.sleep(0.01)
    return {*threading.enumerate()} <= before


def test_what_is_in_time_is_as_without() -> None:
    assert download(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        download(lambda: 1 // 0)


def test_what_is_late_is_stopped_and_cleans_up(tmp_path: Path) -> None:
    partial = tmp_path / "partial"
    before = {*threading.enumerate()}

    def trickle() -> None:
        try:
            while True:
                partial.write_bytes(b"x")
                time.sleep(0.01)
        finally:
            partial.unlink()

    start = time.monotonic()
    with pytest.raises(TooSlowError, match=r"1 s.*download-seconds"):
        download(trickle)
    assert 1 <= time.monotonic() - start < 5
    assert not partial.exists()
    assert ends(before)


def test_what_swallows_errors_is_stopped_too() -> None:
    before = {*threading.enumerate()}

    def retry() -> None:
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: PERF203
                continue

    with pytest.raises(TooSlowError):
        download(retry)
    assert ends(before)


def test_what_hears_nothing_is_left_behind_after_a_moment() -> None:
    """It ends where its call does, without a word."""
    done = threading.Event()
    started = time.monotonic()
    with pytest.raises(TooSlowError):
        download(lambda: done.wait(60))
    assert time.monotonic() - started < 20
    done.set()

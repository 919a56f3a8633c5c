"""Progress is for terminals alone, and knows the rate and the time left."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tokstat.cli import progress

Bar = Callable[[int, int], None] | None


def with_stderr(*, terminal: bool) -> SimpleNamespace:
    """Stand in for the module sys, whose stderr is a terminal or none."""
    return SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: terminal))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until a test moves it; stderr is a terminal."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(progress, "sys", with_stderr(terminal=True))
    return now


@pytest.mark.parametrize("bar", [progress.bar, progress.byte_bar])
def test_what_is_no_terminal_sees_nothing(
    bar: Callable[[], Bar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "sys", with_stderr(terminal=False))
    assert bar() is None


def test_texts_are_counted_by_the_second(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress.bar()
    assert show is not None
    clock[0] += 2
    show(1000, 5000)
    shown = capsys.readouterr().err
    assert "1,000 of 5,000" in shown
    assert "500 texts/s" in shown
    assert "8 s left" in shown
    assert not shown.endswith("\n")
    show(5000, 5000)
    assert capsys.readouterr().err.endswith("\n")


def test_a_new_count_has_a_new_start(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress.bar()
    assert show is not None
    clock[0] += 10
    show(1000, 1000)
    show(0, 400)
    clock[0] += 1
    capsys.readouterr()
    show(100, 400)
    assert "100 texts/s, 3 s left" in capsys.readouterr().err


def test_bytes_are_counted_in_megabytes(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    show = progress.byte_bar()
    assert show is not None
    clock[0] += 4
    show(20_000_000, 60_000_000)
    shown = capsys.readouterr().err
    assert "20 of 60 MB" in shown
    assert "5.0 MB/s" in shown
    assert "8 s left" in shown

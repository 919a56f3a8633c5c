"""A function in the background: its value, its error, and how long one waits for it."""

from __future__ import annotations

import importlib
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, get_ident

import pytest

from tests.conftest import load_known
from tokstat.corpus.reading.read_ahead import ReadAhead
from tokstat.io.background import Background, is_anything_running, stop_if_asked
from tokstat.io.threads import ahead_in_threads, in_threads
from tokstat.tokenizer.encoding import encode


def test_the_value_comes_from_another_thread() -> None:
    assert Background(get_ident).result() != get_ident()


def test_what_it_raises_is_raised_again() -> None:
    def fail() -> None:
        raise ValueError("no")

    failing = Background(fail)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            failing.result()


def test_one_waits_no_longer_than_asked() -> None:
    go_on = Event()
    waiting = Background(lambda: go_on.wait(10))
    assert not waiting.wait(0.01)
    assert is_anything_running()
    go_on.set()
    assert waiting.wait(10)
    assert waiting.result() is True


def test_there_is_no_value_where_it_takes_too_long_or_fails() -> None:
    def fail() -> int:
        raise ValueError("no")

    go_on = Event()
    waiting = Background(lambda: go_on.wait(10))
    assert waiting.value_within(0.01) is None
    go_on.set()
    assert waiting.value_within(10) is True
    assert Background(fail).value_within(10) is None


def repeat(function: Callable[[], object]) -> Background[None]:
    """Call a function without end, and do nothing for a moment after each call."""

    def loop() -> None:
        while True:
            function()
            time.sleep(0.001)

    return Background(loop)


def test_it_stops_where_it_asks() -> None:
    endless = repeat(stop_if_asked)
    endless.stop(10)
    assert endless.wait(0)
    with pytest.raises(SystemExit):
        endless.result()
    stop_if_asked()  # nobody has asked this thread


@pytest.mark.parametrize("wait", ["wait", "value_within", "result"])
def test_it_stops_where_it_waits_for_another(wait: str) -> None:
    go_on = Event()
    other = Background(go_on.wait)
    waiting = Background(lambda: getattr(other, wait)(*() if wait == "result" else (60,)))
    waiting.stop(10)
    assert waiting.wait(0)
    assert not other.wait(0)
    go_on.set()
    assert other.result()


@pytest.mark.parametrize(
    "call",
    [
        lambda: Background(int).wait(1),
        lambda: Background(int).result(),
        lambda: encode(load_known("wordpiece").backend, "short"),
        lambda: encode(load_known("wordpiece").backend, "longer " * 10),
    ],
    ids=["wait", "result", "short text", "long text"],
)
def test_it_stops_between_short_calls(call: Callable[[], object]) -> None:
    endless = repeat(call)
    time.sleep(0.01)
    endless.stop(20)
    assert endless.wait(0)


def test_it_is_interrupted_later_if_it_cannot_be_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokstat_test_slow.py").write_text("import time; time.sleep(1)")
    monkeypatch.syspath_prepend(str(tmp_path))
    done = Event()

    def load_and_do() -> None:
        importlib.import_module("tokstat_test_slow")
        time.sleep(0.2)
        done.set()

    loading = Background(load_and_do)
    time.sleep(0.1)
    loading.interrupt(0.05)
    assert not loading.wait(0)
    assert loading.wait(10)
    assert not done.is_set()


def test_it_is_interrupted_when_it_next_runs_python() -> None:
    endless = repeat(lambda: None)
    endless.interrupt(10)
    assert endless.wait(0)
    with pytest.raises(SystemExit):
        endless.result()
    endless.interrupt(10)  # it is over


@pytest.mark.parametrize(
    "start",
    [
        lambda: Background(int).result(),
        lambda: in_threads(int, [1, 2]),
        lambda: list(ahead_in_threads(int, [1, 2])),
        lambda: io.BufferedReader(ReadAhead(io.BytesIO(b"text"))).read(),
    ],
    ids=["Background", "in_threads", "ahead_in_threads", "ReadAhead"],
)
def test_it_is_not_interrupted_while_it_starts_a_thread(start: Callable[[], object]) -> None:
    """Two of three would wait without end for a thread that was interrupted in their place."""
    for _ in range(20):
        endless = repeat(start)
        time.sleep(0.002)
        endless.interrupt(10)
        assert endless.wait(0)


def test_it_is_not_interrupted_while_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other thread could import anything any more."""
    names = [f"tokstat_test_{number}" for number in range(20)]
    for name in names:
        (tmp_path / f"{name}.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))

    def load_all() -> None:
        for name in names:
            sys.modules.pop(name, None)
            importlib.import_module(name)

    for _ in range(50):
        endless = repeat(load_all)
        time.sleep(0.002)
        endless.interrupt(10)
        assert endless.wait(0)
        assert Background(load_all).wait(10)

"""A function in the background: its value, its error, and how long one waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, get_ident

import pytest

from tokstat.io.background import Background, is_anything_running
from tokstat.io.threads import ahead_in_threads, in_threads


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


def test_it_is_stopped_when_it_next_runs_python() -> None:
    def loop() -> None:
        while True:
            time.sleep(0.001)

    endless = Background(loop)
    endless.stop(10)
    with pytest.raises(SystemExit):
        endless.result()


@pytest.mark.parametrize(
    "start",
    [
        lambda: Background(int).result(),
        lambda: in_threads(int, [1, 2]),
        lambda: list(ahead_in_threads(int, [1, 2])),
    ],
    ids=["Background", "in_threads", "ahead_in_threads"],
)
def test_it_is_stopped_also_while_it_starts_threads(start: Callable[[], object]) -> None:
    """Without the lock, two of three wait for ever for a thread that was stopped in their place."""

    def loop() -> None:
        while True:
            start()

    for _ in range(20):
        endless = Background(loop)
        time.sleep(0.002)
        endless.stop(10)
        assert endless.wait(0)

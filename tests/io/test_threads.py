"""Results come in the order of their items, whichever is done first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from tokstat.io.threads import ahead_in_threads, in_threads


def after_a_moment(number: int) -> int:
    """Take longer for the smaller numbers."""
    time.sleep(0.01 / number)
    return number


def test_results_are_in_order() -> None:
    assert in_threads(after_a_moment, [1, 2, 4]) == [1, 2, 4]
    assert list(ahead_in_threads(abs, range(-9, 0))) == list(range(9, 0, -1))


def test_one_item_needs_no_thread() -> None:
    assert in_threads(lambda _: get_ident(), [0]) == [get_ident()]
    assert in_threads(abs, []) == []


def test_errors_are_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda number: 1 // number, [1, 0])
    with pytest.raises(ZeroDivisionError):
        list(ahead_in_threads(lambda number: 1 // number, [1, 0]))


def test_no_more_items_are_taken_than_are_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    found = ahead_in_threads(abs, items(), ahead=3)
    assert next(found) == 0
    assert taken == [0, 1, 2]


def test_one_thread_where_the_library_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    go_on = Event()
    assert in_threads(lambda wait: go_on.wait(0.02) if wait else go_on.set(), [True, False]) == [
        False,
        None,
    ]

"""Messages of one line, reasons of foreign errors, and the nearest names."""

from __future__ import annotations

import errno
import os
import pickle

import pytest

from tokstat import errors
from tokstat.errors import (
    DataError,
    TokstatError,
    did_you_mean,
    is_failure,
    is_panic,
    naming,
    reason_of,
)


def test_a_message_is_one_line_of_problem_and_hint() -> None:
    error = DataError("a\n  b", "c\td")
    assert (error.problem, error.hint, str(error)) == ("a b", "c d", "a b. c d")


def test_a_worker_can_send_it() -> None:
    error = DataError("a", "b")
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), vars(back), str(back)) == (DataError, vars(error), str(error))


def test_a_message_names_its_cause_once() -> None:
    for problem in ("broken", "gpt2 is broken"):
        with pytest.raises(DataError) as caught, naming("gpt2"):
            raise DataError(problem, "Mend it.")
        assert caught.value.problem.count("gpt2") == 1
        assert caught.value.hint == "Mend it."


def test_all_that_users_can_act_on_has_one_base() -> None:
    kinds = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, Exception)
    ]
    others = [each.__name__ for each in kinds if not issubclass(each, TokstatError)]
    assert others == ["ReaderGoneError"]
    assert len(kinds) > 20


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOENT, os.strerror(errno.ENOENT)), os.strerror(errno.ENOENT)),
        (ValueError("first.\nsecond"), "first"),
        (ValueError(""), "ValueError"),
        (OSError("odd"), "odd"),
    ],
)
def test_the_reason_is_one_line(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


@pytest.mark.parametrize(
    ("name", "named"),
    [("TS50", ["TS501", "TS502"]), ("coverag", ["coverage"]), ("ts501", ["TS501"]), ("zzz", [])],
)
def test_the_nearest_names_are_named(name: str, named: list[str]) -> None:
    known = ["TS501", "TS502", "coverage"]
    hint = did_you_mean(name, known)
    assert [each for each in known if each in hint] == named


def test_a_panic_is_known_by_its_name_and_is_a_failure() -> None:
    panic = type("PanicException", (BaseException,), {})()
    assert is_panic(panic)
    assert is_failure(panic)
    assert is_failure(Exception("no"))
    assert not is_panic(ValueError())
    assert not is_failure(KeyboardInterrupt())

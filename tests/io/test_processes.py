"""Functions that run in processes beside this one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tokstat.errors import DataError, ExecutorError
from tokstat.io.limits import limits, set_limits
from tokstat.io.processes import Workers, one_core

Job = Callable[[], object]


def called(job: Job) -> object:
    return job()


def facts() -> tuple[int, int, str | None]:
    return os.getpid(), limits().rows, os.environ.get("TOKENIZERS_PARALLELISM")


def refuse() -> None:
    raise DataError("There is nothing", "Look elsewhere.")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lock() -> object:
    return threading.Lock()  # which no pickle holds


def wait_and_clean_up(begun: Path, ended: Path) -> None:
    try:
        begun.touch()  # the process may be ended from here on
        time.sleep(60)
    finally:
        ended.touch()


@pytest.fixture
def workers() -> Iterator[Workers[Job, object]]:
    with closing(Workers(called, 2)) as made:
        yield made


def test_tasks_run_in_other_processes_with_the_limits_of_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = limits()
    monkeypatch.setattr("tokstat.io.limits._set", [])
    set_limits(type(before)(rows=7))
    with closing(Workers(called, 2)) as workers:
        found = [each.result() for each in [workers.start(facts) for _ in range(5)]]
    assert {each[1:] for each in found} == {(7, "false")}  # type: ignore[index]
    assert os.getpid() not in {each[0] for each in found}  # type: ignore[index]


@pytest.mark.parametrize("before", [None, "true"])
def test_one_core_for_a_while(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "TOKENIZERS_PARALLELISM"
    monkeypatch.delenv(name, raising=False)
    if before is not None:
        monkeypatch.setenv(name, before)
    one, other = one_core(), one_core()
    for action in (one.__enter__, other.__enter__):
        action()
        assert os.environ[name] == "false"
    one.__exit__(None, None, None)
    assert os.environ[name] == "false"
    other.__exit__(None, None, None)
    assert os.environ.get(name) == before


def test_a_task_that_cannot_be_sent_runs_here(workers: Workers[Job, object]) -> None:
    here = os.getpid()
    assert workers.start(lambda: os.getpid()).result() == here
    assert workers.start(os.getpid).result() != here


def test_errors_come_back_as_they_are(workers: Workers[Job, object]) -> None:
    with pytest.raises(DataError, match=r"^There is nothing\. Look elsewhere\.$"):
        workers.start(refuse).result()
    with pytest.raises(ZeroDivisionError):
        workers.start(partial(divmod, 1, 0)).result()
    with pytest.raises(ExecutorError, match=r"TypeError: .*lock.*--workers 1"):
        workers.start(lock).result()
    assert workers.start(os.getpid).result() != os.getpid()  # they go on


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_process_that_dies_is_an_error() -> None:
    with closing(Workers(called, 1)) as workers:
        dying, next_one = workers.start(crash), workers.start(os.getpid)
        for each in (dying, next_one):
            with pytest.raises(ExecutorError, match="A worker process died"):
                each.result()


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a word")
def test_a_task_cleans_up_when_the_processes_end(tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    with closing(Workers(called, 1)) as workers:
        work = workers.start(partial(wait_and_clean_up, begun, ended))
        while not (begun.exists() or work.wait(0)):
            time.sleep(0.01)
        start = time.monotonic()
    assert time.monotonic() - start < 2
    assert ended.exists()
    assert not multiprocessing.active_children()
    with pytest.raises(ExecutorError):
        work.result()

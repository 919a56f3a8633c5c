"""Whoever counts, in whatever parts, the state is the same to the last count."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.conftest import word_level_json, wrap
from tests.corpus.adversarial import TEXTS
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.state import Counts
from tokstat.corpus.engines.engine import EngineDiffersError
from tokstat.corpus.executors import (
    count_here,
    count_in_processes,
    count_on_cluster,
    count_with,
)
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.reading.sources import FilePart, divide
from tokstat.errors import ExecutorError
from tokstat.io.background import Background

REPEATS = 40


@pytest.fixture(scope="module")
def plan(superword: object) -> Plan:
    made = [wrap(SMALL[name](), name) for name in ("byte-level", "wordpiece", "metaspace-prefix")]
    return Plan.of([*made, superword], "unicode", Reading(group="lang"))  # type: ignore[list-item]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "data.jsonl"
    records = (
        json.dumps({"text": text + str(number), "lang": "ab"[number % 2]})
        for number in range(REPEATS)
        for text in TEXTS
    )
    path.write_text("\n".join(records) + "\n{bad\n")
    return path


def divided(data: Path, parts: int) -> list[list[FilePart]]:
    units = divide([str(data)], ["lines"], data.stat().st_size // parts + 1)
    assert len(units) == parts
    return units


@pytest.fixture(scope="module")
def expected(plan: Plan, data: Path) -> Counts:
    return merged(plan, count_here(plan, divided(data, 1)))


def merged(plan: Plan, parts: Iterator[Counts]) -> Counts:
    return sum(parts, Counts(plan.identities, plan.words))


def same(counts: Counts, expected: Counts) -> bool:
    """Whether all but the names of the parts is equal."""
    one, other = counts.to_dict(), expected.to_dict()
    return {**one, "units": 0} == {**other, "units": 0}


@pytest.mark.parametrize("parts", [2, 7])
def test_parts_one_after_the_other(plan: Plan, data: Path, expected: Counts, parts: int) -> None:
    assert same(merged(plan, count_here(plan, divided(data, parts))), expected)


def test_any_executor(plan: Plan, data: Path, expected: Counts) -> None:
    told: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        counts = merged(plan, count_with(pool, plan, divided(data, 4), told.append))
    assert same(counts, expected)
    assert sum(told) == data.stat().st_size


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "parts"), [(2, 2), (2, 5), (3, 3)])
def test_processes(plan: Plan, data: Path, expected: Counts, workers: int, parts: int) -> None:
    told: list[int] = []
    before = dict(os.environ)
    counting = count_in_processes(workers, plan, divided(data, parts), told.append)
    assert same(merged(plan, counting), expected)
    # This process reads the last line of a part to its end.
    assert sum(told) == pytest.approx(data.stat().st_size, rel=0.01)
    assert dict(os.environ) == before


@pytest.mark.slow
def test_processes_end_with_the_count(plan: Plan, data: Path) -> None:
    with closing(cast("Generator[Counts]", count_in_processes(2, plan, divided(data, 5)))) as found:
        next(found)
    assert not multiprocessing.active_children()


def die(_plan: bytes, _parts: object) -> bytes:
    os._exit(1)


def differ(_plan: bytes, _parts: object) -> bytes:
    raise EngineDiffersError("its ids differ", "other 1", "gpt2")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("done", "error"), [(die, ExecutorError), (differ, EngineDiffersError)], ids=["dies", "differs"]
)
def test_an_error_of_another_process_ends_the_count(
    plan: Plan,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    done: Callable[[bytes, object], bytes],
    error: type[Exception],
) -> None:
    monkeypatch.setattr("tokstat.corpus.executors.count_unit", done)
    with pytest.raises(error):
        list(count_in_processes(2, plan, divided(data, 2)))
    assert not multiprocessing.active_children()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["plan.Plan.count_parts", "executors.Workers.start"])
def test_an_error_in_this_process_ends_the_count(
    where: str, plan: Plan, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(f"tokstat.corpus.{where}", fail)
    with pytest.raises(RuntimeError):
        list(count_in_processes(2, plan, divided(data, 3)))
    assert not multiprocessing.active_children()


def test_a_thread_that_cannot_start_ends_the_count(
    plan: Plan, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what was counted before it."""
    begun: list[Background[None]] = []

    def begin(function: Callable[[], None]) -> Background[None]:
        if begun:
            raise RuntimeError("can't start new thread")
        begun.append(Background(function))
        return begun[0]

    monkeypatch.setattr("tokstat.corpus.executors.Background", begin)
    with pytest.raises(RuntimeError):
        list(count_in_processes(2, plan, divided(data, 3)))
    assert begun[0].is_stopped
    assert begun[0].wait(30)


class _Dying(ThreadPoolExecutor):
    """Stand in for a pool whose workers do two tasks, and die at the others when told to."""

    def __init__(self) -> None:
        super().__init__(1)
        self.tasks: list[Future[bytes]] = []

    def submit(self, *arguments, **options):  # type: ignore[no-untyped-def]
        done = len(self.tasks) < 2
        self.tasks.append(super().submit(*arguments, **options) if done else Future())
        return self.tasks[-1]

    def die(self) -> None:
        for task in self.tasks[2:]:
            task.set_exception(BrokenProcessPool("died"))


def test_a_dead_worker_process_is_an_error_and_what_was_done_is_kept(
    plan: Plan, data: Path
) -> None:
    with _Dying() as pool:
        counting = count_with(pool, plan, divided(data, 4))
        done = [next(counting), next(counting)]
        pool.die()
        with pytest.raises(ExecutorError):
            next(counting)
    assert all(counts.units for counts in done)


# A Dask scheduler and workers, as processes of their own on the loopback address.


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = {"DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING": "False"}
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    with started("dask_scheduler", *options) as process:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    yield f"tcp://127.0.0.1:{port}", process
                    return
            time.sleep(0.1)
    pytest.fail("the scheduler did not start")


WORKER = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--no-nanny")


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(plan: Plan, data: Path, expected: Counts) -> None:
    units = divided(data, 12)
    parts = []
    with (
        scheduler() as (address, _),
        started("dask_worker", address, *WORKER) as first,
        started("dask_worker", address, *WORKER),
    ):
        for counts in count_on_cluster(address, plan, units):
            parts.append(counts)
            if len(parts) == 2:
                os.killpg(first.pid, signal.SIGKILL)
        assert first.wait(10) == -signal.SIGKILL
    assert same(merged(plan, iter(parts)), expected)


@pytest.mark.slow
def test_a_scheduler_that_dies_is_an_error(
    plan: Plan, data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One error: Dask's own 36 lines about it are not shown."""
    done = []

    def kill_after_the_first(process: subprocess.Popen[bytes], address: str) -> None:
        for counts in count_on_cluster(address, plan, divided(data, 12)):
            done.append(counts)
            process.kill()

    with (
        scheduler() as (address, process),
        started("dask_worker", address, *WORKER),
        pytest.raises(ExecutorError, match="tcp://"),
    ):
        kill_after_the_first(process, address)
    assert 0 < len(done) < 12
    assert capfd.readouterr().err == ""


IMPATIENT = """
from tokstat.cli.main import main
from tokstat.corpus import executors
executors._CONNECT_SECONDS = 0.5
main()
"""


def test_no_scheduler(data: Path, tmp_path: Path) -> None:
    """As a process of its own: a client that cannot connect leaves a thread behind."""
    (tmp_path / "tokenizer.json").write_bytes(word_level_json("one"))
    command = ["corpus", str(tmp_path), str(data), "--scheduler", f"tcp://127.0.0.1:{free_port()}"]
    done = subprocess.run(
        [sys.executable, "-c", IMPATIENT, *command],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert command[-1] in line

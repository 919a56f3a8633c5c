"""Processes that use one core each: others beside this one, and this one for a while."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from tokstat.errors import ExecutorError, is_failure, reason_of
from tokstat.io.background import Background
from tokstat.io.limits import Limits, limits, set_limits
from tokstat.io.memory import give_memory_back, trim_memory

Task = TypeVar("Task")
Result = TypeVar("Result")

_SECONDS_TO_CLEAN_UP = 2.0

_PARALLELISM = "TOKENIZERS_PARALLELISM"
"""A variable that the tokenizers library reads, and `io.threads` too."""

_before: list[str | None] = []
_LOCK = Lock()


@contextmanager
def one_core() -> Iterator[None]:
    """Limit the libraries of this process to one thread; several threads may ask for that."""
    with _LOCK:
        _before.append(os.environ.get(_PARALLELISM))
        os.environ[_PARALLELISM] = "false"
    try:
        yield
    finally:
        with _LOCK:
            # Whoever ends last finds what there was before the first.
            value = _before.pop()
            os.environ.pop(_PARALLELISM)
            os.environ.update({} if value is None else {_PARALLELISM: value})


class Workers(Generic[Task, Result]):
    """Run a function in a number of processes, which `close` ends.

    `concurrent.futures` does the same, but waits for what is running, also after Ctrl-C.
    """

    def __init__(self, function: Callable[[Task], Result], count: int) -> None:
        self._function = function
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        written, context = ForkingPickler.dumps(function), get_context("spawn")
        self._processes = []
        with _ctrl_c_for_this_process_alone():
            for _ in range(count):
                connection, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs, limits()), daemon=True)
                process.start()
                theirs.close()
                self._processes.append(process)
                Background(partial(self._begin, connection, written))

    def _begin(self, connection: Connection, written: Any) -> None:
        """Send the function, which waits for the process to start."""
        with suppress(OSError):  # the next call reports a process that has died
            connection.send_bytes(written)
        self._idle.put(connection)

    def start(self, task: Task) -> Background[Result]:
        """Run the function on a task in the next process that is idle.

        A task that cannot be sent runs in a thread of this process. `Background.result` raises what
        the function raises, or ExecutorError if the process dies.
        """
        return Background(lambda: self._call(task))

    def _call(self, task: Task) -> Result:
        try:
            written = ForkingPickler.dumps(task)
        except Exception:  # of whatever the task holds
            return self._function(task)
        connection = self._idle.get()
        try:
            connection.send_bytes(written)
            result, error = connection.recv()
        except (EOFError, OSError) as died:
            raise ExecutorError(
                "A worker process died", "Run again with fewer --workers, or with more memory."
            ) from died
        finally:
            self._idle.put(connection)
        if error is not None:
            raise error
        found: Result = result
        return found

    def close(self) -> None:
        """End the processes, which may clean up for two seconds."""
        for process in self._processes:
            process.terminate()
        deadline = monotonic() + _SECONDS_TO_CLEAN_UP
        try:
            for process in self._processes:
                process.join(max(0.0, deadline - monotonic()))
        finally:
            for process in self._processes:
                process.kill()
            for process in self._processes:
                process.join(_SECONDS_TO_CLEAN_UP)


@contextmanager
def _ctrl_c_for_this_process_alone() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started, which would show a traceback each."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # as it takes Ctrl-C again when it has started its process
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, chosen: Limits) -> None:
    """Run the function that comes first on every task that comes after it."""
    signal.signal(signal.SIGTERM, _stop)
    gc.disable()  # what is sent back has no cycles, and collecting takes a tenth of the time
    give_memory_back()
    set_limits(chosen)
    try:
        with one_core():
            function = connection.recv()
            while True:
                answer = _answer(function, connection.recv())
                trim_memory()
                try:
                    connection.send(answer)
                except OSError:
                    raise
                except Exception as error:  # of whatever the answer holds
                    connection.send((None, _failed(error)))
    except (EOFError, OSError, SystemExit):  # the other process has ended, or ends this one
        pass
    finally:  # Python would stop threads within libraries, which some of these do not bear
        os._exit(0)


def _answer(function: Callable[[Any], Any], task: Any) -> tuple[Any, BaseException | None]:
    try:
        return function(task), None
    except BaseException as error:
        if not is_failure(error):
            raise
        return None, error


def _failed(error: BaseException) -> ExecutorError:
    return ExecutorError(
        f'A worker process failed: "{type(error).__name__}: {reason_of(error)}"',
        "Run again with --workers 1.",
    )


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit

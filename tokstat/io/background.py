"""A computation in a thread beside the main one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, RLock, Thread
from threading import enumerate as all_threads
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")

_NAME = "tokstat"
"""The name of every thread that is started here."""

_SLICE = 0.5
"""Seconds of one wait. Ctrl-C does not end a wait that is just beginning, nor any on Windows."""

STARTING = RLock()
"""Held while a thread is started, and while one is stopped.

Before Python 3.12, a new thread goes by the number of the one that starts it until it runs, and
would get the SystemExit that is meant for that one. It would end before it has begun, and be waited
for without end.
"""


def is_anything_running() -> bool:
    """Tell whether a computation goes on, as after Ctrl-C or where it was left behind."""
    return any(thread.name == _NAME for thread in all_threads())


class Background(Generic[Value]):
    """Run a function at once, in a thread of its own.

    `concurrent.futures` does the same, but its import takes longer than most of these functions.
    """

    def __init__(self, function: Callable[[], Value]) -> None:
        self._values: list[Value] = []
        self._errors: list[BaseException] = []
        self._over = Event()  # Thread.join, once interrupted by Ctrl-C, takes a thread for ended
        self._thread = Thread(target=self._run, args=(function,), name=_NAME, daemon=True)
        with STARTING:
            self._thread.start()

    def _run(self, function: Callable[[], Value]) -> None:
        try:
            self._values.append(function())
        except BaseException as error:  # `result` raises it again
            self._errors.append(error)
        finally:
            self._over.set()

    def wait(self, seconds: float) -> bool:
        """Wait at most so many seconds for the function to end; return whether it has."""
        deadline = monotonic() + seconds
        while not self._over.wait(max(0.0, min(_SLICE, deadline - monotonic()))):
            if monotonic() >= deadline:
                return False
        return True

    def value_within(self, seconds: float) -> Value | None:
        """Wait at most so many seconds for the value; return None where there is none."""
        return self._values[0] if self.wait(seconds) and self._values else None

    def stop(self, seconds: float = 3.0) -> None:
        """Raise SystemExit in the function, and wait at most so many seconds for it to end.

        It is raised when the thread next runs Python code: a system or library call returns first.
        A download removes its temporary file within the default.
        """
        import ctypes

        if self._thread.ident is not None and not self._over.is_set():
            with STARTING:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread.ident), ctypes.py_object(SystemExit)
                )
            self._over.wait(seconds)

    def result(self) -> Value:
        """Wait for the function to end; return its value, or raise what it raised."""
        while not self._over.wait(_SLICE):
            pass
        if self._errors:
            raise self._errors[0]
        return self._values[0]

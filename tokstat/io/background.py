"""A computation in a thread beside the main one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from threading import Condition, Event, Thread
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

Value = TypeVar("Value")

_NAME = "tokstat"
"""The name of every thread that is started here."""

_SLICE = 0.5
"""Seconds of one wait. Ctrl-C does not end a wait that is just beginning, nor any on Windows."""

_A_MOMENT = 0.001

_LONGEST_MOMENT = 0.1
"""Seconds between two looks at what a thread does."""

_UNSAFE = (
    "<frozen importlib",
    *(each.__code__.co_filename for each in (Thread.start, WeakKeyDictionary.get, WeakSet.add)),
)
"""Modules that would keep locks that others need if they were interrupted, or go on regardless."""

_WAITS = {Event.wait.__code__, Condition.wait.__code__}
"""Functions of these modules that may be interrupted."""

_here = threading.local()
"""Its `computation` is what this thread runs."""


def is_anything_running() -> bool:
    """Tell whether a computation goes on, as after Ctrl-C or where it was left behind."""
    return any(thread.name == _NAME for thread in threading.enumerate())


def stop_if_asked() -> None:
    """Raise SystemExit if the computation of this thread was asked to stop."""
    computation = getattr(_here, "computation", None)
    if computation is not None and computation.is_stopped:
        raise SystemExit


class Background(Generic[Value]):
    """Run a function at once, in a thread of its own.

    `concurrent.futures` does the same, but its import takes longer than most of these functions.
    """

    def __init__(self, function: Callable[[], Value]) -> None:
        self.is_stopped = False
        self._values: list[Value] = []
        self._errors: list[BaseException] = []
        self._over = Event()  # Thread.join, once interrupted by Ctrl-C, takes a thread for ended
        self._thread = Thread(target=self._run, args=(function,), name=_NAME, daemon=True)
        self._thread.start()

    def _run(self, function: Callable[[], Value]) -> None:
        _here.computation = self
        try:
            self._values.append(function())
        except BaseException as error:  # `result` raises it again
            self._errors.append(error)
        finally:
            self._over.set()

    def wait(self, seconds: float) -> bool:
        """Wait at most so many seconds for the function to end; return whether it has.

        A computation that was asked to stop does so here, where it waits for another.
        """
        stop_if_asked()
        deadline = monotonic() + seconds
        while not self._over.wait(max(0.0, min(_SLICE, deadline - monotonic()))):
            stop_if_asked()
            if monotonic() >= deadline:
                return False
        return True

    def value_within(self, seconds: float) -> Value | None:
        """Wait at most so many seconds for the value; return None where there is none."""
        return self._values[0] if self.wait(seconds) and self._values else None

    def result(self) -> Value:
        """Wait for the function to end; return its value, or raise what it raised."""
        while not self.wait(_SLICE):
            pass
        if self._errors:
            raise self._errors[0]
        return self._values[0]

    def stop(self, seconds: float = 3.0) -> None:
        """Ask the function to stop, and wait at most so many seconds for it to end.

        It ends with SystemExit where it next calls `stop_if_asked`, or waits for another.
        """
        self.is_stopped = True
        self._over.wait(seconds)

    def interrupt(self, seconds: float) -> None:
        """Raise SystemExit in a function that never asks, such as a download of a library.

        It is raised when the thread next runs Python code: a system or library call returns first.
        Wait at most so many seconds for the function to end. If it could not be interrupted by
        then, that is done later.
        """
        self.is_stopped = True
        Thread(target=self._interrupt, daemon=True).start()
        self._over.wait(seconds)

    def _interrupt(self) -> None:
        import ctypes

        number, error = ctypes.c_ulong(self._thread.ident or 0), ctypes.py_object(SystemExit)
        moment = _A_MOMENT
        while not self._over.wait(moment):
            if self._can_be_interrupted():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(number, error)
                return
            moment = min(2 * moment, _LONGEST_MOMENT)

    def _can_be_interrupted(self) -> bool:
        """Whether the function has begun, and does nothing that must come to its end.

        A thread that is interrupted while it imports a module keeps all others from importing. One
        that starts a thread waits for it without end: before Python 3.12, SystemExit is raised in
        the new thread instead, before that has begun.
        """
        frame = sys._current_frames().get(self._thread.ident or 0)
        run = Background._run.__code__
        is_inside = frame is not None and frame.f_code is not run
        while is_inside and frame is not None and frame.f_code is not run:
            code = frame.f_code
            is_inside = code in _WAITS or not code.co_filename.startswith(_UNSAFE)
            frame = frame.f_back
        return is_inside and frame is not None

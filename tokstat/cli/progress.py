"""Progress on stderr, for terminals only."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from tokstat.cli.output import erase_step, show_progress, show_step
from tokstat.text.visible import visible_line

_PATIENCE = 2.0
"""Seconds after which a person wants to know what goes on."""

_INTERVAL = 0.5


@contextmanager
def telling() -> Iterator[Callable[[], None]]:
    """Show on stderr what goes on in the block, once it takes over two seconds.

    The library logs its steps; the line has the last one and the seconds since the start, and is
    erased in the end. A call of what the block is given erases it until the next step, for what
    shows progress of its own. Nothing is shown if stderr is no terminal.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    logger, step, over = logging.getLogger("tokstat"), _Step(), Event()
    level = logger.level
    logger.addHandler(step)
    logger.setLevel(logging.INFO)
    thread = Thread(target=_tell, args=(step, over), name="tokstat-telling", daemon=True)
    thread.start()

    try:
        yield step.hold
    finally:
        over.set()
        thread.join(_PATIENCE)
        step.hold()
        logger.removeHandler(step)
        logger.setLevel(level)


class _Step(logging.Handler):
    """Keep the last message, and show it unless something else has the line."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._shown, self._is_held, self._one_at_a_time = "starting", 0, False, Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, on one line; `shows_itself` marks a step with progress of its own."""
        if shows_itself := getattr(record, "shows_itself", False):
            self.hold()
        with self._one_at_a_time:
            self._text, self._is_held = visible_line(record.getMessage()), shows_itself

    def show(self, seconds: float) -> None:
        """Show the message over the one before."""
        with self._one_at_a_time:
            if not self._is_held:
                end = f" … {seconds:,.0f} s"
                most = max(shutil.get_terminal_size().columns - len(end) - 1, 0)
                line = self._text[:most] + end
                show_step(line.ljust(self._shown))
                self._shown = len(line)

    def hold(self) -> None:
        """Erase what is shown, and show nothing before the next message."""
        with self._one_at_a_time:
            if self._shown:
                erase_step(self._shown)
            self._shown, self._is_held = 0, True


def _tell(step: _Step, over: Event) -> None:
    started, delay = time.monotonic(), _PATIENCE
    while not over.wait(delay):
        delay = _INTERVAL
        step.show(time.monotonic() - started)


def bar(before: Callable[[], None] | None = None) -> Callable[[int, int], None] | None:
    """Return a function that shows the progress of embedding texts; it calls `before` each time.

    None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        return None
    started = [time.monotonic(), 0.0]

    def show(done: int, total: int) -> None:
        if before is not None:
            before()
        if done <= started[1]:
            started[0] = time.monotonic()
        started[1] = done
        rate = done / max(time.monotonic() - started[0], 1e-3)
        left = (total - done) / max(rate, 1e-3)
        show_progress(
            f"{done:,} of {total:,} texts embedded, {rate:,.0f} texts/s, {left:,.0f} s left",
            done=done >= total,
        )

    return show


def byte_bar(before: Callable[[], None] | None = None) -> Callable[[int, int], None] | None:
    """Return a function that shows the progress of reading bytes; it calls `before` each time.

    None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        if before is not None:
            before()
        rate = done / max(time.monotonic() - started, 1e-3)
        left = (total - done) / max(rate, 1.0)
        show_progress(
            f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB counted, {rate / 1e6:,.1f} MB/s, "
            f"{left:,.0f} s left",
            done=done >= total,
        )

    return show

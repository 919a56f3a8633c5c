"""Progress on stderr, for terminals only."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tokstat.cli.output import erase_step, show_progress, show_step
from tokstat.text.visible import visible_line

_PATIENCE = 2.0
"""Seconds after which a person wants to know what goes on."""

_INTERVAL = 0.5


@contextmanager
def telling() -> Iterator[Callable[[], None]]:
    """Show on stderr what goes on in the block, once it takes over two seconds.

    The library logs its steps; the line has the last one and the seconds since the start, and is
    erased in the end, or by a call of what the block is given. Nothing is shown if stderr is no
    terminal.
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

    def end() -> None:
        over.set()
        thread.join(_PATIENCE)

    try:
        yield end
    finally:
        end()
        logger.removeHandler(step)
        logger.setLevel(level)


class _Step(logging.Handler):
    """Keep the last message."""

    text = "starting"

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, on one line."""
        self.text = visible_line(record.getMessage())


def _tell(step: _Step, over: Event) -> None:
    started, shown, delay = time.monotonic(), 0, _PATIENCE
    while not over.wait(delay):
        delay = _INTERVAL
        end = f" … {time.monotonic() - started:,.0f} s"
        line = step.text[: max(shutil.get_terminal_size().columns - len(end) - 1, 0)] + end
        show_step(line.ljust(shown))
        shown = len(line)
    if shown:
        erase_step(shown)


def bar() -> Callable[[int, int], None] | None:
    """Return a function that shows the progress of embedding texts.

    None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        return None
    started = [time.monotonic(), 0.0]

    def show(done: int, total: int) -> None:
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

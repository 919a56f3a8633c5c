"""Progress on stderr, for terminals only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tokstat.cli.output import show_progress


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


def byte_bar() -> Callable[[int, int], None] | None:
    """Return a function that shows the progress of reading bytes.

    None if stderr is no terminal.
    """
    if not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        rate = done / max(time.monotonic() - started, 1e-3)
        left = (total - done) / max(rate, 1.0)
        show_progress(
            f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB counted, {rate / 1e6:,.1f} MB/s, "
            f"{left:,.0f} s left",
            done=done >= total,
        )

    return show

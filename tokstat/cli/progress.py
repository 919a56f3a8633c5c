"""A progress bar on stderr, for terminals only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tokstat.cli.output import show_progress


def bar() -> Callable[[int, int], None] | None:
    """Return a function that shows how many texts are embedded, how fast, and how long to go.

    None where stderr is no terminal.
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
            f"{done:,} of {total:,} texts, {rate:,.0f} a second, {left:,.0f} s left",
            done=done >= total,
        )

    return show


def byte_bar() -> Callable[[int, int], None] | None:
    """Return a function that shows how many bytes are read, how fast, and how long to go.

    None where stderr is no terminal.
    """
    if not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        rate = done / max(time.monotonic() - started, 1e-3)
        left = (total - done) / max(rate, 1.0)
        show_progress(
            f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB, {rate / 1e6:,.1f} MB a second, "
            f"{left:,.0f} s left",
            done=done >= total,
        )

    return show

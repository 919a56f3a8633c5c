"""Make a process return unused memory to the system."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of glibc's mallopt(3)."""

_MOST_HEAPS = 4
"""Each keeps memory. With two, threads of the tokenizers library share one at times, and take twice
as long."""


def give_memory_back() -> None:
    """Return freed arrays to the system at once, in a process that only counts text.

    By default pyarrow and glibc keep freed memory for each thread, which raises the peak by half.
    Counting is as fast without that. Without glibc, only pyarrow changes.
    """
    # pyarrow reads this variable on import.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, 4_000_000)
        mallopt(_TRIM_THRESHOLD, 64_000_000)
        mallopt(_ARENA_MAX, _MOST_HEAPS)


def trim_memory() -> None:
    """Return to the system what glibc keeps of memory that was freed; other libraries keep less."""
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


@cache
def _of_glibc(function: str) -> Any:
    """Return a function of the C library, None where it has no such function."""
    return getattr(ctypes.CDLL(None), function, None) if os.name == "posix" else None

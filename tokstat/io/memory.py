"""Have a process give memory back that it no longer needs."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Names of glibc's mallopt(3)."""


def give_memory_back() -> None:
    """Let freed arrays go to the system at once, for a process that counts text and then ends.

    By default pyarrow and glibc keep them for later, for each thread apart: half as much again
    at the peak. Counting is no slower without. (Fewer arenas would save a little more, and have
    threads wait for each other.) Where there is no glibc, nothing is changed.
    """
    # pyarrow reads it when it is imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt: Any = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, 4_000_000)
        mallopt(_TRIM_THRESHOLD, 64_000_000)

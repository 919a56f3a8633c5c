"""Make a process return unused memory to the system."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt(3)."""


def give_memory_back() -> None:
    """Return freed arrays to the system at once, in a process that only counts text.

    By default pyarrow and glibc keep freed memory for each thread, which raises the peak by half.
    Counting is as fast without that. Fewer glibc arenas would save a little more memory, but
    threads would wait for each other. Without glibc, only pyarrow changes.
    """
    # pyarrow reads this variable on import.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt: Any = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, 4_000_000)
        mallopt(_TRIM_THRESHOLD, 64_000_000)

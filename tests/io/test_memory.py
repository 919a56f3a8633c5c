"""Memory goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

FREED = """
import sys
from tokstat.io.memory import give_memory_back
give_memory_back()
import os
import numpy, pyarrow
def held():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = held()
arrays = [numpy.ones(1_000_000) for _ in range(40)]
most = held()
del arrays[1::2], arrays[:]
print(pyarrow.default_memory_pool().backend_name, most - before, held() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="how much memory is held is read from /proc")
def test_freed_arrays_are_given_back() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", FREED], capture_output=True, text=True, check=True
    ).stdout
    pool, most, left = printed.split()
    assert pool == "system"
    assert int(most) > 300_000_000
    assert int(left) < 30_000_000

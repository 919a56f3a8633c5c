"""Whatever a tokenizer's structure, what works on it ends within the limits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.walks import NAMES
from tests.needs import ROOT


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it limits the addresses of a process")
@pytest.mark.parametrize("name", NAMES)
def test_every_walk_under_a_cap_of_time(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.walks", name, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-1000:]
    came, size, seconds = json.loads(done.stdout)
    assert came.startswith(("read", "refused"))
    assert size < 3_000_000
    assert seconds < 20

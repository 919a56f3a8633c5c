"""Disks that are full, readers that leave, kills and races: the real thing, as a process.

A file appears whole or not at all, whatever stops the command, and what was there before stays.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import word_level_json

hears_sigint = pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) == signal.SIG_IGN, reason="run where SIGINT is ignored"
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are POSIX's")

GOOD = word_level_json("one", "two", "three")
INSPECT = ("inspect", "tokenizer.json", "--json", "--analyzer", "composition")


def command(*arguments: str, prelude: str = "") -> list[str]:
    program = f"{prelude}\nfrom tokstat.cli.main import main\nmain()"
    return [sys.executable, "-c", program, *arguments]


def run(
    folder: Path, *arguments: str, prelude: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments, prelude=prelude),
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tokenizer.json").write_bytes(GOOD)
    return tmp_path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB, where this may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError as error:
        pytest.skip(f"no disk can be mounted: {error}")
    if done.returncode:
        pytest.skip("no disk can be mounted: not allowed")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("before", [None, b"of last time"])
def test_a_full_disk(before: bytes | None, small_disk: Path, folder: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(56 << 10))
    out = small_disk / "report.html"
    if before is not None:
        out.write_bytes(before)
    there = sorted(small_disk.iterdir())
    assert "report.html" in refusal(run(folder, "inspect", "tokenizer.json", "-o", str(out)))
    assert sorted(small_disk.iterdir()) == there
    assert before is None or out.read_bytes() == before


LIMITED = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
"""


def test_a_file_that_may_not_grow(folder: Path) -> None:
    line = refusal(run(folder, "inspect", "tokenizer.json", "-o", "out.html", prelude=LIMITED))
    assert "out.html" in line
    assert [path.name for path in folder.iterdir()] == ["tokenizer.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_stdout(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(*INSPECT), cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert "stdout" in line


def test_a_place_that_may_only_be_read(small_disk: Path, folder: Path) -> None:
    """Mounted so, as nothing else keeps root from writing."""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert "out.json" in refusal(run(folder, *INSPECT, "-o", str(small_disk / "out.json")))
    assert [*small_disk.iterdir()] == []


SLOW_WRITE = """
import os, time, tokstat.files
real = os.fdopen
class Slow:
    def __init__(self, file): self.file = file
    def __enter__(self): return self
    def __exit__(self, *_): self.file.close()
    def write(self, data):
        self.file.write(data[: len(data) // 2]); self.file.flush()
        print("half", flush=True)
        time.sleep(60)
os.fdopen = lambda handle, mode="r", *a, **k: Slow(real(handle, mode, *a, **k))
"""
"""Stops after half of the data, so that a signal meets it there."""


@pytest.mark.parametrize("before", [None, b"of last time"])
@hears_sigint
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "SIGINT"])
def test_killed_in_the_middle_of_writing(
    sent: signal.Signals, before: bytes | None, folder: Path
) -> None:
    out = folder / "out.json"
    if before is not None:
        out.write_bytes(before)
    with subprocess.Popen(
        command(*INSPECT, "-o", "out.json", prelude=SLOW_WRITE),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(sent)
        _, stderr = process.communicate(timeout=30)
    assert (out.read_bytes() if out.exists() else None) == before
    if sent == signal.SIGINT:
        assert (process.returncode, stderr.strip()) == (130, "tokstat: stopped")
        assert not [*folder.glob(".out.json*")]
    # What kill -9 leaves is hidden, and in nobody's way.
    assert run(folder, *INSPECT, "-o", "out.json").returncode == 0
    assert json.loads(out.read_bytes())["schema_version"]


@hears_sigint
def test_sigint_while_a_tokenizer_encodes(folder: Path) -> None:
    """The library heeds no signal; the command does."""
    from tests.test_limits import SLOW, cut_by

    (folder / "slow.json").write_text(cut_by(SLOW).to_str(), "utf-8")
    prelude = (
        "import tokenizers, tokstat.encoding as encoding\n"
        "real = encoding._timed\n"
        "def timed(function):\n    print('begun', flush=True)\n    return real(function)\n"
        "encoding._timed = timed"
    )
    with subprocess.Popen(
        command("inspect", "slow.json", "-o", "out.json", prelude=prelude),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr.strip()) == (130, "tokstat: stopped")
    assert sorted(path.name for path in folder.iterdir()) == ["slow.json", "tokenizer.json"]


def test_a_reader_that_leaves(folder: Path) -> None:
    with subprocess.Popen(
        command("tokens", "tokenizer.json", "--json"),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
    assert (process.returncode, stderr) == (141, b"")


def test_many_processes_write_one_file(folder: Path) -> None:
    """Each time it is read it is one of theirs, whole."""
    out = folder / "out.json"
    processes = [
        subprocess.Popen(command(*INSPECT, "-o", "out.json"), cwd=folder) for _ in range(4)
    ]
    while any(process.poll() is None for process in processes):
        if out.exists():
            assert json.loads(out.read_bytes())["schema_version"] == 1
        time.sleep(0.005)
    assert [process.returncode for process in processes] == [0] * 4
    assert sorted(path.name for path in folder.iterdir()) == ["out.json", "tokenizer.json"]


VECTORS = """
import sys
import numpy as np
from tokstat.experiments.teacher import EmbeddingCache
from contextlib import closing
texts = [f"word {number}" for number in range(500)]
for start in range(0, 500, 20):
    with closing(EmbeddingCache("sha", "recipe", 4)) as cache:
        part = texts[start : start + 20]
        cache.write(part, np.full((20, 4), len(part), np.float16))
with closing(EmbeddingCache("sha", "recipe", 4)) as cache:
    found = cache.read(texts)
assert len(found) == 500, len(found)
assert all((vector == 20).all() for vector in found.values())
"""


def test_two_processes_use_one_cache_of_vectors(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", VECTORS], env=environment, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in processes:
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr.decode()


def test_a_clock_that_jumps_back(folder: Path) -> None:
    """Nothing is dated by it, and no time limit is measured by it."""
    jump = "import time, itertools\nclock = itertools.count(2_000_000_000, -86_400)\n"
    prelude = jump + "time.time = lambda: float(next(clock))"
    first = run(folder, *INSPECT)
    assert run(folder, *INSPECT, prelude=prelude).stdout == first.stdout
    assert first.returncode == 0

"""kill -9 and SIGINT in the middle of writing, for every command that writes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults import writers
from tests.faults.writers import WITH_SETS, Writer, command, hears_sigint

SLOW_WRITE = """
import os, pathlib, time, tokstat.io.files

def stop():
    print("half", flush=True)
    for _ in range(600):  # a signal that comes just before a sleep does not end it
        time.sleep(0.1)

class Slow:
    def __init__(self, file): self.file = file
    def __enter__(self): return self
    def __exit__(self, *_): self.file.close()
    def write(self, data):
        self.file.write(data[: len(data) // 2]); self.file.flush()
        stop()

def slow_rename(self, target):
    stop()
    os.rename(self, target)

def slow_text(self, text, *options):
    with self.open("w", encoding="utf-8") as file:
        file.write(text[: len(text) // 2]); file.flush()
        stop()

real = os.fdopen

def slow_file(handle, mode="r", *options, **named):
    file = real(handle, mode, *options, **named)
    return Slow(file) if mode == "wb" else file  # the command opens its own streams, too

tokstat.io.files.os.fdopen = slow_file
if FOLDERS == "rename":
    pathlib.Path.rename = slow_rename
if FOLDERS == "write":
    pathlib.Path.write_text = slow_text
"""
"""Stops after half of a file, or (a folder) before it gets its name."""

KILLS = pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "SIGINT"])


def stopped(
    writer: Writer, folder: Path, out: Path, sent: signal.Signals, where: str = "rename"
) -> tuple[int, str]:
    """Run a command until half of its output is written, and stop it there."""
    sets = WITH_SETS if writer.needs_sets else ""
    return stopped_at_half(writer.to(out), f"{sets}FOLDERS = {where!r}\n{SLOW_WRITE}", folder, sent)


def stopped_at_half(
    arguments: tuple[str, ...], prelude: str, folder: Path, sent: signal.Signals
) -> tuple[int, str]:
    """Run a command until it says that it is half-way, and stop it; return status and stderr."""
    with subprocess.Popen(
        command(*arguments, prelude=prelude),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(sent)
        _, stderr = process.communicate(timeout=30)
    return process.returncode, stderr.strip()


def visible(out: Path) -> list[str]:
    """Return the names of files below a folder that are not hidden, nor below a hidden one."""
    return sorted(
        str(path.relative_to(out))
        for path in out.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(out).parts)
    )


@hears_sigint
@KILLS
@pytest.mark.parametrize("writer", writers.EACH)
def test_in_the_middle_of_writing(
    writer: Writer, sent: signal.Signals, folder: Path, tmp_path: Path
) -> None:
    """Nothing has the output's name, or what was there has it still; the next run writes it."""
    out = tmp_path / "out"
    out.mkdir()
    if not writer.is_folder:
        (out / writer.name).write_bytes(b"of last time")
    if writer.arguments[0] == "study" and not writer.name.endswith(".csv"):
        (out / writer.name).unlink()  # a study goes on with what is there
    before = visible(out)
    code, stderr = stopped(writer, folder, out, sent)
    assert visible(out) == before
    assert not before or (out / writer.name).read_bytes() == b"of last time"
    if sent == signal.SIGINT:
        assert (code, stderr) == (130, "tokstat: stopped")
        assert not list(out.rglob(".*"))
    else:
        assert code == -signal.SIGKILL
    # What kill -9 leaves is hidden, and in nobody's way.
    prelude = WITH_SETS if writer.needs_sets else ""
    done = writers.run(folder, *writer.to(out), prelude=prelude)
    assert done.returncode == writer.status, done.stderr
    written = [out / name for name in visible(out)]
    assert written
    assert all(len(path.read_bytes()) > len(b"of last time") for path in written)
    if writer.name.endswith(".json"):
        assert json.loads((out / writer.name).read_bytes())


@pytest.mark.slow
@hears_sigint
@KILLS
def test_in_the_middle_of_a_file_of_a_folder(
    sent: signal.Signals, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    stopped(writers.WRITERS["repair"], folder, out, sent, "write")
    assert visible(out) == []
    assert bool([*out.iterdir()]) == (sent == signal.SIGKILL)


@hears_sigint
@pytest.mark.slow
@KILLS
def test_a_study_keeps_the_rows_that_it_has(
    sent: signal.Signals, folder: Path, tmp_path: Path
) -> None:
    """Stopped while the second tokenizer's rows are written, the file has the first one's."""
    study = ("study", "tokenizer.json", "other.json", "--data", "sets", "-o", "rows.json")
    prelude = (
        f"{WITH_SETS}FOLDERS = ''\n{SLOW_WRITE}"
        + "count = []\ndef stop():\n    count.append(1)\n    if len(count) == 2:\n"
        "        print('half', flush=True)\n        for _ in range(600): time.sleep(0.1)\n"
        "Slow.write = lambda self, data: (self.file.write(data[:9]), stop(),"
        " self.file.write(data[9:]))\n"
    )
    stopped_at_half(study, prelude, folder, sent)
    rows = json.loads((folder / "rows.json").read_bytes())["rows"]
    assert {row["tokenizer"] for row in rows} == {"tokenizer.json"}
    assert writers.run(folder, *study, prelude=WITH_SETS).returncode == 0
    finished = json.loads((folder / "rows.json").read_bytes())["rows"]
    assert finished[: len(rows)] == rows
    assert {row["tokenizer"] for row in finished} == {"tokenizer.json", "other.json"}


@hears_sigint
def test_sigint_while_a_tokenizer_encodes(folder: Path, tmp_path: Path) -> None:
    """The library heeds no signal; the command does."""
    from tests.tokenizer.test_encoding import SLOW, cut_by

    out = tmp_path / "out.json"
    (folder / "slow.json").write_text(cut_by(SLOW).to_str(), "utf-8")
    prelude = (
        "import tokenizers, tokstat.tokenizer.encoding as encoding\n"
        "real = encoding._timed\n"
        "def timed(*given):\n    print('begun', flush=True)\n    return real(*given)\n"
        "encoding._timed = timed"
    )
    with subprocess.Popen(
        command("inspect", "slow.json", "-o", str(out), prelude=prelude),
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
    assert not [*tmp_path.glob("*out.json*")]


CACHE = """
import sys, time
import numpy as np
from contextlib import closing
from tokstat.distillation.embedding_cache import EmbeddingCache
number = 0
while True:
    with closing(EmbeddingCache("sha", "recipe", 64)) as cache:
        texts = [f"{number} {each}" for each in range(200)]
        cache.write(texts, np.full((200, 64), number % 1000, np.float16))
    number += 1
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    "pause", [0.003, *(pytest.param(each, marks=pytest.mark.slow) for each in (0.0, 0.011, 0.02))]
)
def test_kill_9_leaves_a_cache_of_vectors_whole(
    pause: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it comes: of what was written in one go all is there, or nothing."""
    from contextlib import closing

    from tokstat.distillation.embedding_cache import EmbeddingCache

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", CACHE], env=dict(os.environ), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        time.sleep(pause)
        process.kill()
        written = 3 + len(process.stdout.read().splitlines())
    with closing(EmbeddingCache("sha", "recipe", 64)) as cache:
        for number in range(written + 3):
            found = cache.read([f"{number} {each}" for each in range(200)])
            assert len(found) == 200 or (number >= written and not found)
            assert all((vector == number % 1000).all() for vector in found.values())

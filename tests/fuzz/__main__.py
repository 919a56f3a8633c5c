"""Feed mutated inputs to every parser, and count what is neither read nor refused in order.

    nice -n 19 python -m tests.fuzz --minutes 90 --workers 2 --seed 1 -o results.json

Every parser gets as much time as every other, in turns, each a process of its own. Kept in the
folder `--crashers` are inputs that end it, that raise an error which is no TokstatError, that take
more than 20 s of the processor's time (or a minute without an end), or that take 1 GiB of memory.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from tests.fuzz.mutations import Seeds
from tests.fuzz.parsers import PARSERS
from tests.fuzz.seeds import seeds
from tests.fuzz.worker import Counts, work

_LIBRARIES = ("tokenizers", "numpy", "pyarrow", "zstandard", "model2vec")
"""Libraries that read a part of what is mutated."""

_HANG = 60.0
"""Seconds that one input may take."""

_START = 120.0
"""Seconds that a process may take for its imports."""


@dataclass
class Campaign:
    """Hold what came of all turns; several threads add to it, each watching a process."""

    names: list[str]
    crashers: Path
    counts: dict[str, Counts] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    lock: Lock = field(default_factory=Lock)

    def next_turn(self) -> tuple[str, int]:
        """Return the parser that had the least time so far, with the number of its turn."""
        with self.lock:
            self.turns += 1
            name = min(self.names, key=lambda each: self.seconds.get(each, 0.0))
            self.seconds[name] = self.seconds.get(name, 0.0) + 1e-3  # not for two at a time
            return name, self.turns

    def add(self, name: str, new: Counts) -> None:
        """Add what a process counted since it last told."""
        with self.lock:
            sums = self.counts.setdefault(name, Counts())
            sums.read += new.read
            sums.refused += new.refused
            sums.crashed += new.crashed
            sums.peak_mib = max(sums.peak_mib, new.peak_mib)
            if new.slowest > sums.slowest:
                sums.slowest, sums.slowest_input = new.slowest, new.slowest_input

    def keep(self, kind: str, where: str, message: str, data: bytes) -> None:
        """Keep an input that failed, the first for each place."""
        with self.lock:
            if where in self.failures:
                return
            self.failures[where] = f"{kind}: {message}"
            self._write(where, data)
            print(kind, where, message, file=sys.stderr, flush=True)

    def _write(self, where: str, data: bytes) -> None:
        self.crashers.mkdir(parents=True, exist_ok=True)
        name = "".join(letter if letter.isalnum() else "-" for letter in where)
        (self.crashers / name).write_bytes(data)

    @property
    def inputs(self) -> int:
        """How many inputs were tried."""
        return sum(each.read + each.refused + each.crashed for each in self.counts.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, as data for JSON."""
        return {
            "inputs": self.inputs,
            "parsers": {
                name: {
                    "inputs": each.read + each.refused + each.crashed,
                    "read": each.read,
                    "refused": each.refused,
                    "crashed": each.crashed,
                    "seconds": round(self.seconds[name]),
                    "slowest_ms": round(1000 * each.slowest),
                    "peak_mib": each.peak_mib,
                }
                for name, each in sorted(self.counts.items())
            },
            "failures": self.failures,
        }

    def keep_slowest(self) -> None:
        """Write the slowest input of each parser, to be looked at."""
        for name, each in self.counts.items():
            self._write(f"slowest {name}", each.slowest_input)


def main() -> None:
    """Run for so long or for so many inputs, then write the figures, and the failures."""
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--inputs", type=int, default=sys.maxsize, help="stop at so many")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--turn", type=float, default=30, help="seconds of a turn")
    options.add_argument("--seed", default="0")
    options.add_argument("--parser", action="append", choices=sorted(PARSERS))
    options.add_argument("--crashers", type=Path, default=Path("crashers"))
    options.add_argument("-o", "--output", type=Path)
    given = options.parse_args()
    os.environ.update(
        RUST_BACKTRACE="0",
        RAYON_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        ARROW_NUM_THREADS="1",
        HF_HUB_OFFLINE="1",
    )
    campaign = Campaign(given.parser or sorted(PARSERS), given.crashers)
    started = time.monotonic()
    end = started + 60 * given.minutes
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as trainer:
        known = trainer.submit(seeds).result()  # a large parent would count as theirs

    def result() -> str:
        about = {
            "command": " ".join(["python -m tests.fuzz", *sys.argv[1:]]),
            "versions": {
                "python": python_version(),
                **{each: version(each) for each in _LIBRARIES},
            },
            "minutes": round((time.monotonic() - started) / 60, 1),
        }
        return json.dumps({**about, **campaign.to_dict()}, indent=1) + "\n"

    def take_turns(folder: Path) -> None:
        while time.monotonic() < end and campaign.inputs < given.inputs:
            name, number = campaign.next_turn()
            place = folder / str(number)
            place.mkdir()
            seed = f"{given.seed}.{name}.{number}"
            _take_turn(
                campaign, name, seed, known[name], min(given.turn, end - time.monotonic()), place
            )
            if given.output:
                given.output.write_text(result(), "utf-8")

    memory = Path("/dev/shm")
    with (
        TemporaryDirectory(dir=memory if memory.is_dir() else None) as name,
        ThreadPoolExecutor(given.workers) as pool,
    ):
        for future in [pool.submit(take_turns, Path(name)) for _ in range(given.workers)]:
            future.result()
    campaign.keep_slowest()
    print(result())


def _take_turn(
    campaign: Campaign, name: str, seed: str, known: Seeds, seconds: float, folder: Path
) -> None:
    """Start a process for one parser, and watch it until it ends, hangs or dies."""
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    since = context.Value("d", 0.0, lock=False)
    started = time.monotonic()
    worker = context.Process(
        target=work, args=(name, seed, known, seconds, folder, send, since), daemon=True
    )
    worker.start()
    send.close()
    keep = campaign.keep
    data = folder / PARSERS[name].file
    try:
        while True:
            if receive.poll(1.0):
                told = receive.recv()
                if told is None:
                    break
                if isinstance(told, Counts):
                    campaign.add(name, told)
                else:
                    keep(*told)
                continue
            now = time.monotonic()
            if since.value and now - since.value > _HANG:
                keep("hang", f"{name}: hang {seed}", f"more than {_HANG} s", _read(data))
                break
            if not since.value and now - started > _START + seconds:
                keep("hang", f"{name}: no start {seed}", "", b"")
                break
    except EOFError:
        worker.join()
        keep("died", f"{name}: died {worker.exitcode} {seed}", "", _read(data))
    worker.kill()
    worker.join()
    with campaign.lock:
        campaign.seconds[name] += time.monotonic() - started


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


if __name__ == "__main__":
    main()

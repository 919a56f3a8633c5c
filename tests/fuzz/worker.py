"""Try mutated inputs on one parser for some seconds, in a process that may die of them."""

from __future__ import annotations

import os
import random
import resource
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.fuzz.mutations import Seeds, mutated
from tests.fuzz.parsers import PARSERS, attempt

MEMORY = 3 << 30
"""Bytes that a process may map: what takes more ends with a MemoryError, or at once."""

MOST_GROWTH_MIB = 1 << 10
"""An input that adds more to the resident memory is kept as a failure."""

MOST_SECONDS = 20.0
"""An input that takes more of the processor's time is kept as a failure."""

_TOLD_EACH = 1.0
_LEFT_BEHIND = 5.0
"""Seconds after which a parser may have left a thread behind: the process ends then."""

Kind = Literal["crash", "slow", "memory"]


@dataclass
class Counts:
    """Hold what came of inputs; `slowest` in seconds of processor time."""

    read: int = 0
    refused: int = 0
    crashed: int = 0
    slowest: float = 0.0
    slowest_input: bytes = field(default=b"", repr=False)
    peak_mib: int = 0


def work(
    name: str, seed: str, seeds: Seeds, seconds: float, folder: Path, channel: Any, since: Any
) -> None:
    """Work for so long; send counts and failures, and None at the end; `since` has the last start.

    What ends it before is reported like a crash of the parser.
    """
    try:
        _work(name, seed, seeds, seconds, folder, channel, since)
    except Exception as error:
        told = " ".join(traceback.format_exception(error)[-3:])
        channel.send(("crash", f"{name}: worker: {type(error).__name__}", told[-600:], b""))
    channel.send(None)


def _work(
    name: str, seed: str, seeds: Seeds, seconds: float, folder: Path, channel: Any, since: Any
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # panics write there
    draw = random.Random(seed)
    parser = PARSERS[name]
    path = folder / parser.file
    path.parent.mkdir(parents=True, exist_ok=True)
    attempt(parser, path, seeds.small[0])  # imports what it needs
    counts = Counts()
    started = told = time.monotonic()
    peak = _peak_mib()
    while time.monotonic() < started + seconds:
        data = mutated(seeds, draw, parser.pack)
        before = time.process_time()
        since.value = time.monotonic()
        try:
            refused = attempt(parser, path, data)
            counts.refused += refused is not None
            counts.read += refused is None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            counts.crashed += 1
            channel.send(("crash", *described(name, error), data))
        since.value = 0.0
        took, now = time.process_time() - before, _peak_mib()
        if took > counts.slowest:
            counts.slowest, counts.slowest_input = took, data
        if took > MOST_SECONDS:
            channel.send(("slow", f"{name}: slow", f"{took:.1f} s", data))
        if now - peak > MOST_GROWTH_MIB:
            channel.send(("memory", f"{name}: memory", f"{now - peak} MiB more", data))
        peak = max(peak, now)
        if time.monotonic() > told + _TOLD_EACH or took > _LEFT_BEHIND:
            counts.peak_mib = peak
            channel.send(counts)
            counts, told = Counts(), time.monotonic()
        if took > _LEFT_BEHIND:
            return
    counts.peak_mib = peak
    channel.send(counts)


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def described(name: str, error: BaseException) -> tuple[str, str]:
    """Name the place of a crash, and say what was raised there."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"{name}: {type(error).__name__} {Path(last.filename).name}:{last.lineno}",
        str(error)[:300],
    )

"""Try mutated inputs on parsers, for ever, and report to the process above."""

from __future__ import annotations

import os
import random
import resource
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fuzz.mutations import mutated
from tests.fuzz.parsers import parsers
from tokstat.errors import TokstatError

_MEMORY = 3 << 30
_REPORTED_EACH = 200


def work(seed: str, names: list[str], folder: Path, channel: Any) -> None:
    """Work until it is killed; what ends it before is reported like a crash of a parser."""
    try:
        _work(seed, names, folder, channel)
    except Exception as error:
        told = " ".join(traceback.format_exception(error)[-3:])
        channel.send(("crash", f"worker: {type(error).__name__}", told[-600:], b""))


def _work(seed: str, names: list[str], folder: Path, channel: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # panics write there
    draw = random.Random(seed)
    known = parsers()
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    number = 0
    while True:
        for name in names:
            parser = known[name]
            path = folder / parser.file
            for _ in range(20):
                data = mutated(parser.seeds, draw)
                path.write_bytes(data)
                number += 1
                try:
                    parser.read(path)
                    counts[f"{name}: read"] += 1
                except TokstatError:
                    counts[f"{name}: refused"] += 1
                except (KeyboardInterrupt, SystemExit):
                    raise
                except BaseException as error:
                    counts[f"{name}: crashed"] += 1
                    last = traceback.extract_tb(error.__traceback__)[-1]
                    where = (
                        f"{name}: {type(error).__name__} {Path(last.filename).name}:{last.lineno}"
                    )
                    if where not in seen:
                        seen.add(where)
                        channel.send(("crash", where, str(error)[:300], data))
                if number % _REPORTED_EACH == 0:
                    channel.send(("counts", dict(counts)))
                    counts.clear()

"""Feed mutated inputs to every parser, and count what is neither read nor refused in order.

    nice -n 19 python -m tests.fuzz --minutes 10 --seed 1 -o results.json

Each worker is a process of its own with 3 GiB of memory; a crash of it, an error that is no
TokstatError, or an input that takes longer than 90 s is kept in the folder `--crashers`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.parsers import parsers
from tests.fuzz.worker import work

_HANG = 90.0
"""Seconds without a word, for 200 inputs; one call of a tokenizer may take 60."""


def main() -> None:
    """Run for so long, then write how many inputs there were, and what came of them."""
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--seed", default="0")
    options.add_argument("--parser", action="append")
    options.add_argument("--crashers", type=Path, default=Path("crashers"))
    options.add_argument("-o", "--output", type=Path)
    given = options.parse_args()
    os.environ.update(RUST_BACKTRACE="0", RAYON_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    names = given.parser or sorted(parsers())
    totals: Counter[str] = Counter()
    failures: dict[str, str] = {}
    end = time.monotonic() + 60 * given.minutes

    def keep(where: str, message: str, data: bytes) -> None:
        if where not in failures:
            failures[where] = message
            given.crashers.mkdir(parents=True, exist_ok=True)
            name = "".join(c if c.isalnum() else "-" for c in where)
            (given.crashers / name).write_bytes(data)
            print(where, message, file=sys.stderr, flush=True)

    context = multiprocessing.get_context("spawn")
    start = 0
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder = Path(name)
        while time.monotonic() < end:
            receive, send = context.Pipe(duplex=False)
            start += 1
            worker = context.Process(
                target=work, args=(f"{given.seed}.{start}", names, folder, send), daemon=True
            )
            worker.start()
            send.close()
            patience = 60.0  # the first inputs wait for imports
            try:
                while time.monotonic() < end:
                    if not receive.poll(patience):
                        where = f"hang {start}"
                        worker.kill()
                        worker.join()
                        for file in folder.iterdir():
                            keep(f"{where} {file.name}", "takes too long", file.read_bytes())
                        break
                    patience = _HANG
                    kind, *rest = receive.recv()
                    if kind == "counts":
                        totals.update(rest[0])
                    else:
                        keep(*rest)
            except EOFError:
                worker.join()
                for file in folder.iterdir():
                    keep(f"died {worker.exitcode} {file.name}", "", file.read_bytes())
            worker.kill()
            worker.join()
    result = {"inputs": sum(totals.values()), "counts": dict(sorted(totals.items()))}
    text = json.dumps({**result, "failures": failures}, indent=1)
    if given.output:
        given.output.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()

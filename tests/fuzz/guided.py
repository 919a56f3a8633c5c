"""Search one parser with coverage guidance: inputs that reach new code of tokstat are kept.

    nice -n 19 python -m tests.fuzz.guided --parser GGUF --minutes 5

It takes atheris (the extra `quality`) on Linux. Half of the mutations are ours, half libFuzzer's.
A crash is what `tests.fuzz` calls one; the first input for each place is kept, and the search goes
on.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import sys
from pathlib import Path
from tempfile import gettempdir
from typing import Any


def main() -> None:
    """Search until the time is up; libFuzzer ends the process, and prints how much was run."""
    options = argparse.ArgumentParser()
    options.add_argument("--parser", required=True)
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--corpus", type=Path, help="where inputs are kept, for the next time")
    options.add_argument("--crashers", type=Path, default=Path("crashers"))
    given = options.parse_args()
    os.environ.update(RUST_BACKTRACE="0", RAYON_NUM_THREADS="1", HF_HUB_OFFLINE="1")
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tokstat"]):
        from tests.fuzz.mutations import Seeds, mutated
        from tests.fuzz.parsers import PARSERS, attempt
        from tests.fuzz.seeds import seeds
        from tests.fuzz.worker import MEMORY, described

        parser, known = PARSERS[given.parser], seeds()[given.parser]
        folder = _folder(given.parser)
        path = folder / parser.file
        corpus = given.corpus or folder / "corpus"
        for each in (path.parent, corpus, given.crashers):
            each.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(known.small):
            (corpus / f"seed-{number}").write_bytes(seed)
            attempt(parser, path, seed)  # what is imported only now is instrumented, too
    places: set[str] = set()

    def try_one(data: bytes) -> None:
        try:
            attempt(parser, path, data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            where, message = described(given.parser, error)
            if where not in places:
                places.add(where)
                name = "".join(letter if letter.isalnum() else "-" for letter in where)
                (given.crashers / name).write_bytes(data)
                print("crash", where, message, flush=True)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        draw = random.Random(seed)
        if draw.random() < 0.5:
            changed: bytes = atheris.Mutate(data, most)
            return changed
        return mutated(Seeds((data,), (), known.contents), draw, parser.pack)[:most]

    flags = [
        f"-max_total_time={60 * given.minutes:.0f}",
        f"-rss_limit_mb={MEMORY >> 20}",
        "-timeout=60",
        f"-max_len={max(8192, *(2 * len(seed) for seed in known.small))}",
        "-print_final_stats=1",
        "-close_fd_mask=2",  # panics of the libraries write there
        f"-artifact_prefix={given.crashers}/",
    ]
    atheris.Setup([sys.argv[0], *flags, str(corpus)], try_one, custom_mutator=mutate)
    atheris.Fuzz()


def _folder(parser: str) -> Path:
    """Return the parser's folder, in memory where there is some.

    It is the same each time: libFuzzer's end is sudden, and would leave new ones behind.
    """
    memory = Path("/dev/shm")
    folder = memory if memory.is_dir() else Path(gettempdir())
    return folder / f"tokstat-fuzz-{os.getuid()}" / parser.replace(" ", "-")


if __name__ == "__main__":
    main()

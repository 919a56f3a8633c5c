"""Time `tokstat inspect FILE --json` against a script that only loads: make bench.

Whole processes, in pairs (A B A B …), bytecode compiled; the floor loads the same file with the
tokenizers library and wordfreq's English list, in the same interpreter. Medians over pairs.
"""

from __future__ import annotations

import argparse
import lzma
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BUNDLED = Path(__file__).parents[2] / "tokstat" / "data" / "tokenizers"

FLOOR = """
import sys
import tokenizers
import wordfreq
tokenizers.Tokenizer.from_file(sys.argv[1])
wordfreq.get_frequency_list("en", "best")
"""


@dataclass(frozen=True)
class Run:
    """Seconds on the wall and of CPU, and peak MiB, of one finished process."""

    wall: float
    cpu: float
    peak: float


def run(command: list[str]) -> Run:
    """Run a command to its end and measure it by the system's own accounting."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} exited with {process.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(command: list[str], floor: list[str], pairs: int) -> None:
    """Print the medians of both commands, and of their ratios pair by pair."""
    run(command), run(floor)
    measured = [(run(command), run(floor)) for _ in range(pairs)]
    for name in ("wall", "cpu", "peak"):
        ours = [getattr(pair[0], name) for pair in measured]
        floors = [getattr(pair[1], name) for pair in measured]
        ratios = [our / other for our, other in zip(ours, floors, strict=True)]
        middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
        print(
            f"  {name:5} {statistics.median(ours):8.3f} / {statistics.median(floors):8.3f}"
            f"   ratio {middle:.2f} (from {least:.2f} to {most:.2f})"
        )


def main() -> None:
    """Compare over the packaged ModernBERT, or over the files named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="tokenizer.json files")
    parser.add_argument("--pairs", type=int, default=11)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = arguments.files
        if not files:
            file = Path(folder) / "modernbert-base.tokenizer.json"
            file.write_bytes(lzma.decompress((BUNDLED / f"{file.name}.xz").read_bytes()))
            files = [file]
        floor = Path(folder) / "floor.py"
        floor.write_text(FLOOR)
        for file in files:
            print(
                f"{file.name}: inspect / floor, {arguments.pairs} pairs (wall, cpu: s; peak: MiB)"
            )
            compare(
                [sys.executable, "-m", "tokstat", "inspect", str(file), "--json"],
                [sys.executable, str(floor), str(file)],
                arguments.pairs,
            )
        run([sys.executable, "-m", "tokstat", "--help"])
        times = [
            run([sys.executable, "-m", "tokstat", "--help"]).cpu for _ in range(arguments.pairs)
        ]
        print(f"tokstat --help: {statistics.median(times) * 1000:.0f} ms CPU")


if __name__ == "__main__":
    main()

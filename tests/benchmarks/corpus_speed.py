"""Time `tokstat corpus` against encoding the same documents.

Each measurement is a process of its own, in pairs (A B A B …). The floor reads the same JSON lines
and encodes them with `encode_batch_fast` in batches, on all cores; it keeps nothing but how many
tokens there are. The prose is that of `prose.py`; sizes are in megabytes of JSON lines.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.prose import folder, prose
from tests.real_tokenizers import fetch

FIVE = ("gpt2", "llama3", "qwen3", "minilm", "mistral")

FLOOR = """
import json, sys
import tokenizers
documents, paths = [], sys.argv[2:]
encoders = [tokenizers.Tokenizer.from_file(path) for path in paths]
for encoder in encoders:
    encoder.no_padding(), encoder.no_truncation()
counts = [0] * len(encoders)
def encode(texts):
    for number, encoder in enumerate(encoders):
        encoded = encoder.encode_batch_fast(texts, add_special_tokens=False)
        counts[number] += sum(map(len, encoded))
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        documents.append(json.loads(line)["text"])
        if len(documents) == 500:
            encode(documents)
            documents.clear()
encode(documents)
print(json.dumps(counts))
"""


@dataclass(frozen=True)
class Run:
    """Seconds on the wall and of CPU, peak MiB of the largest process, and what was printed."""

    wall: float
    cpu: float
    peak: float
    output: str


def run(command: Sequence[str]) -> Run:
    """Run a command to its end, and measure it and its children by the system's accounting."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} exited with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(time.perf_counter() - start, cpu, usage.ru_maxrss / 1024, output)


def cut_off(source: Path, megabytes: int, languages: frozenset[str]) -> Path:
    """Return a file of so many megabytes of prose, in some languages or in all."""
    name = f"prose-{megabytes}{'-' + '-'.join(sorted(languages)) if languages else ''}.jsonl"
    path = folder() / name
    if not path.is_file():
        size = 0
        with source.open("rb") as lines, path.open("wb") as out:
            for line in lines:
                if languages and json.loads(line)["lang"] not in languages:
                    continue
                out.write(line)
                size += len(line)
                if size >= megabytes * 1_000_000:
                    break
    return path


def corpus(paths: Sequence[Path], data: Path, *options: str) -> list[str]:
    """Return the command line of `tokstat corpus`."""
    return [
        sys.executable,
        "-m",
        "tokstat",
        "corpus",
        *map(str, paths),
        str(data),
        "--json",
        *options,
    ]


def totals(output: str) -> list[int]:
    """Return the tokens that a report gives for each tokenizer."""
    return [
        int(metric["value"])
        for each in json.loads(output)["tokenizers"]
        for metric in each["metrics"]
        if metric["name"] == "tokens"
    ]


def compare(
    title: str, one: Sequence[str], other: Sequence[str], pairs: int, megabytes: float
) -> None:
    """Print the medians of two commands, and of their ratios pair by pair."""
    measured = [(run(one), run(other)) for _ in range(pairs)]
    print(f"{title} ({megabytes:.0f} MB)")
    for name in ("wall", "cpu", "peak"):
        ours = [getattr(pair[0], name) for pair in measured]
        floors = [getattr(pair[1], name) for pair in measured]
        ratios = [floor / mine for mine, floor in zip(ours, floors, strict=True)]
        rate = "" if name == "peak" else f"  {megabytes / statistics.median(ours):6.1f} MB/s"
        print(
            f"  {name:5} {statistics.median(ours):8.1f} against {statistics.median(floors):8.1f}  "
            f"ratio {statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f}){rate}"
        )
    first, second = measured[0][0].output, measured[0][1].output
    expected = json.loads(second) if second.startswith("[") else totals(second)
    assert totals(first) == expected, "the counts differ"


def main() -> None:
    """Compare one tokenizer, five, two workers with one, and sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--languages", default="", help="codes with commas; all by default")
    parser.add_argument("--only", default="one,five,workers,sizes")
    parser.add_argument("--options", default="--workers 1", help="options of tokstat corpus")
    arguments = parser.parse_args()
    languages = frozenset(filter(None, arguments.languages.split(",")))
    data = cut_off(prose(), arguments.megabytes, languages)
    size = data.stat().st_size / 1e6
    paths = [fetch(name) for name in FIVE]
    chosen = arguments.only.split(",")
    floor = [sys.executable, "-c", FLOOR, str(data)]
    if "one" in chosen:
        one = corpus(paths[:1], data, *arguments.options.split())
        compare(f"one tokenizer ({FIVE[0]})", one, [*floor, str(paths[0])], arguments.pairs, size)
    if "five" in chosen:
        five = corpus(paths, data, *arguments.options.split())
        compare(f"five tokenizers {FIVE}", five, [*floor, *map(str, paths)], arguments.pairs, size)
    if "workers" in chosen:
        # Each worker has one core; by itself, a process would use all of them.
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        alone = corpus(paths[:1], data, "--workers", "1")
        two = corpus(paths[:1], data, "--workers", "2")
        compare("two workers against one", two, alone, arguments.pairs, size)
        del os.environ["TOKENIZERS_PARALLELISM"]
    if "sizes" in chosen:
        for megabytes in (10, 30, 100, 280):
            part = cut_off(prose(), megabytes, languages)
            found = run(corpus(paths[:1], part, "--workers", "1"))
            real = part.stat().st_size / 1e6
            print(
                f"{real:6.0f} MB: {found.wall:6.1f} s, CPU {found.cpu:6.1f} s "
                f"({1000 * found.cpu / real:.0f} ms a MB), peak {found.peak:.0f} MiB"
            )


if __name__ == "__main__":
    main()

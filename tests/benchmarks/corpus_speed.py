"""Time `tokstat corpus` against encoding the same documents.

Each measurement is a process of its own, in pairs (A B A B …). The floor reads the same JSON lines
and encodes them with `encode_batch_fast` in batches, on all cores; it keeps nothing but how many
tokens there are. `--only table` prints the CPU seconds of `tokstat corpus` beside those of the
same documents read by a script of 20 lines, with the extra `fast`. The prose is that of `prose.py`;
sizes are in megabytes of JSON lines.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.prose import folder, prose
from tests.real_tokenizers import fetch
from tokstat.corpus.counting.state import Counts, Extent
from tokstat.io.files import PACKAGED_DATA

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

OF_TABLE = ("gpt2", "modernbert", "bert", "llama3", "gemma3", "all", "tokenlearn")
"""Tokenizers of the table: ModernBERT's and BERT's are packaged; tokenlearn is a Unigram."""

SCRIPT = """
import json, sys
import gigatoken
import numpy as np
tokenizer = gigatoken.Tokenizer.from_json(open(sys.argv[2], "rb").read())
counts = np.zeros(tokenizer.vocab_size, np.int64)
def count(documents):
    global counts
    ids = np.asarray(tokenizer.encode_batch(documents).layout.content.data)
    counts += np.bincount(ids, minlength=len(counts))
documents = []
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        documents.append(json.loads(line)["text"])
        if len(documents) == 500:
            count(documents)
            documents.clear()
count(documents)
print(json.dumps([int(counts.sum())]))
"""
"""The 20 lines that tokens alone take: they report their number, as the floor does."""

TWENTY_LINES = "20 lines with gigatoken"


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


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.title,
    lambda text: " ".join(word[::-1] for word in text.split(" ")),
)
"""Forms of a text whose words differ, for more text than there is prose."""


def in_all_forms(source: Path) -> Path:
    """Return a file with the documents of another as they are, then in each other form."""
    path = folder() / "prose-in-all-forms.jsonl"
    if not path.is_file():
        with path.open("w", encoding="utf-8") as out:
            for form in FORMS:
                with source.open(encoding="utf-8") as lines:
                    for record in map(json.loads, lines):
                        changed = {**record, "text": form(record["text"])}
                        out.write(json.dumps(changed, ensure_ascii=False) + "\n")
    return path


def in_groups(source: Path, count: int) -> Path:
    """Return a file whose documents have one of `count` names as their site, few of them often."""
    path = folder() / f"{source.stem}-in-{count}-groups.jsonl"
    if not path.is_file():
        drawn = random.Random(0)
        with source.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
            for record in map(json.loads, lines):
                named = {**record, "site": f"site {int(count * drawn.random() ** 2)}"}
                out.write(json.dumps(named, ensure_ascii=False) + "\n")
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
    first, second = measured[0]
    assert totals_of(first.output) == totals_of(second.output), "the counts differ"


def path_of(name: str) -> Path:
    """Return the tokenizer.json of a tokenizer of the table."""
    if name not in ("modernbert", "bert"):
        return fetch(name)
    packaged = {"modernbert": "modernbert-base", "bert": "bert-base-uncased"}[name]
    path = folder() / f"{packaged}.json"
    if not path.is_file():
        source = PACKAGED_DATA / "tokenizers" / f"{packaged}.tokenizer.json.xz"
        path.write_bytes(lzma.decompress(source.read_bytes()))
    return path


def is_read_by_gigatoken(path: Path) -> bool:
    """Whether gigatoken is right for a tokenizer: where that is not known yet, it is tried.

    Another process finds out, for the memory of this one counts as that of its children.
    """
    options = ("--engine", "gigatoken", "--no-words", "--format", "text")
    found = json.loads(run(corpus([path], Path(__file__), *options)).output)
    return bool(found["tokenizers"][0]["engine"]["name"])


def table(data: Path, pairs: int, names: Sequence[str]) -> None:
    """Print the CPU seconds and the memory of each way to count with each tokenizer.

    The name "all" stands for those before it, together.
    """
    single: dict[str, Path] = {}
    groups: dict[str, list[Path]] = {}
    for name in names:
        if name == "all":
            groups[name] = [*single.values()]
        else:
            single[name] = path_of(name)
            groups[name] = [single[name]]
    is_read = {name: is_read_by_gigatoken(path) for name, path in single.items()}
    ways: dict[str, Callable[[Sequence[Path]], list[str]]] = {
        "`tokstat corpus`": lambda paths: ours(paths),
        "`--no-words`": lambda paths: ours(paths, "--no-words"),
        "`--engine tokenizers`": lambda paths: ours(paths, "--engine", "tokenizers"),
        "`encode_batch_fast`": lambda paths: encoded(FLOOR, paths),
        TWENTY_LINES: lambda paths: encoded(SCRIPT, paths),
    }

    def ours(paths: Sequence[Path], *options: str) -> list[str]:
        return corpus(paths, data, "--workers", "1", *options)

    def encoded(script: str, paths: Sequence[Path]) -> list[str]:
        return [sys.executable, "-c", script, str(data), *map(str, paths)]

    found: dict[tuple[str, str], list[Run]] = {}
    for _ in range(pairs):
        for name, paths in groups.items():
            for way, command in ways.items():
                if way != TWENTY_LINES or is_read.get(name):
                    found.setdefault((way, name), []).append(run(command(paths)))
    for name in names:
        sums = {tuple(totals_of(each[0].output)) for key, each in found.items() if key[1] == name}
        assert len(sums) == 1, f"the counts of {name} differ"
    print("| | " + " | ".join(names) + " |")
    print("| --- |" + " ---: |" * len(names))
    for way in ways:
        cells = [
            f"{statistics.median(each.cpu for each in runs):.1f}"
            f" ({statistics.median(each.peak for each in runs):.0f} MiB)"
            if (runs := found.get((way, name)))
            else "not read"
            for name in names
        ]
        print(f"| {way} | " + " | ".join(cells) + " |")


def state(command: Sequence[str]) -> None:
    """Print the size of the state that a count saves, and how long reading and merging take."""
    with tempfile.TemporaryDirectory() as saved:
        run([*command, "--state", saved])
        (path,) = Path(saved).glob("*.counts.gz")
        data = path.read_bytes()
    read = [timed(lambda: Counts.from_bytes(data, "the state"))[1] for _ in range(5)]
    one, _ = timed(lambda: Counts.from_bytes(data, "the state"))
    other = replace(one, units={"another file": (Extent(0, None, ""),)})
    merged = [timed(lambda: one + other)[1] for _ in range(5)]
    print(
        f"{len(one.groups)} groups: {len(data) / 1000:.0f} kB, read in"
        f" {1000 * statistics.median(read):.0f} ms, merged in"
        f" {1000 * statistics.median(merged):.1f} ms"
    )


def timed(action: Callable[[], Counts]) -> tuple[Counts, float]:
    """Return the result of an action, and the CPU seconds that it took."""
    start = time.process_time()
    return action(), time.process_time() - start


def totals_of(output: str) -> list[int]:
    """Return the tokens that any of the commands printed."""
    numbers: list[int] = json.loads(output) if output.startswith("[") else totals(output)
    return numbers


def main() -> None:
    """Compare one tokenizer, five, two workers, sizes, states and groups; or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--languages", default="", help="codes with commas; all by default")
    parser.add_argument("--only", default="one,five,workers,sizes", help="or table, groups, states")
    parser.add_argument(
        "--tokenizers",
        default=",".join(OF_TABLE),
        help="those of the table, and all for all together",
    )
    parser.add_argument("--options", default="--workers 1", help="options of tokstat corpus")
    arguments = parser.parse_args()
    languages = frozenset(filter(None, arguments.languages.split(",")))
    data = cut_off(prose(), arguments.megabytes, languages)
    size = data.stat().st_size / 1e6
    if arguments.only == "table":
        table(data, arguments.pairs, arguments.tokenizers.split(","))
        return
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
        parts = [cut_off(prose(), megabytes, languages) for megabytes in (10, 30, 100, 280)]
        for part in [*parts, in_all_forms(prose())]:
            found = run(corpus(paths[:1], part, "--workers", "1"))
            real = part.stat().st_size / 1e6
            print(
                f"{real:6.0f} MB: {found.wall:6.1f} s, CPU {found.cpu:6.1f} s "
                f"({1000 * found.cpu / real:.0f} ms a MB), peak {found.peak:.0f} MiB"
            )
    if "states" in chosen:
        for by in ([], ["--by", "lang"]):
            state(corpus(paths[:1], data, "--workers", "1", *by))
    if "groups" in chosen:
        for count in (1, 35, 1_000, 10_000):
            grouped = in_groups(data, count)
            found = run(corpus(paths[:1], grouped, "--workers", "1", "--by", "site"))
            print(f"{count:6,} groups: CPU {found.cpu:6.1f} s, peak {found.peak:.0f} MiB")


if __name__ == "__main__":
    main()

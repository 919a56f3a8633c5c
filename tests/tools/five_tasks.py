"""Run the README's commands for five people's questions as they stand there, and time them.

    python -m tests.tools.five_tasks [--here] [--write]

A virtual environment is made for them, with the package installed from this checkout, which needs
PyPI. `--here` runs them with this interpreter instead. The person's folders and text are made:
a static model with ModernBERT's tokenizer, a release with BERT's, and a damaged copy of that.
`--write` puts the times into docs/benchmarks.md. The exit status is 1 if a command ends with
another status than it should, or if its first lines lack the answer.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import re
import struct
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.tools.case_page import between, table

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGE = ROOT / "docs/benchmarks.md"
TOKENIZERS = ROOT / "tokstat/data/tokenizers"

MOST_COMMANDS = 3
FIRST_LINES = 5
"""Lines of an output in which a hurried reader looks for the answer, each up to 200 characters."""

TEXT = "Der Tiger schwimmt über den Fluss. Die Donaudampfschifffahrt ruht im Winter.\n"


@dataclass(frozen=True)
class Answer:
    """The exit status of a command, and a pattern that its first lines have."""

    status: int
    pattern: str


ANSWERS = {
    "distill": (Answer(0, r"21\.1%.*TS501"), Answer(0, r"tiger +2 +t\|iger")),
    "languages": (Answer(0, r"German.*: Gemma"), Answer(0, r"ModernBERT-base 26 .*\+3\.8%")),
    "diff": (Answer(1, r"3 parts differ: tokens, added tokens, normalizer"),),
    "lint": (Answer(1, r"3 errors.*TS604, TS640"),),
    "encode": (
        Answer(0, r"\[UNK\].*\|ru\|ht"),
        Answer(0, r"7 words have no token.* Der \[UNK\], Tiger \[UNK\]"),
    ),
}
"""The answers to the commands, by the page that the question links to."""


@dataclass(frozen=True)
class Task:
    """One person's question, the page it links to, and the commands that answer it."""

    question: str
    page: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What a command came to. Seconds are of the wall clock, and of the CPU with its children."""

    command: str
    status: int
    output: str
    errors: str
    seconds: float
    cpu_seconds: float

    def fault(self, answer: Answer) -> str:
        """Write what is wrong with it, "" for nothing."""
        if self.status != answer.status:
            return f"status {self.status}, not {answer.status}: {self.errors.strip()}"
        lines = [line[:200] for line in self.output.splitlines() if line.strip()]
        first = " ".join(lines[:FIRST_LINES])
        return "" if re.search(answer.pattern, first) else f"no {answer.pattern!r} in {first!r}"


def tasks(text: str) -> list[Task]:
    """Read the questions and their commands from the table at the start of a README."""
    rows = re.findall(r"^\| \[([^]|]+\?)\]\(docs/(?:\w+/)?(\w+)\.md\) \| (.+) \|$", text, re.M)
    return [Task(each, page, tuple(re.findall("`(.+?)`", cell))) for each, page, cell in rows]


def make_folders(folder: Path) -> None:
    """Make what the five people have: three folders and a text."""
    modernbert, bert = map(_packaged, ("modernbert-base", "bert-base-uncased"))
    _model(folder / "my-static-model", modernbert, {"model_type": "model2vec"}, 50_368)
    _model(folder / "last-release", bert, {"model_type": "bert", "vocab_size": 30_522}, 30_522)
    damage(bert)
    _model(folder / "my-model", bert, {"model_type": "bert", "vocab_size": 30_522}, 30_522)
    (folder / "my-text.txt").write_text(TEXT, "utf-8")


def damage(tokenizer: dict[str, Any]) -> None:
    """Let a lower-case vocabulary meet capitals, and add a token that no embedding row is for."""
    tokenizer["normalizer"]["lowercase"] = False
    last = {**tokenizer["added_tokens"][-1], "id": 30_522, "content": "<tool>"}
    tokenizer["added_tokens"].append(last)


def _packaged(name: str) -> dict[str, Any]:
    data = lzma.decompress((TOKENIZERS / f"{name}.tokenizer.json.xz").read_bytes())
    read: dict[str, Any] = json.loads(data)
    return read


def _model(folder: Path, tokenizer: object, config: object, rows: int) -> None:
    """Write a model: its tokenizer, its configuration, and a matrix of zeros with two columns."""
    folder.mkdir()
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), "utf-8")
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    size = 4 * rows
    matrix = {"dtype": "F16", "shape": [rows, 2], "data_offsets": [0, size]}
    header = json.dumps({"embeddings": matrix}).encode()
    (folder / "model.safetensors").write_bytes(
        struct.pack("<Q", len(header)) + header + bytes(size)
    )


def here(folder: Path) -> dict[str, str]:
    """Return an environment in which `tokstat` is this checkout with this interpreter."""
    script = folder / "bin" / "tokstat"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tokstat "$@"\n', "utf-8")
    script.chmod(0o755)
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**_with_path(script.parent), "PYTHONPATH": paths}


def fresh(folder: Path) -> dict[str, str]:
    """Make a virtual environment with the package and no cache of the Hub; return its variables."""
    venv.create(folder / "fresh", with_pip=True)
    python = folder / "fresh" / "bin" / "python"
    command = (python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", ROOT)
    subprocess.run(command, check=True, cwd=folder)
    return variables_of(folder / "fresh", folder)


def variables_of(environment: Path, folder: Path) -> dict[str, str]:
    """Return the variables of a virtual environment, with no cache of the Hub."""
    found = {**_with_path(environment / "bin"), "HF_HOME": str(folder / "hub")}
    return {name: value for name, value in found.items() if not name.startswith("PYTHON")}


def _with_path(folder: Path) -> dict[str, str]:
    return {**os.environ, "PATH": os.pathsep.join([str(folder), os.environ["PATH"]])}


def run(command: str, folder: Path, variables: Mapping[str, str]) -> Run:
    """Run one command in a shell, as a person would who copied it."""
    started, before = time.perf_counter(), os.times()
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    after = os.times()
    cpu = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    seconds = time.perf_counter() - started
    return Run(command, done.returncode, done.stdout, done.stderr, seconds, cpu)


def measured(runs: Mapping[str, list[Run]], installing: float | None) -> str:
    """Write the times as a table, with what they were taken on."""
    rows: list[tuple[str, str, str, str]] = []
    if installing is not None:
        rows.append(("(before any)", "`pip install .`, in a new venv", f"{installing:.0f}", ""))
    for question, done in runs.items():
        for number, each in enumerate(done):
            times = f"{each.seconds:.1f}", f"{each.cpu_seconds:.1f}"
            rows.append(("" if number else question, f"`{each.command}`", *times))
    total = sum(each.seconds for done in runs.values() for each in done)
    return (
        f"{table(('question', 'command', 'seconds', 'CPU seconds'), rows, texts=2)}\n\n"
        f"All five together took {total:.0f} s, with Python {platform.python_version()} on "
        f"{os.cpu_count()} cores."
    )


def _faults(found: list[Task], runs: Mapping[str, list[Run]]) -> Iterator[str]:
    if [each.page for each in found] != [*ANSWERS]:
        yield f"{README} has the questions of {[each.page for each in found]}, not {[*ANSWERS]}"
    for task in found:
        answers = ANSWERS.get(task.page, ())
        if not len(task.commands) == len(answers) <= MOST_COMMANDS:
            yield f"{task.question}: {len(task.commands)} commands, {len(answers)} known answers"
        for each, answer in zip(runs[task.question], answers, strict=False):
            if fault := each.fault(answer):
                yield f"{each.command}: {fault}"


def main() -> None:
    """Run all and print the times; what is wrong goes to stderr."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--here", action="store_true", help="use this interpreter")
    parser.add_argument("--write", action="store_true", help="write the times to the docs")
    options = parser.parse_args()
    found = tasks(README.read_text("utf-8"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        make_folders(folder)
        started = time.perf_counter()
        variables = here(folder) if options.here else fresh(folder)
        installing = None if options.here else time.perf_counter() - started
        runs = {
            task.question: [run(command, folder, variables) for command in task.commands]
            for task in found
        }
    text = measured(runs, installing)
    print(text)
    if faults := [*_faults(found, runs)]:
        sys.exit("\n".join(faults))
    if options.write:
        PAGE.write_text(between(PAGE.read_text("utf-8"), "five tasks", text), "utf-8")


if __name__ == "__main__":
    main()

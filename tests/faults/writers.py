"""Every command that writes, and every kind of thing that one writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from tests.cli.bad_input.options import one_finding
from tests.conftest import unmeasured, word_level_json

OUT = "OUT"
"""Stands for the output in a command line."""

KNOWN = ("tiger", "cat", "zebra", "apple", "Apple", "run", "ran", *map(str, range(200)))
"""Words of the small sets, and others."""

_SYLLABLES = ("ba", "do", "ki", "lu", "me", "na", "po", "ri")

PROSE = " ".join(map("".join, product(_SYLLABLES, repeat=3))) + "\n"
"""Enough words to train tokenizers of 300 tokens."""

FILES = {
    "tokenizer.json": word_level_json("the", "of", "people", *KNOWN),
    "other.json": word_level_json("the", "of", "world", *KNOWN),
    "text.txt": b"the people of the world\n" * 50,
    "prose.txt": PROSE.encode(),
    "saved.json": one_finding().encode(),
    "words.vec": "".join(f"{word} {len(word)} {ord(word[0])} 1\n" for word in KNOWN).encode(),
}
"""What the commands find."""

WITH_SETS = """
import pytest
from tests.cli.bad_input.word_sets import put_sets
put_sets(pytest.MonkeyPatch())
"""
"""Gives a process the seven sets, small ones, and a teacher without a transformer."""


@dataclass(frozen=True)
class Writer:
    """A command line, the name of what it writes, whether that is a folder, and its exit status."""

    arguments: tuple[str, ...]
    name: str
    is_folder: bool = False
    needs_sets: bool = False
    status: int = 0

    def to(self, place: Path) -> tuple[str, ...]:
        """Return the command line with an output in a folder."""
        return tuple(each.replace(OUT, str(place / self.name)) for each in self.arguments)


_EDITED = ("--add-words", "3", "-o", OUT)

WRITERS = {
    "inspect, JSON": Writer(("inspect", "tokenizer.json", "-o", OUT), "out.json"),
    "inspect, page": Writer(("inspect", "tokenizer.json", "-o", OUT), "out.html"),
    "inspect, Markdown": Writer(("inspect", "tokenizer.json", "-o", OUT), "out.md"),
    "inspect, text": Writer(("inspect", "tokenizer.json", "-o", OUT), "out.txt"),
    "tokens": Writer(("tokens", "tokenizer.json", "--csv", "-o", OUT), "out.csv"),
    "compare": Writer(("compare", "tokenizer.json", "other.json", "-o", OUT), "out.html"),
    "diff": Writer(("diff", "tokenizer.json", "other.json", "-o", OUT), "out.json", status=1),
    "lock": Writer(("lock", "tokenizer.json", "-o", OUT), "out.json"),
    "corpus": Writer(("corpus", "tokenizer.json", "text.txt", "-o", OUT), "out.html"),
    "corpus, state": Writer(
        ("corpus", "tokenizer.json", "text.txt", "--state", OUT, "-o", os.devnull),
        "state",
        is_folder=True,
    ),
    "render": Writer(("render", "saved.json", "-o", OUT), "out.html"),
    "link": Writer(("link", "--published", "-o", OUT), "out.txt"),
    "link, figure": Writer(("link", "--published", "--plot", OUT), "out.svg"),
    "wordsim": Writer(
        ("wordsim", "words.vec", "--data", "sets", "--json", "-o", OUT), "out.json", needs_sets=True
    ),
    "whatif": Writer(
        ("whatif", "tokenizer.json", "--data", "sets", "--add-words", "3", "--json", "-o", OUT),
        "out.json",
        needs_sets=True,
    ),
    "study": Writer(
        ("study", "tokenizer.json", "--data", "sets", "-o", OUT), "out.json", needs_sets=True
    ),
    "study, processes": Writer(
        (
            *("study", "tokenizer.json", "other.json", "--workers", "2"),
            *("--data", "sets", "-o", OUT),
        ),
        "out.json",
        needs_sets=True,
    ),
    "study, table": Writer(
        ("study", "tokenizer.json", "--data", "sets", "-o", "rows.json", "--csv", OUT),
        "out.csv",
        needs_sets=True,
    ),
    "grid": Writer(
        (
            *("study", "--grid", "prose.txt", "--size", "300", "--data", "sets", "-o", OUT),
            *("--csv", "rows.csv", "--keep", "kept"),
        ),
        "out.json",
        needs_sets=True,
    ),
    "repair": Writer(("repair", "tokenizer.json", *_EDITED), "out", is_folder=True),
    "distill": Writer(
        (
            "distill",
            "x",
            "--tokenizer",
            "tokenizer.json",
            "--data",
            "sets",
            "--pca-dims",
            "0",
            *_EDITED,
        ),
        "out",
        is_folder=True,
        needs_sets=True,
    ),
}

FAST = {"inspect, JSON", "repair"}

EACH = [
    pytest.param(writer, id=name, marks=() if name in FAST else pytest.mark.slow)
    for name, writer in WRITERS.items()
]
"""Each of them, as parameters of tests that start processes."""

FAST_HERE = FAST | {"inspect, page", "corpus, state", "render", "wordsim"}

HERE = [
    pytest.param(writer, id=name, marks=() if name in FAST_HERE else pytest.mark.slow)
    for name, writer in WRITERS.items()
]
"""And of tests in this process."""

hears_sigint = pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) == signal.SIG_IGN, reason="run where SIGINT is ignored"
)


def command(*arguments: str, prelude: str = "") -> list[str]:
    """Return what starts the command line in a process of its own."""
    program = f"{prelude}\nfrom tokstat.cli.main import main\nmain()"
    return [sys.executable, "-c", program, *arguments]


def run(
    folder: Path, *arguments: str, prelude: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process in a folder."""
    return subprocess.run(
        command(*arguments, prelude=prelude),
        cwd=folder,
        env={**unmeasured(), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a process that was refused."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line

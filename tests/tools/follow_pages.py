"""Follow pages of the documentation word for word in a clean environment, and time each.

    python -m tests.tools.follow_pages [--environment FOLDER] [--skip PATTERN]... [PAGE]...

A virtual environment is made, with the package installed from this checkout, which needs PyPI.
`--environment` takes one that was made before with all extras, and leaves out what installs. By
default the pages are those of docs/how_to. Each is followed in a folder of its own, which has the
files that a reader has: every command and every Python block, in order. A block marked `py` is only
saved, under the name in its first line. A block of text right after commands is what they write,
unless they read the reader's own tokenizer. `--skip` leaves out commands. A table goes to stdout,
with the seconds of `pip install` apart, and what is wrong to stderr; the exit status is 1 if a
command fails for another reason than a network that is out of reach, or an earlier command that
was not run.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tests.tools import five_tasks
from tests.tools.case_page import table

ROOT = Path(__file__).resolve().parents[2]

State = Literal["as written", "another output", "no network", "left out", "failed"]

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELLS = ("sh", "bash", "console")
_INSTALLING = re.compile(r"\bpip install\b")

_PLACES = re.compile(r"s3://bucket|tcp://host|^dask |glove\.6B|prose\.txt")
"""What stands for a bucket, a cluster, vectors or 100 MB of prose that the reader has."""

_OWN = re.compile(r"\./(?:my-|mine|other)")
"""The reader's own tokenizers, of which a page shows an example's output."""

_NO_NETWORK = re.compile(
    r"could not be downloaded|could not be fetched|does not answer|NameResolution|ConnectError"
    r"|Name or service not known"
)
_NOT_MADE = re.compile(r"cannot be read|are not fetched|No such file")
"""What a command reports where an earlier one should have made its input."""


@dataclass(frozen=True)
class Block:
    """Hold the commands of a block, or Python, and the output that the page shows below it."""

    language: str
    commands: tuple[str, ...]
    output: str = ""


@dataclass(frozen=True)
class Step:
    """Hold what became of one command."""

    command: str
    state: State
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    problem: str = ""

    @property
    def installs(self) -> bool:
        """Whether it installs packages, most of whose time is the network's."""
        return bool(_INSTALLING.search(self.command))


@dataclass
class Page:
    """Hold what became of a page."""

    name: str
    steps: list[Step] = field(default_factory=list)

    def count(self, *states: State) -> int:
        """Count the commands with one of the states."""
        return sum(step.state in states for step in self.steps)

    def row(self) -> tuple[str, ...]:
        """Return the page's row of the table."""
        installing = sum(step.seconds for step in self.steps if step.installs)
        seconds = sum(step.seconds for step in self.steps) - installing
        cpu_seconds = sum(step.cpu_seconds for step in self.steps if not step.installs)
        times = (f"{each:.0f}" for each in (installing, seconds, cpu_seconds))
        counts = (self.count("as written"), self.count("no network"), self.count("left out"))
        wrong = self.count("failed", "another output")
        return (f"`{self.name}`", *times, *map(str, counts), str(wrong))


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page that are followed."""
    found: list[Block] = []
    last = 0
    for match in _FENCE.finditer(text):
        language, content = match.groups()
        if language in _SHELLS:
            found.append(Block(language, tuple(_commands(content, language))))
        elif language in ("python", "py"):
            found.append(Block(language, (content,)))
        elif language == "text" and found and not text[last : match.start()].strip():
            found[-1] = Block(found[-1].language, found[-1].commands, content)
        last = match.end()
    return found


def _commands(content: str, language: str) -> Iterator[str]:
    """Yield the commands of a block; those of a console begin with a prompt."""
    for line in content.replace("\\\n", " ").splitlines():
        if language != "console":
            yield line
        elif line.startswith("$ "):
            yield line.removeprefix("$ ")


def make_files(folder: Path) -> None:
    """Make the files that a reader has: tokenizers, a model, text and words."""
    five_tasks.make_folders(folder)
    release = folder / "last-release"
    for name in ("my-tokenizer", "mine", "other"):
        (folder / name).mkdir()
        shutil.copy(release / "tokenizer.json", folder / name)
    shutil.rmtree(folder / "my-model")
    shutil.copytree(release, folder / "my-model")
    shutil.copy(release / "tokenizer.json", folder)
    shutil.copy(ROOT / "README.md", folder)
    (folder / "words.tsv").write_text("Schwimmer\tschwimm|er\nschwimmen\tschwimm|en\n", "utf-8")
    record = '{"content": "Tigers swim."}\n'
    for name in ("data/a.jsonl", "more/b.jsonl.gz", "dump.txt.gz"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(
            gzip.compress(record.encode()) if path.suffix == ".gz" else record.encode()
        )


def follow(
    path: Path, folder: Path, variables: Mapping[str, str], skip: Sequence[str] = ()
) -> Page:
    """Run what a page shows, in order, in a folder with the reader's files."""
    page = Page(path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name)
    for block in blocks(path.read_text("utf-8")):
        output = ""
        for number, command in enumerate(block.commands):
            line = command
            if block.language == "py":
                (folder / _name_of(command)).write_text(command, "utf-8")
                continue
            if block.language == "python":
                (folder / "block.py").write_text(command, "utf-8")
                line, command = "python block.py", f"Python: {command.strip().splitlines()[-1]}"
            if _PLACES.search(line) or any(re.search(each, line) for each in skip):
                page.steps.append(Step(command, "left out"))
                output = block.output
                continue
            # What is installed is this checkout, wherever the commands run.
            line = line.replace("'.[", f"'{shlex.quote(str(ROOT))}[")
            done = five_tasks.run(line, folder, variables)
            output += done.output
            is_last = number == len(block.commands) - 1
            state, problem = _judged(done, block, output if is_last else "")
            if state == "failed" and page.count("no network", "left out"):
                state = "left out" if _NOT_MADE.search(problem) else state
            page.steps.append(Step(command, state, done.seconds, done.cpu_seconds, problem))
            if state == "no network":
                output = block.output
    return page


def _name_of(program: str) -> str:
    """Return the name of the file that a program is saved as, which is its first line."""
    return program.partition("\n")[0].removeprefix("# ").strip()


def _judged(done: five_tasks.Run, block: Block, output: str) -> tuple[State, str]:
    """Judge a command, and the output of its block where it is the last; 1 is a gate's word."""
    if done.status not in (0, 1) or "Traceback" in done.errors:
        is_far = _NO_NETWORK.search(done.errors)
        return "no network" if is_far else "failed", done.errors.strip()
    if output and block.output and not any(map(_OWN.search, block.commands)):
        shown = {" ".join(line.split()) for line in output.splitlines()}
        wanted = [" ".join(line.split()) for line in block.output.splitlines()]
        missing = [line for line in wanted if line not in shown and "…" not in line]
        if missing:
            return "another output", f"it does not write {missing[0]!r}"
    return "as written", ""


def main() -> None:
    """Follow the pages and print the table; what is wrong goes to stderr."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--environment", type=Path, help="a virtual environment to use")
    parser.add_argument("--skip", action="append", default=[], help="leave out such commands")
    parser.add_argument("pages", nargs="*", type=Path)
    options = parser.parse_args()
    paths = [path.resolve() for path in options.pages] or sorted(ROOT.glob("docs/how_to/*.md"))
    skip = [*options.skip, *(["^pip install"] if options.environment else [])]
    with TemporaryDirectory() as name:
        place = Path(name)
        started = time.perf_counter()
        if options.environment:
            variables = five_tasks.variables_of(options.environment.resolve(), place)
        else:
            variables = five_tasks.fresh(place)
        installing = time.perf_counter() - started
        pages = []
        for path in paths:
            folder = place / path.stem
            folder.mkdir()
            make_files(folder)
            pages.append(follow(path, folder, variables, skip))
    times = ("installing s", "commands s", "CPU s")
    heads = ("page", *times, "as written", "no network", "left out", "wrong")
    print(table(heads, [page.row() for page in pages], texts=1))
    if not options.environment:
        print(f"\nThe environment took {installing:.0f} s.")
    for page in pages:
        for step in page.steps:
            if step.state != "as written":
                problem = step.problem.splitlines()[-1:] or [""]
                print(f"{page.name}: {step.command}: {step.state}: {problem[0]}", file=sys.stderr)
    sys.exit(any(page.count("failed", "another output") for page in pages))


if __name__ == "__main__":
    main()

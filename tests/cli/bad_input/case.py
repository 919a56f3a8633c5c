"""What is given to the command line, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.conftest import word_level_json

Content: TypeAlias = "bytes | Callable[[], bytes]"
Files: TypeAlias = Mapping[str, Content]
Preparation = Callable[[pytest.MonkeyPatch], None]

GOOD = word_level_json("one", "two", "three")
"""A sound tokenizer.json."""

LAST_TIME = b"of last time"
"""What stands under the name of an output before the command is run."""


@dataclass(frozen=True)
class Case:
    """A command line, the files it finds, and what its one line must name.

    `names` may hold several words apart by `|`, of which all must be named. With an exit status
    below 2 the input is survived: what was wrong is said or counted in the output. Nothing is made
    but `outputs`, of which each is whole.
    """

    arguments: tuple[str, ...]
    names: str
    files: Files = field(default_factory=dict)
    code: int = 2
    outputs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Preparation | None = None
    in_little_memory: bool = False
    """Run as a process that gets 2 GiB of addresses and 20 s of CPU."""
    is_slow: bool = False


def write(files: Files) -> None:
    """Write files below the working folder; a name that ends in a slash is an empty folder."""
    for name, content in files.items():
        path = Path(name)
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content())


def below(folder: Path) -> dict[str, tuple[bytes, int] | None]:
    """Return everything below a folder: of files the content and the time of the last change."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        if path.is_file()
        else None
        for path in sorted(folder.rglob("*"))
    }


def in_folder(folder: str, files: Files) -> dict[str, Content]:
    """Return files with a folder before their names."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def from_folder(make: Callable[[Path], object], name: str) -> Content:
    """Return what a file is in a folder that is made when it is first asked for."""
    return lambda: _made(make)[name]


@cache
def _made(make: Callable[[Path], object]) -> dict[str, bytes]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as parent:
        folder = Path(parent) / "made"
        make(folder)
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

"""Where files are kept, how they appear (whole or not at all), and how foreign ones are read."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tokstat.errors import DataError, OutputError
from tokstat.io.limits import parse_json

PACKAGED_DATA = Path(__file__).parents[1] / "data"
"""The folder of the data that tokstat brings."""


def replace_file(path: Path, data: bytes) -> None:
    """Write a temporary file and rename it, so that the name never stands for half the data.

    A link is followed. Raises OSError where the system refuses; nothing is left behind.
    """
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def save_file(path: Path, text: str) -> None:
    """Write a file as `replace_file` does. Raises OutputError."""
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise _unwritable(path, error) from error


def require_place(path: Path | None) -> None:
    """Raise OutputError for a file without a folder; asked before long work for it begins."""
    if path is None:
        return
    try:
        has_folder, is_folder = path.absolute().parent.is_dir(), path.is_dir()
    except OSError as error:  # a name that the file system does not take
        raise _unwritable(path, error) from error
    if not has_folder:
        raise _unwritable(path, FileNotFoundError("its folder does not exist"))
    if is_folder:
        raise _unwritable(path, IsADirectoryError("it is a folder"))


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the name once everything in it is written.

    Whatever fails or stops before leaves nothing, neither under the name nor beside it.

    Raises:
        OutputError: the folder exists already, or cannot be written.
    """
    require_absent(path)
    temporary = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=path.resolve().parent, prefix=f".{path.name}."))
        yield temporary
        temporary.chmod(0o777 & ~_umask())
        temporary.rename(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def require_absent(path: Path) -> None:
    """Raise OutputError for a folder that exists already, or has no folder to be made in.

    Asked before long work for it begins.
    """
    try:
        taken = path.exists()
    except OSError as error:  # a name that the file system does not take
        raise _unwritable(path, error) from error
    if taken:
        raise OutputError(f"{path} exists already", "Give a folder that does not exist yet.")
    require_place(path)


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}",
        "Give a name in a folder that exists, may be written, and has room.",
    )


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def cache_folder() -> Path:
    """Return the folder for what can be had again: $XDG_CACHE_HOME/tokstat, or ~/.cache/tokstat."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tokstat"


def read_json_object(path: Path, most: int) -> dict[str, Any]:
    """Read a file that holds one JSON object, of at most `most` bytes.

    Raises:
        DataError: it is larger, cannot be read, or holds something else.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= most else b""
    except OSError as error:
        raise damaged(path, f"it cannot be read: {error.strerror or error}") from error
    if size > most:
        raise damaged(path, f"it has {size:,} bytes, and at most {most:,} are read")
    return parse_json_object(path, data)


def parse_json_object(path: Path, data: bytes) -> dict[str, Any]:
    """Parse bytes of a file as one JSON object. Raises DataError where they are none."""
    try:
        content = parse_json(data, str(path))
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"it is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise damaged(path, "it holds no JSON object")
    return content


def damaged(path: Path, reason: str) -> DataError:
    """Return the error for a file that is not what it should be."""
    return DataError(f"{path} is damaged: {reason}", "Fetch or write it again.")

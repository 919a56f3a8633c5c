"""Files written whole or not at all, the cache folder, and foreign JSON files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, overload

from tokstat.errors import DataError, LimitError, OutputError, reason_of
from tokstat.io.limits import parse_json, read_beside, read_bounded
from tokstat.text.wording import counted

PACKAGED_DATA = Path(__file__).parents[1] / "data"
"""The folder of the data that tokstat brings."""


@overload
def as_path(given: str | Path) -> Path: ...


@overload
def as_path(given: str | Path | None) -> Path | None: ...


def as_path(given: str | Path | None) -> Path | None:
    """Return a path that a caller may give as a string; None stays None.

    Every public function that takes a path goes through this.
    """
    return None if given is None else Path(given)


def replace_file(path: Path, data: bytes) -> None:
    """Write a temporary file and rename it, so that a file under the name is always whole.

    A link is followed. Raises OSError if the system refuses; the temporary file is then removed.
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
    """Write a text as `replace_file` does. Raises OutputError."""
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise _unwritable(path, error) from error


def require_place(path: Path | None) -> None:
    """Raise OutputError if a file cannot be at a path; called before long work begins."""
    if path is None:
        return
    try:
        has_folder, is_folder = path.absolute().parent.is_dir(), path.is_dir()
    except OSError as error:  # the file system refuses the name
        raise _unwritable(path, error) from error
    if not has_folder:
        raise _unwritable(path, FileNotFoundError("its folder does not exist"))
    if is_folder:
        raise _unwritable(path, IsADirectoryError("it is a folder"))


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder that gets its name once everything in it is written.

    A failure or an interruption leaves nothing, neither under the name nor beside it.

    Raises:
        OutputError: the folder already exists, or cannot be written.
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
    """Raise OutputError if a new folder cannot be at a path; called before long work begins.

    It must not exist yet, and its parent must.
    """
    try:
        taken = path.exists()
    except OSError as error:  # the file system refuses the name
        raise _unwritable(path, error) from error
    if taken:
        raise OutputError(f"{path} already exists", "Give a folder that does not exist yet.")
    require_place(path)


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}",
        "Give a path in a folder that exists, is writable, and has space left.",
    )


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def cache_folder() -> Path:
    """Return the folder for caches: $XDG_CACHE_HOME/tokstat, or ~/.cache/tokstat."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tokstat"


def read_data(path: Path) -> bytes:
    """Read a file of data.

    Raises:
        DataError: it cannot be read.
        LimitError: it is larger than the limit `file-size`.
    """
    try:
        return read_bounded(path)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}",
            "Give the path of a file that you may read.",
        ) from error


def read_json_object(path: Path, most: int) -> dict[str, Any]:
    """Read a file of at most `most` bytes that holds one JSON object.

    Raises:
        DataError: the file is larger, cannot be read, or holds something else.
    """
    try:
        data = read_beside(path, most)
    except OSError as error:
        raise damaged(path, f"it cannot be read: {error.strerror or error}") from error
    except LimitError as error:
        raise damaged(path, f"it has more than {counted(most, 'byte')}") from error
    return parse_json_object(path, data)


def parse_json_object(path: Path, data: bytes) -> dict[str, Any]:
    """Parse a file's bytes as one JSON object. Raises DataError if they are something else."""
    try:
        content = parse_json(data, str(path))
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"it is not valid JSON: {reason_of(error)}") from error
    if not isinstance(content, dict):
        raise damaged(path, "it does not hold a JSON object")
    return content


def damaged(path: Path, reason: str) -> DataError:
    """Return the error for a damaged file."""
    return DataError(f"{path} is damaged: {reason}", "Download or write it again.")

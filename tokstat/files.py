"""Where files are kept, and how they appear: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokstat.errors import OutputError


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
    if path is not None and not path.absolute().parent.is_dir():
        raise _unwritable(path, FileNotFoundError("its folder does not exist"))


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
    """Raise OutputError for a folder that exists already; asked before long work for it begins."""
    try:
        taken = path.exists()
    except OSError as error:  # a name that the file system does not take
        raise _unwritable(path, error) from error
    if taken:
        raise OutputError(f"{path} exists already", "Give a folder that does not exist yet.")


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

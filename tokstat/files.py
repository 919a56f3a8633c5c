"""Where files are kept, and how they appear: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


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


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def cache_folder() -> Path:
    """Return the folder for what can be had again: $XDG_CACHE_HOME/tokstat, or ~/.cache/tokstat."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tokstat"

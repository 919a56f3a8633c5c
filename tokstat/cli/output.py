"""Where a command's payload goes: stdout, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tokstat.errors import OutputError


def write(text: str, path: Path | None) -> None:
    """Write a payload to stdout, or to a file by way of a temporary one beside it.

    Raises:
        OutputError: the file cannot be written; nothing is left under its name or beside it.
    """
    if path is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
        return
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}",
            "Give a file in a folder that exists and may be written.",
        ) from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current

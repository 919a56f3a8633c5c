"""Find what other distributions register under an entry-point group."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def entry_points_of(group: str) -> list[EntryPoint]:
    """Return the entry points of a group, in the order of their names.

    Installed metadata is searched for the group's name first: importlib.metadata takes 50 ms to
    say that there is none.
    """
    wanted = group.encode()
    files = (
        file
        for folder in dict.fromkeys(sys.path)
        for kind in ("dist-info", "egg-info")
        for file in Path(folder or ".").glob(f"*.{kind}/entry_points.txt")
    )
    if not any(wanted in file.read_bytes() for file in files):
        return []
    from importlib.metadata import entry_points

    return sorted(entry_points(group=group), key=lambda point: point.name)

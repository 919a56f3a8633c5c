"""Find plug-ins: the entry points that other distributions register under a group."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.errors import LoaderError, reason_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


ANALYZERS, LOADERS = "tokstat.analyzers", "tokstat.loaders"
"""The groups under which other distributions register."""


def entry_points_of(group: str) -> list[EntryPoint]:
    """Return the entry points of a group, in the order of their names.

    Installed metadata is first searched for the group's name, because importlib.metadata takes 50
    ms even where no distribution has the group.

    Raises:
        LoaderError: the metadata of a distribution is damaged.
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

    try:
        return sorted(entry_points(group=group), key=lambda point: point.name)
    except (TypeError, ValueError) as error:  # a line without a value, or bytes that are not UTF-8
        raise LoaderError(
            f"The entry points of an installed distribution cannot be read: {reason_of(error)}",
            "Find the distribution by its entry_points.txt, and install it again.",
        ) from error

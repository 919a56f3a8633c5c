"""Folders of saved counts, which several runs may share."""

from __future__ import annotations

from pathlib import Path

from tokstat.corpus.counting.state import Counts, read, save
from tokstat.corpus.plan import unit_name
from tokstat.errors import OutputError, StateError

_SUFFIX = ".counts.gz"


def read_states(folder: Path, like: Counts, *, may_be_absent: bool = False) -> Counts:
    """Read and merge the states of a folder, or the file of one state.

    `like` names the tokenizers and the definition of words. Runs that share a folder may have
    counted a part twice, together with other parts. The state with the most parts then wins, and
    parts that only the other holds are counted again.

    Raises:
        StateError: a state cannot be read, or is of other tokenizers or words.
    """
    counts = Counts(like.tokenizers, like.words)
    if not folder.exists() and not may_be_absent:
        raise StateError(f"The state {folder} does not exist", "Check the path of --add-state.")
    files = [folder] if folder.is_file() else sorted(folder.glob(f"*{_SUFFIX}"))
    for each in sorted(map(read, files), key=lambda each: (-len(each.units), min(each.units))):
        if not each.units & counts.units:
            counts += each
    return counts


def save_state(counts: Counts, folder: Path) -> None:
    """Save counts in a folder, under a name made of their parts. Raises OutputError."""
    path = folder / f"{unit_name(sorted(counts.units))}{_SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save(counts, path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}",
            "Choose a writable folder with free space.",
        ) from error

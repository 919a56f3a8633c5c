"""A folder of saved counts: what of it still holds for the files of a run, and what is stale."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokstat.corpus.counting.state import Counts, Extent, Problem
from tokstat.corpus.reading.content import UNREAD
from tokstat.corpus.reading.sources import FilePart
from tokstat.errors import OutputError, StateError
from tokstat.io.files import replace_file
from tokstat.io.limits import read_bounded
from tokstat.text.wording import agreed, counted, listed

_SUFFIX = ".counts.gz"


@dataclass(frozen=True, eq=False)
class Resumed:
    """Hold what a folder has of the input, the parts that it lacks, and remarks."""

    counts: Counts
    rest: list[list[FilePart]]
    notes: tuple[str, ...]


def save(counts: Counts, folder: Path, places: Mapping[str, str]) -> None:
    """Save counts in a folder, completely or not at all. Raises OutputError.

    `places` are the resolved paths of the files by their names; they are the names there.
    """
    counts = renamed(counts, places)
    units = [(path, *map(list, spans)) for path, spans in sorted(counts.units.items())]
    name = hashlib.sha256(json.dumps(units).encode()).hexdigest()[:24]
    path = folder / f"{name}{_SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, counts.to_bytes())
    except OSError as error:
        raise _unwritable(path, error) from error


_PLACE = re.compile(r"(.*?)( at byte \d+| line \d+| rows? \d+.*)", re.DOTALL)


def renamed(counts: Counts, names: Mapping[str, str]) -> Counts:
    """Return counts with other names for files, also in the places of problems and samples."""

    def place(text: str) -> str:
        match = None if text in names else _PLACE.fullmatch(text)
        return names.get(text, text) if match is None else names.get(match[1], match[1]) + match[2]

    files = {names.get(name, name): file for name, file in counts.files.items()}
    problems = {
        kind: Problem(problem.count, tuple(sorted(map(place, problem.places))))
        for kind, problem in counts.problems.items()
    }
    samples = {
        group: tuple(sorted(each._replace(file=names.get(each.file, each.file)) for each in own))
        for group, own in counts.samples.items()
    }
    return replace(counts, files=files, problems=problems, samples=samples)


def read(path: Path) -> Counts:
    """Read a file of saved counts. Raises StateError, or LimitError."""
    try:
        data = read_bounded(path)
    except OSError as error:
        raise StateError(
            f"{path} cannot be read: {error.strerror}", "Check the path and its permissions."
        ) from error
    return Counts.from_bytes(data, str(path))


def read_all(folder: Path, nothing: Counts) -> Counts:
    """Read and merge everything in a folder, or one file of saved counts.

    Runs that share a folder may have counted a part twice. It then counts once.

    Raises:
        StateError: it does not exist, is damaged, does not go with `nothing`, or holds a part only
            together with another one that is counted already.
        LimitError: it is too large.
    """
    if not folder.exists():
        raise StateError(f"The saved counts {folder} do not exist", "Check the path.")
    counts, left = nothing, []
    for _, each in [(folder, read(folder))] if folder.is_file() else _read_folder(folder):
        if counts.overlap(each) is None:
            counts += each
        else:
            counts.require_alike(each)
            left.append(each)
    for each in left:
        for path, spans in each.units.items():
            if not set(spans) <= set(counts.units.get(path, ())):
                raise StateError(
                    f"{folder} holds several counts of {path} that cannot be told apart",
                    "Run again with this --state, and name all its files.",
                )
    return counts


def resume(
    folder: Path,
    nothing: Counts,
    units: Sequence[Sequence[FilePart]],
    places: Mapping[str, str],
    span_of: _ExtentOf,
) -> Resumed:
    """Take from a folder what was counted of the same content; remove what was of another.

    Args:
        folder: the folder, which need not exist.
        nothing: the counts of no text by the same tokenizers, words and options.
        units: the input, divided.
        places: the resolved paths of the files by their names.
        span_of: returns the bounds of a part and the digest of what is there now.

    Raises:
        StateError: the folder's counts are damaged, or do not go with `nothing`.
        LimitError: they are too large.
        OutputError: stale counts cannot be removed.
    """
    wanted: dict[str, dict[tuple[int, int | None], FilePart]] = {}
    for part in (part for unit in units for part in unit):
        wanted.setdefault(places[part.path], {})[part.start, part.end] = part
    now: dict[FilePart, Extent] = {}

    def is_fresh(path: str, span: Extent) -> bool:
        part = wanted[path].get((span.start, span.end))
        if part is None or span.digest == UNREAD:
            return False
        if part not in now:
            now[part] = span_of(part)
        return now[part].digest == span.digest

    held = _read_folder(folder)
    stale = set[str]()
    for _, each in held:
        _require_own(nothing, each)
        stale.update(
            path
            for path, spans in each.units.items()
            if path in wanted and not all(is_fresh(path, span) for span in spans)
        )
    kept, dropped = _without(stale, held, wanted.keys())
    counts, others = nothing, set[str]()
    for each in kept:
        outside = each.units.keys() - wanted.keys()
        others |= outside
        if not outside and counts.overlap(each) is None:
            counts += each
    have = {(path, span.start, span.end) for path, spans in counts.units.items() for span in spans}
    rest = [
        [part for part in unit if (places[part.path], part.start, part.end) not in have]
        for unit in units
    ]
    notes = tuple(_notes(folder, stale, dropped, others))
    counts = renamed(counts, {place: path for path, place in places.items()})
    return Resumed(counts, [unit for unit in rest if unit], notes)


def remove_counts_by(label: str, folder: Path) -> None:
    """Remove from a folder all counts that an engine took part in. Raises as `resume`."""
    for path, counts in _read_folder(folder):
        if any(label in uses for uses in counts.engines):
            _remove(path)


def _without(
    stale: Collection[str], held: Sequence[tuple[Path, Counts]], wanted: Collection[str]
) -> tuple[list[Counts], set[str]]:
    """Remove all saved counts of stale files; return the others, and the further files lost.

    Files that were saved together with stale ones are lost with them. Of a file that this run does
    not name nothing then stays, for a part of a file would be taken for the whole.
    """
    gone, kept = set(stale), list(held)
    while True:
        hit = [item for item in kept if not gone.isdisjoint(item[1].units)]
        if not hit:
            return [counts for _, counts in kept], gone - set(wanted)
        kept = [item for item in kept if item not in hit]
        for path, counts in hit:
            _remove(path)
            gone |= counts.units.keys() - set(wanted)


_ExtentOf = Callable[[FilePart], Extent]


def _notes(folder: Path, stale: set[str], dropped: set[str], others: set[str]) -> Iterator[str]:
    if stale:
        yield (
            f"{counted(len(stale), 'file')} no longer {agreed(len(stale), 'matches', 'match')} the"
            f" counts in {folder}, and {agreed(len(stale), 'is', 'are')} counted again:"
            f" {listed(sorted(stale))}."
        )
    if dropped:
        yield (
            f"{folder} lost the counts of {counted(len(dropped), 'file')} that this run does not"
            f" name, which were saved together with those: {listed(sorted(dropped))}."
        )
    if others:
        yield (
            f"{folder} also holds counts of {counted(len(others), 'file')} that this run does not"
            f" name. They are not in the result: {listed(sorted(others))}."
        )


def _read_folder(folder: Path) -> list[tuple[Path, Counts]]:
    """Read all saved counts of a folder, those of the most parts first."""

    def order(item: tuple[Path, Counts]) -> tuple[int, str]:
        return -sum(map(len, item[1].units.values())), item[0].name

    return sorted(((path, read(path)) for path in folder.glob(f"*{_SUFFIX}")), key=order)


def _require_own(nothing: Counts, held: Counts) -> None:
    """Raise StateError for counts of other tokenizers, words or options than a run's."""
    nothing.require_alike(held)
    if held.reading != nothing.reading:
        raise StateError(
            f"The saved counts were read with {held.reading}, and this run reads with"
            f" {nothing.reading}",
            "Use the same options, or another folder for --state.",
        )


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}",
        "Choose a writable folder with free space.",
    )

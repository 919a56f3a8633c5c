"""The files of the word-similarity sets: find, check and fetch them."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokstat.errors import DataError
from tokstat.io.downloads import fetch_data, load_pooch
from tokstat.io.files import PACKAGED_DATA, cache_folder, read_data
from tokstat.wordsim.sets import ALL_SETS, SetSource, WordSet, parse_set

SOURCE_URL = (
    "https://raw.githubusercontent.com/MinishLab/evaluation/"
    "1625b10b77843ea1a81d84abea5f926d714d92d8/evaluation/wordsim/data/"
)
"""Public source of the seven sets, at a fixed commit. TOKSTAT_DATA_URL names a mirror."""

_LOG = logging.getLogger(__name__)

_PACKAGED = PACKAGED_DATA / "wordsim"


@dataclass(frozen=True)
class SetStatus:
    """Hold the path of a set's file, None if it is missing, and whether it is intact."""

    source: SetSource
    path: Path | None
    intact: bool


def sets_folder() -> Path:
    """Return the folder of fetched sets."""
    return cache_folder() / "wordsim"


def find_file(source: SetSource, folder: Path | None = None) -> Path | None:
    """Find a set's file: packaged, in `folder` or $TOKSTAT_DATA, or fetched; None if missing.

    Raises:
        DataError: the named folder does not exist.
    """
    if source.packaged:
        return _PACKAGED / source.file
    named = folder or os.environ.get("TOKSTAT_DATA")
    if named:
        if not Path(named).is_dir():
            raise DataError(
                f"The data folder {named} does not exist",
                "Name the folder of the sets, or unset TOKSTAT_DATA and run: tokstat data fetch.",
            )
        path = Path(named) / source.file
        if path.is_file():
            return path
    path = sets_folder() / source.file
    return path if path.is_file() else None


def load_set(source: SetSource, folder: Path | None = None) -> WordSet | None:
    """Load a set; None if its file is missing.

    Raises:
        DataError: the file has another SHA-256 than recorded, or cannot be read as a set.
    """
    path = find_file(source, folder)
    if path is None:
        return None
    data = read_data(path)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise DataError(
            f"{path} is not the file of the set {source.name}: its SHA-256 differs",
            "Remove the file, and run: tokstat data fetch.",
        )
    return parse_set(source, data, str(path))


def read_texts(paths: Sequence[Path]) -> list[WordSet]:
    """Read files of text pairs: two texts and their score a line, with tabs between.

    Raises:
        DataError: a file cannot be read, or two have one name.
        LimitError: a file is too large.
    """
    names = [path.name for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"Two files of texts have the name {name}", "Rename one of them.")
    return [_read_texts(path) for path in paths]


def _read_texts(path: Path) -> WordSet:
    data = read_data(path)
    digest = hashlib.sha256(data).hexdigest()
    name = path.name
    source = SetSource(name, name, name, (0, 1, 2), data.count(b"\n"), digest, "", "", texts=True)
    return parse_set(source, data, str(path))


def load_sets(
    sources: Iterable[SetSource], folder: Path | None = None
) -> tuple[list[WordSet], list[str]]:
    """Load the available sets, and return the names of the others."""
    loaded = {source.name: load_set(source, folder) for source in sources}
    here = [found for found in loaded.values() if found is not None]
    return here, [name for name, found in loaded.items() if found is None]


def require_sets(sources: Iterable[SetSource], folder: Path | None = None) -> list[WordSet]:
    """Load all given sets. Raises DataError if one is missing or damaged."""
    sets, missing = load_sets(sources, folder)
    if missing:
        raise DataError(
            f"Some sets of WordSim are missing: {', '.join(missing)}",
            "Run: tokstat data fetch. Or name their folder with --data or TOKSTAT_DATA.",
        )
    return sets


def list_sets(folder: Path | None = None) -> list[SetStatus]:
    """Return the status of each set's file."""
    found = []
    for source in ALL_SETS:
        path = find_file(source, folder)
        intact = path is not None and hashlib.sha256(read_data(path)).hexdigest() == source.sha256
        found.append(SetStatus(source, path, intact))
    return found


def fetch_sets(sources: Iterable[SetSource]) -> list[Path]:
    """Fetch those files of sets that the cache lacks, or has damaged.

    A file's SHA-256 is checked before the file gets its name.

    Raises:
        MissingExtraError: pooch is not installed.
        DataError: a file cannot be fetched, or has another SHA-256.
    """
    pooch = load_pooch()
    url = os.environ.get("TOKSTAT_DATA_URL", SOURCE_URL)
    wanted = [source for source in sources if not source.packaged]
    remote = pooch.create(
        path=sets_folder(),
        base_url=url.rstrip("/") + "/",
        registry={source.file: f"sha256:{source.sha256}" for source in wanted},
        retry_if_failed=1,
    )
    return [_fetch(remote, source, url) for source in wanted]


def _fetch(remote: Any, source: SetSource, url: str) -> Path:
    _LOG.info("fetching the set %s", source.name)
    instead = "name a folder with the file by --data or TOKSTAT_DATA"
    fetched = fetch_data(lambda: remote.fetch(source.file), f"The set {source.name}", url, instead)
    return Path(fetched)

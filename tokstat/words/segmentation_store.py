"""Segmentations that are fetched: MorphyNet's derivations, each file at a fixed commit.

The SHA-256 of a file is written down when it is first fetched, and checked whenever it is read.
"""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from tokstat.errors import DataError, did_you_mean
from tokstat.io.downloads import fetch_data, load_pooch
from tokstat.io.files import cache_folder, read_data, save_file

_LOG = logging.getLogger(__name__)

SOURCE_URL = "https://raw.githubusercontent.com/kbatsuren/MorphyNet/"
"""Where MorphyNet's files are. TOKSTAT_SEGMENTATIONS_URL names a mirror."""

LICENCE = "CC BY-SA 3.0"

_COMMITS = {
    "cat": "c926dfc1f753071d7ff175297c0b6e399778e5d7",
    "ces": "90d33e5e313cef9cf01d4e10ef492bf51a6b2aeb",
    "deu": "8005f7c9cf08865c2035dae19b983faf6def82b1",
    "fin": "0ab17ee0a3626552962fd4c944fc0c8a94f62ace",
    "fra": "56e96c2021caab500f1739aacfed6a0c240bf600",
    "hbs": "f09f4456652f8defce96b548f67f306c3a807670",
    "hun": "6123661b30e8852108cb56cf35a3c43754a119af",
    "ita": "c1242a7fd69325bd86c4bd9cb98c62527697f5a9",
    "mon": "4642f713b9c0847e53e2f884363b288e579c2d1d",
    "pol": "4093e0cd9c3da2848cd593a7456059601cc9aa07",
    "por": "9b0d6b60aecd220e87977d118d696c1e2d5a3a28",
    "spa": "5f4577695271fd97b7a0480b095804d051a43380",
    "swe": "738e6879493ba83e217c8b78050391f59c75b99b",
}


@dataclass(frozen=True)
class SegmentationSource:
    """Name a file of segmentations, its language (ISO 639-3), and where it is."""

    name: str
    language: str
    path: str

    @property
    def file(self) -> Path:
        """The file's place in the cache folder, whether it is there or not."""
        return cache_folder() / "segmentations" / f"{self.language}.derivational.v1.tsv"


SOURCES = {
    f"morphynet:{language}": SegmentationSource(
        f"morphynet:{language}",
        language,
        f"{commit}/{language}/{language}.derivational.v1.tsv",
    )
    for language, commit in _COMMITS.items()
}
"""The files that can be fetched, by name."""


def find_source(name: str) -> SegmentationSource:
    """Return a source by its name. Raises DataError for an unknown one."""
    if name not in SOURCES:
        raise DataError(f"There are no segmentations {name!r}", did_you_mean(name, [*SOURCES]))
    return SOURCES[name]


def is_intact(source: SegmentationSource) -> bool | None:
    """Return whether a file is as it was fetched; None if it is not here."""
    if not source.file.is_file():
        return None
    return digest_of(source.file) == _recorded(source)


def fetched_file(source: SegmentationSource) -> Path:
    """Return a fetched file after its SHA-256 is checked.

    Raises:
        DataError: the file is not fetched, or is not the one that was fetched first.
    """
    intact = is_intact(source)
    if intact is None:
        raise DataError(
            f"The segmentations {source.name} are not fetched",
            f"Run: tokstat data fetch {source.name}.",
        )
    if not intact:
        raise DataError(
            f"{source.file} is not the file that was fetched: its SHA-256 differs",
            f"Remove it, and run: tokstat data fetch {source.name}.",
        )
    return source.file


def fetch_segmentations(source: SegmentationSource) -> Path:
    """Fetch a file unless it is in the cache folder; return its path.

    Raises:
        MissingExtraError: pooch is not installed.
        DataError: it cannot be fetched, or is not the file that was fetched first.
    """
    if source.file.is_file():
        return fetched_file(source)
    pooch = load_pooch()
    base = os.environ.get("TOKSTAT_SEGMENTATIONS_URL", SOURCE_URL).rstrip("/")
    known = _recorded(source)
    _LOG.info("fetching the segmentations %s", source.name)
    fetch_data(
        lambda: pooch.retrieve(
            f"{base}/{source.path}",
            known_hash=f"sha256:{known}" if known else None,
            fname=source.file.name,
            path=source.file.parent,
        ),
        f"The segmentations {source.name}",
        base,
        "download the file and name it",
    )
    if not known:
        save_file(_record(source), digest_of(source.file) + "\n")
    return source.file


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises as `read_data`."""
    return hashlib.sha256(read_data(path)).hexdigest()


def _record(source: SegmentationSource) -> Path:
    return source.file.with_suffix(".sha256")


def _recorded(source: SegmentationSource) -> str | None:
    record = _record(source)
    return record.read_text("ascii", "replace").strip() if record.is_file() else None

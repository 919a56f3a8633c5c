"""Find the files of text that paths, folders, patterns and URLs name, and what is left out."""

from __future__ import annotations

import codecs
import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from tokstat.corpus.reading.foreign import foreign_kind
from tokstat.corpus.reading.sources import (
    STDIN,
    filesystem,
    format_of,
    is_url,
    known_suffix,
    open_input,
    place_of,
)
from tokstat.errors import CorpusError, MissingExtraError, reason_of

_SNIFFED = 1 << 16
"""Bytes at the beginning of a file that decide whether it is text."""


@dataclass(frozen=True)
class Found:
    """Hold the files to read, and those of folders that are left out, each with the reason."""

    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def find_files(inputs: Sequence[str], group: str | None = None) -> Found:
    """Return the files that paths, folders, patterns and URLs name, in order, each once.

    A folder stands for all text in it and its subfolders, whatever its suffix. With `group`, a
    field that groups documents, plain text has no such field: a folder's is left out.

    Raises:
        CorpusError: an input names no file, or is plain text and `group` names a field.
        MissingExtraError: an input is a URL, and fsspec is not installed.
    """
    found: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for given in inputs:
        searched = list(_find_urls(given) if is_url(given) else _find(given))
        if group is not None and searched != [(given, "")]:
            searched = [(path, reason or _no_field(path, group)) for path, reason in searched]
        if not searched:
            raise CorpusError(
                f"{given!r} names no text file", "Check the path; put a pattern in quotes."
            )
        for path, reason in searched:
            found.setdefault(place_of(path), path) if not reason else None
            left_out.update({path: reason} if reason else {})
    return Found(tuple(found.values()), tuple(sorted(left_out.items())))


def _find(given: str) -> Iterator[tuple[str, str]]:
    """Yield files, each with the reason for which it is left out, or ""."""
    path = Path(given).expanduser()
    if given == STDIN:
        yield given, ""
    elif path.is_dir():
        yield from sorted(_in_folder(path), key=lambda each: Path(each[0]))
    elif path.exists():
        yield str(path), ""
    else:
        for each in sorted(glob.glob(str(path), recursive=True)):  # noqa: PTH207
            yield from _find(each) if Path(each).is_dir() else [(each, "")]


def _in_folder(folder: Path) -> Iterator[tuple[str, str]]:
    for root, folders, names in os.walk(folder):
        for name in list(folders):
            path = Path(root, name)
            if name.startswith("."):
                yield str(path), "it is a hidden folder"
            elif path.is_symlink():
                yield str(path), "it is a link to a folder"
            else:
                continue
            folders.remove(name)
        for name in names:
            path = Path(root, name)
            yield str(path), "it is hidden" if name.startswith(".") else _why_not(path)


def _why_not(path: Path) -> str:
    """Return why a file of a folder is no text; "" if it is read."""
    try:
        if not S_ISREG(path.stat().st_mode):
            return "it is not a regular file"
        if known_suffix(str(path)):
            return ""
        with open_input(str(path)) as file:
            beginning = file.read(_SNIFFED)
    except OSError as error:
        return f"it cannot be read: {reason_of(error)}"
    except (CorpusError, MissingExtraError) as error:
        return error.problem.removeprefix(str(path)).strip(" :")
    if not beginning:
        return "it is empty"
    if foreign_kind(beginning):
        return f"it is {foreign_kind(beginning)}"
    return "" if _is_text(beginning) else "it is not UTF-8 text"


def _is_text(beginning: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return False
    return b"\0" not in beginning


def _no_field(path: str, group: str) -> str:
    return f"plain text has no field {group!r}" if format_of(path) == "text" else ""


def _find_urls(given: str) -> Iterator[tuple[str, str]]:
    files, protocol = filesystem(given), given.partition("://")[0]
    try:
        if any(mark in given for mark in "*?["):
            yield from ((f"{protocol}://{each}", "") for each in sorted(files.glob(given)))
        elif files.isdir(given):
            for each in sorted(files.find(given)):
                # To look into a file may mean to download it.
                reason = "" if known_suffix(each) else "its suffix is unknown: name it to read it"
                yield f"{protocol}://{each}", reason
        else:
            yield given, ""
    except Exception as error:  # remote file systems raise errors of any kind
        raise CorpusError(
            f'{given} cannot be listed: "{reason_of(error)}"', "Check the URL and the credentials."
        ) from error


def require_groups(files: Sequence[str], format_: str | None, group: str) -> None:
    """Raise CorpusError for plain text, whose documents have no field to group by."""
    plain = [path for path in files if (format_ or format_of(path)) == "text"]
    if plain:
        raise CorpusError(
            f"{'stdin' if plain[0] == STDIN else plain[0]} is plain text, which has no field"
            f" {group!r} to group by",
            "Use --by folder, or give JSON lines, CSV or Parquet (--format names it).",
        )

"""Digests of the content of parts of files, by which saved counts are known to hold still."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

from tokstat.corpus.counting.state import Extent
from tokstat.corpus.reading.sources import (
    Division,
    FilePart,
    filesystem,
    is_url,
    open_parquet,
    open_raw,
)
from tokstat.errors import CorpusError

_READ_AT_A_TIME = 1 << 20

_VERSIONS = ("ETag", "etag", "generation", "mtime", "LastModified", "last_modified", "updated")
"""What file systems of fsspec tell of a file that changes whenever its content does."""

UNREAD = "unread"
"""The digest of what cannot be read; reading it for counting reports what is wrong."""


def span_of(part: FilePart, division: Division, way: str) -> Extent:
    """Return a part's bounds with the digest (BLAKE2b) of the bytes that are counted for it.

    Of lines these are the lines that begin in the part; of Parquet its row groups and the footer;
    of other files the whole file, as it is stored. A file behind a URL is taken at its word if it
    has an ETag or a time: nothing of it is read. `way` is what the file's name decides.
    """
    digest = hashlib.blake2b(way.encode("utf-8", "surrogateescape"), digest_size=16)
    try:
        for block in _blocks(part, division):
            digest.update(block)
    except (CorpusError, OSError):
        return Extent(part.start, part.end, UNREAD)
    return Extent(part.start, part.end, digest.hexdigest())


def _blocks(part: FilePart, division: Division) -> Iterator[bytes]:
    versions = _versions(part.path) if is_url(part.path) else ()
    if versions:
        yield repr((part.size, versions)).encode()
        return
    with open_raw(part.path) as file:
        if part.end is None:
            yield from _between(file, 0, None)
        elif division == "lines":
            yield from _lines(file, part.start, part.end)
        else:
            for start, end in _row_groups(file, part):
                yield from _between(file, start, end)


def _versions(url: str) -> Sequence[tuple[str, str]]:
    info = filesystem(url).info(url)
    return [(name, str(info[name])) for name in _VERSIONS if info.get(name)]


def _between(file: IO[bytes], start: int, end: int | None) -> Iterator[bytes]:
    file.seek(start)
    while end is None or start < end:
        most = _READ_AT_A_TIME if end is None else min(_READ_AT_A_TIME, end - start)
        block = file.read(most)
        if not block:
            return
        start += len(block)
        yield block


def _lines(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """Yield the lines that begin from `start` to `end`, in blocks."""
    if start:
        file.seek(start - 1)
        while not (rest := file.readline(_READ_AT_A_TIME)).endswith(b"\n") and rest:
            pass
        start = file.tell()
    if start >= end:
        return
    block = b""
    for block in _between(file, start, end):
        yield block
    while block and not block.endswith(b"\n"):
        block = file.readline(_READ_AT_A_TIME)
        yield block


def _row_groups(file: IO[bytes], part: FilePart) -> Iterator[tuple[int, int | None]]:
    """Yield the bounds of a Parquet part's bytes, the footer among them."""
    metadata: Any = open_parquet(file, part.path).metadata
    footer = file.seek(0, 2) - 8 - int(metadata.serialized_size)
    for number in range(part.start, part.end or 0):
        group = metadata.row_group(number)
        for column in map(group.column, range(group.num_columns)):
            start = int(column.data_page_offset)
            if column.has_dictionary_page and column.dictionary_page_offset:
                start = min(start, int(column.dictionary_page_offset))
            yield start, start + int(column.total_compressed_size)
    yield footer, None

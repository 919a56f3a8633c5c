"""Open files and URLs of text, and divide them into parts of similar size."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from stat import S_ISREG
from typing import IO, Any, Literal, cast

from tokstat.corpus.reading.read_ahead import ReadAhead
from tokstat.errors import CorpusError, MissingExtraError, reason_of
from tokstat.io.limits import limits
from tokstat.text.wording import counted

Format = Literal["text", "jsonl", "parquet", "csv", "tsv"]

Division = Literal["lines", "row groups", "whole"]
"""How a file may be divided."""

STDIN = "-"

PART_BYTES = 1 << 24
"""Bytes in a part of a file. Workers count parts independently."""

UNIT_BYTES = 1 << 28
"""Bytes that are counted and saved together. Larger units encode fewer pieces twice."""

_FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "tsv",
}
_READ_AT_A_TIME = 1 << 16
_FRAME_BYTES = 1 << 9
"""Compressed bytes that Zstandard gets at once: it may make 128 KiB of every four of them."""

_EXPANSION = 3
"""Bytes of prose in a byte of its archive: 2.9 with gzip, 3.4 with bzip2."""

COMPRESSIONS = (".gz", ".xz", ".bz2", ".zst")


@dataclass(frozen=True)
class FilePart:
    """Name a part of the input: the bytes of a file from `start` to `end`, or its row groups.

    A line belongs to the part in which it begins. `size` is the file's size in bytes, 0 where it
    is unknown.
    """

    path: str
    start: int = 0
    end: int | None = None
    size: int = 0

    @property
    def bytes(self) -> int:
        """The number of bytes to read, as far as it is known."""
        return self.size if self.end is None else min(self.end, self.size) - self.start


def format_of(path: str) -> Format:
    """Return the format that a file's suffix names; a file without a known suffix is text."""
    return _FORMATS.get(_suffix(path), "text")


def known_suffix(path: str) -> bool:
    """Tell whether a name ends as those of texts do, compressed or not."""
    return _suffix(path) in _FORMATS


def has_format(path: str) -> bool:
    """Tell whether a name ends as those of texts do, or of what is compressed."""
    return known_suffix(path) or bool(compression_of(path))


def compression_of(path: str) -> str:
    """Return the suffix of a file's compression, or ""."""
    suffix = PurePath(path).suffix.lower()
    return suffix if suffix in COMPRESSIONS else ""


def _suffix(path: str) -> str:
    return PurePath(path.lower().removesuffix(compression_of(path))).suffix


def is_url(path: str) -> bool:
    """Whether a path is a URL that fsspec opens."""
    return "://" in path


def place_of(path: str) -> str:
    """Return the one name of a file: its resolved path, or its URL."""
    if path == STDIN:
        return path
    if not is_url(path):
        return str(Path(path).expanduser().resolve())
    protocol, _, within = path.partition("://")
    return str(Path(within).resolve()) if protocol in ("file", "local") else path


def is_stream(path: str) -> bool:
    """Whether a path is stdin, a pipe or a device: it can be read once, and only here."""
    if path == STDIN or is_url(path):
        return path == STDIN
    absolute = str(Path(path).absolute())
    try:
        is_regular = S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return False  # reading the file reports what is wrong
    return not is_regular or absolute.startswith(("/dev/stdin", "/dev/fd/", "/proc/"))


def filesystem(url: str) -> Any:
    """Return fsspec's file system for a URL.

    Raises:
        CorpusError: fsspec does not know the protocol.
        MissingExtraError: fsspec, or its package for the protocol, is not installed.
    """
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtraError(
            f"Reading {url} requires fsspec", "Run: pip install 'tokstat-toolkit[corpus]'"
        ) from error
    try:
        return fsspec.core.url_to_fs(url)[0]
    except ImportError as error:
        raise MissingExtraError(
            f"Reading {url} requires a package that is not installed", f"{reason_of(error)}."
        ) from error
    except Exception as error:  # an unknown protocol, or an option that is missing
        raise CorpusError(f'{url} cannot be opened: "{reason_of(error)}"', "Check it.") from error


def size_of(path: str) -> int:
    """Return a file's size in bytes, 0 where it is unknown."""
    try:
        if path == STDIN:
            return 0
        return int(filesystem(path).size(path) or 0) if is_url(path) else Path(path).stat().st_size
    except (OSError, CorpusError):
        return 0


def expected_bytes(path: str) -> int:
    """Return about how many bytes of text a file has, 0 where its size is unknown."""
    is_compressed = compression_of(path) or format_of(path) == "parquet"
    return size_of(path) * (_EXPANSION if is_compressed else 1)


def divide(
    paths: Sequence[str],
    divisions: Sequence[Division],
    part_bytes: int,
    unit_bytes: int = 0,
    first_bytes: int = 0,
) -> list[list[FilePart]]:
    """Divide files into parts of about `part_bytes`, and group the parts into units.

    A unit has about `unit_bytes`, and the first one `first_bytes` if these are more; with 0, every
    part is a unit. Files of lines are divided by bytes, Parquet files by row groups, and other
    files stay whole. Only the file and `part_bytes` decide which part a line belongs to.
    """
    units: list[list[FilePart]] = []
    room = 0
    for path, division in zip(paths, divisions, strict=True):
        for part in _parts(path, division, part_bytes):
            if 2 * room < part.bytes or room <= 0 or not units:
                room = max(unit_bytes, 1 if units else first_bytes, 1)
                units.append([])
            units[-1].append(part)
            room -= part.bytes
    return units


def _parts(path: str, division: Division, part_bytes: int) -> Iterator[FilePart]:
    size = size_of(path)
    if size <= part_bytes or division == "whole":
        yield FilePart(path, size=size)
    elif division == "row groups":
        yield from _row_groups(path, size, part_bytes)
    else:
        for start in range(0, size, part_bytes):
            yield FilePart(path, start, start + part_bytes, size)


def _row_groups(path: str, size: int, part_bytes: int) -> Iterator[FilePart]:
    """Divide a Parquet file; `start` and `end` of its parts count row groups."""
    try:
        with open_input(path) as file:
            groups = open_parquet(file, path).metadata.num_row_groups
    except CorpusError:
        yield FilePart(path, size=size)  # reading the file reports what is wrong
        return
    step = max(1, groups * part_bytes // size)
    for start in range(0, groups, step):
        yield FilePart(path, start, min(start + step, groups), size)


def open_parquet(file: IO[bytes], path: str) -> Any:
    """Open a Parquet file.

    Raises:
        CorpusError: the file is not a Parquet file.
        MissingExtraError: pyarrow is not installed.
    """
    try:
        from pyarrow import lib, parquet
    except ImportError as error:
        raise MissingExtraError(
            f"Reading {path} requires pyarrow", "Run: pip install 'tokstat-toolkit[corpus]'"
        ) from error
    try:
        return parquet.ParquetFile(file if file.seekable() else io.BytesIO(_whole(file, path)))
    except (lib.ArrowException, OSError, ValueError) as error:
        raise CorpusError(
            f'{path} is not a Parquet file: "{reason_of(error)}"', "Download it again."
        ) from error


def open_raw(path: str) -> IO[bytes]:
    """Open a file for reading its bytes as they are stored. Raises as the file system does."""
    if is_url(path):
        return cast("IO[bytes]", filesystem(path).open(path, "rb"))
    return open(path, "rb", _READ_AT_A_TIME)  # noqa: PTH123


def _whole(file: IO[bytes], path: str) -> bytes:
    data = file.read(limits().file_size + 1)
    require_end(data, path)
    return data


def require_end(read: bytes | str, place: str) -> None:
    """Raise CorpusError where more was read at once than the limit allows: a line, or a file."""
    most = limits().file_size
    if len(read) > most:
        raise CorpusError(
            f"{place} has more than {counted(most, 'byte')} without an end, the limit file-size",
            "Give another file, or raise the limit: `tokstat --limit file-size=VALUE …`.",
        )


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes, decompressed.

    Raises:
        CorpusError: the file cannot be opened, or reading it in the context fails.
        MissingExtraError: a package for its compression or its URL is not installed.
    """
    try:
        if path == STDIN:
            yield sys.stdin.buffer
            return
        with open_raw(path) as raw, _decompressed(raw, path) as file:
            yield file
    except CorpusError:
        raise
    except Exception as error:  # damaged archives raise errors of many kinds
        if not isinstance(error, (OSError, EOFError)) and not _is_archive_error(error):
            raise
        raise CorpusError(
            f"{path} cannot be read: {_reason(error)}", "Check it, or download it again."
        ) from error


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or reason_of(error)


_ARCHIVES = ("zlib", "_lzma", "lzma", "zstandard", "pyarrow")
"""Modules that raise their errors for damaged files."""


def _is_archive_error(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in _ARCHIVES


def _decompressed(raw: IO[bytes], path: str) -> IO[bytes]:
    compression = compression_of(path)
    if not compression:
        return raw
    file = _decompressing(raw, path, compression)
    if is_url(path) or is_stream(path):
        return cast("IO[bytes]", file)  # a thread that waits for more could not be stopped
    return cast("IO[bytes]", io.BufferedReader(ReadAhead(file), _READ_AT_A_TIME))


def _decompressing(raw: IO[bytes], path: str, compression: str) -> io.BufferedIOBase:
    if compression == ".gz":
        import gzip

        return gzip.GzipFile(fileobj=raw)
    if compression == ".xz":
        import lzma

        # The older .lzma format takes any number of zeros for any number of empty texts.
        return lzma.LZMAFile(raw, format=lzma.FORMAT_XZ)
    if compression == ".bz2":
        import bz2

        return bz2.BZ2File(raw)
    return _decompressing_zstandard(raw, path)


def _decompressing_zstandard(raw: IO[bytes], path: str) -> io.BufferedIOBase:
    try:
        import zstandard
    except ImportError as error:
        raise MissingExtraError(
            f"Reading {path} requires zstandard", "Run: pip install 'tokstat-toolkit[corpus]'"
        ) from error
    return io.BufferedReader(_Frames(raw, zstandard.ZstdDecompressor()))


class _Frames(io.RawIOBase):
    """Read Zstandard frames in order. Unlike zstandard's own reader, notice a missing end."""

    def __init__(self, raw: IO[bytes], decompressor: Any) -> None:
        self._raw = raw
        self._decompressor = decompressor
        self._frame: Any = None
        self._ready = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with available data; return the number of bytes, 0 at the end."""
        while not self._ready:
            data = self._frame.unused_data if self._frame is not None and self._frame.eof else b""
            data = data or self._raw.read(_FRAME_BYTES)
            if not data:
                if self._frame is not None and not self._frame.eof:
                    raise EOFError("it ends before its end-of-stream marker")
                return 0
            if self._frame is None or self._frame.eof:
                self._frame = self._decompressor.decompressobj()
            self._ready = self._frame.decompress(data)
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

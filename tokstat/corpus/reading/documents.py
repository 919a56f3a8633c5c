"""Read files as documents, one at a time, and count bad records with their places."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath
from typing import IO, Any, Literal, cast

from tokstat.corpus.counting.state import Problem
from tokstat.corpus.counting.window import Document
from tokstat.corpus.reading.foreign import LONGEST_BEGINNING, require_text
from tokstat.corpus.reading.sources import (
    STDIN,
    Division,
    FilePart,
    Format,
    compression_of,
    format_of,
    is_url,
    open_input,
    open_parquet,
    require_end,
)
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR
from tokstat.errors import CorpusError, reason_of
from tokstat.io.limits import limits
from tokstat.text.utf8 import has_lone_surrogates

FOLDER = "folder"
"""The value of `Reading.group` that groups documents by the name of their file's folder."""

_READ_AT_A_TIME = 1 << 20
_REPLACEMENT = "\ufffd"
_RESERVED = str.maketrans(dict.fromkeys((DOCUMENT, SEPARATOR), _REPLACEMENT))

Unit = Literal["line", "file"]


@dataclass(frozen=True)
class Reading:
    """Define how files are read.

    Attributes:
        format: the format of all files; by default each file's name decides.
        text_field: the field or column that holds the text.
        group: the field or column that holds the group, or "folder".
        documents: whether each line of plain text is a document, or the whole file.
        strict: whether a bad record is an error.
    """

    format: Format | None = None
    text_field: str = "text"
    group: str | None = None
    documents: Unit = "line"
    strict: bool = False

    def format_of(self, path: str) -> Format:
        """Return the format of a file."""
        return self.format or format_of(path)

    @property
    def options(self) -> str:
        """What decides which documents files hold, as options of the command line."""
        options = {"format": self.format, "text-field": self.text_field, "by": self.group}
        given = [f"--{name} {value}" for name, value in options.items() if value is not None]
        return " ".join([*given, f"--documents {self.documents}"])

    def file_group_of(self, path: str) -> str:
        """Return the group of a file's documents: the name of its folder, or ""."""
        if self.group != FOLDER or path == STDIN:
            return ""
        return PurePath(path if is_url(path) else os.path.abspath(path)).parent.name  # noqa: PTH100

    def division_of(self, path: str) -> Division:
        """Return how a file may be divided."""
        kind = self.format_of(path)
        if kind == "parquet":
            return "row groups"
        in_lines = kind == "jsonl" or (kind == "text" and self.documents == "line")
        return "lines" if in_lines and not compression_of(path) and path != STDIN else "whole"


@dataclass
class Problems:
    """Count bad records by kind. With `strict`, the first one raises an error."""

    strict: bool = False
    found: dict[str, Problem] = field(default_factory=dict)

    def note(self, kind: str, place: str) -> None:
        """Count a bad record. Raises CorpusError if strict."""
        if self.strict:
            raise CorpusError(f"{place}: {kind}", "Correct it, or run without --strict.")
        problem = Problem(1, (place,))
        if kind in self.found:
            problem = self.found[kind] + problem
        self.found[kind] = problem


Progress = Callable[[int], None]
"""Called with the number of further input bytes that were read."""


def read_documents(
    parts: Sequence[FilePart],
    reading: Reading,
    problems: Problems,
    progress: Progress | None = None,
) -> Iterator[Document]:
    """Yield the documents of parts of files.

    A file that cannot be read to its end is also a problem; its documents up to there count.

    Raises:
        CorpusError: a record or file is bad, and `reading` is strict.
        MissingExtraError: for a format whose package is missing.
    """
    for part in parts:
        kind = reading.format_of(part.path)
        read = _READERS["text" if kind in ("text", "jsonl") else kind]
        file_group = reading.file_group_of(part.path)
        documents = 0
        before = sum(each.count for each in problems.found.values())
        try:
            with open_input(part.path) as file:
                for text, group in read(file, part, reading, problems, progress):
                    documents += 1
                    plain = _without_marks(text, part.path, problems)
                    yield Document(plain, part.path, group or file_group, part.start)
        except CorpusError as error:
            if reading.strict:
                raise
            problems.note(error.problem.removeprefix(part.path).strip(" :"), part.path)
        if not documents and before == sum(each.count for each in problems.found.values()):
            problems.note("it has no text", part.path) if part.start == 0 else None


def _without_marks(text: str, path: str, problems: Problems) -> str:
    """Replace the marks reserved for cutting."""
    if DOCUMENT in text or SEPARATOR in text:
        problems.note("it contains a noncharacter, replaced by U+FFFD", path)
        return text.translate(_RESERVED)
    return text


def _without_surrogates(text: str, path: str, problems: Problems) -> str:
    """Replace lone surrogates, which no tokenizer accepts."""
    if has_lone_surrogates(text):
        problems.note("it contains a lone surrogate, replaced by U+FFFD", path)
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text


_Read = Iterator[tuple[str, str]]
"""Texts with their groups."""


def _read_lines(
    file: IO[bytes], part: FilePart, reading: Reading, problems: Problems, progress: Progress | None
) -> _Read:
    if reading.format_of(part.path) == "text" and reading.documents == "file":
        data = file.read(limits().file_size + 1)
        require_end(data, part.path)
        data = _unmarked(data)
        if progress is not None:
            progress(part.bytes)
        yield _decode(data, part.path, problems), ""
        return
    is_json = reading.format_of(part.path) == "jsonl"
    compressed = part.end is None
    place = part.start
    if part.start:
        require_text(file.read(LONGEST_BEGINNING))
        file.seek(part.start - 1)
        place += sum(map(len, _rest_of_line(file))) - 1
    reported = place
    most = limits().file_size
    while line := file.readline(most + 1):
        if part.end is not None and place >= part.end:
            break
        name = f"{part.path} at byte {place}"
        require_end(line, name)
        line, place = _unmarked(line) if not place else line, place + len(line)
        if is_json:
            yield from _read_record(line, part.path, name, reading, problems)
        else:
            yield _decode(line.rstrip(b"\r\n"), name, problems), ""
        if progress is not None and not compressed and place - reported >= _READ_AT_A_TIME:
            progress(place - reported)
            reported = place
    if progress is not None:
        progress(part.bytes if compressed else place - reported)


def _unmarked(beginning: bytes) -> bytes:
    """Return the beginning of a file without the byte order mark that it may have.

    Raises:
        CorpusError: it is that of another encoding, or of no text.
    """
    require_text(beginning)
    return beginning.removeprefix(codecs.BOM_UTF8)


def _rest_of_line(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a line in blocks: it belongs to an earlier part, and may have any length."""
    while block := file.readline(_READ_AT_A_TIME):
        yield block
        if block.endswith(b"\n"):
            return


def _decode(data: bytes, place: str, problems: Problems) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        problems.note("it is not valid UTF-8; invalid bytes are replaced by U+FFFD", place)
        return data.decode("utf-8", "replace")


def _read_record(line: bytes, path: str, place: str, reading: Reading, problems: Problems) -> _Read:
    is_by_python = False
    try:
        record = _fast_json()(line)
    except (ValueError, RecursionError):  # orjson refuses NaN and lone surrogates
        text = _decode(line, place, problems)
        if not text.strip():
            return
        try:
            record, is_by_python = json.loads(text), True
        except (ValueError, RecursionError):
            problems.note("it is not valid JSON", place)
            return
    value = _field(record, reading.text_field)
    if not isinstance(value, str):
        problems.note(_lacks(reading.text_field, value), place)
        return
    if is_by_python:
        value = _without_surrogates(value, path, problems)
    group = _field(record, reading.group) if reading.group not in (None, FOLDER) else ""
    if group is None:
        problems.note(f"it has no field {reading.group!r} for its group", place)
    elif not isinstance(group, (str, int)):
        # orjson reads whole numbers of more than 64 bits as floating-point ones.
        with suppress(ValueError, RecursionError):
            group = _field(json.loads(line.decode("utf-8", "replace")), reading.group)
    yield value, "" if group is None else str(group)


@cache
def _fast_json() -> Callable[[bytes], Any]:
    """Return orjson's reader, or where that package is not installed one that refuses all."""
    try:
        from orjson import loads
    except ImportError:
        return _refuse
    return loads  # type: ignore[no-any-return, unused-ignore]


def _refuse(_line: bytes) -> Any:
    raise ValueError


def _field(record: Any, name: str | None) -> Any:
    """Return a field of a record, which may be nested (`meta.lang`); None where it is absent."""
    if not isinstance(record, dict) or name is None:
        return None
    if name in record:
        return record[name]
    first, _, rest = name.partition(".")
    return _field(record.get(first), rest) if rest else None


def _lacks(name: str, value: object) -> str:
    return f"its field {name!r} is not a text" if value is not None else f"it has no field {name!r}"


def _read_table(
    file: IO[bytes], part: FilePart, reading: Reading, problems: Problems, progress: Progress | None
) -> _Read:
    delimiter = "\t" if reading.format_of(part.path) == "tsv" else ","
    buffered = io.BufferedReader(cast("io.RawIOBase", file))
    wrapped = io.TextIOWrapper(buffered, "utf-8-sig", errors="replace", newline="")
    try:
        require_text(buffered.peek(LONGEST_BEGINNING))
        yield from _read_rows(wrapped, delimiter, part, reading, problems)
    finally:
        # Otherwise the wrappers close the file.
        wrapped.detach()
        buffered.detach()
    if progress is not None:
        progress(part.bytes)


def _lines(file: IO[str], place: str) -> Iterator[str]:
    most = limits().file_size
    while line := file.readline(most + 1):
        require_end(line, place)
        yield line


def _read_rows(
    file: IO[str], delimiter: str, part: FilePart, reading: Reading, problems: Problems
) -> _Read:
    csv.field_size_limit(min(limits().file_size, 1 << 30))
    rows = csv.DictReader(_lines(file, part.path), delimiter=delimiter)
    names = [*(rows.fieldnames or ())]
    if names and names[0].startswith((2 * _REPLACEMENT, 2 * "\0")):
        raise CorpusError("it is UTF-16 or UTF-32 and not UTF-8 text", "Convert it with iconv.")
    if reading.text_field not in names:
        problems.note(_no_column(reading.text_field, names), part.path)
        return
    _require_columns(names, part, reading, problems)
    try:
        for row in rows:
            value = row.get(reading.text_field)
            name = f"{part.path} line {rows.line_num}"
            if value is None:
                problems.note(_lacks(reading.text_field, value), name)
                continue
            if _REPLACEMENT in value:
                problems.note("it contains U+FFFD, perhaps in place of invalid UTF-8", name)
            group = row.get(reading.group, "") if reading.group else ""
            yield value, group or ""
    except csv.Error as error:
        kind = f'it is not valid CSV ("{reason_of(error)}")'
        problems.note(kind, f"{part.path} line {rows.line_num}")


def _no_column(wanted: str, names: Sequence[str]) -> str:
    return f"it has no column {wanted!r}; it has {', '.join(map(repr, names[:10])) or 'none'}"


def _require_columns(
    names: Sequence[str], part: FilePart, reading: Reading, problems: Problems
) -> None:
    """Note that there is no column of groups. Raise CorpusError for two columns of one name."""
    for name in (reading.text_field, reading.group):
        if name and names.count(name) > 1:
            raise CorpusError(f"it has several columns {name!r}", "Give each a name of its own.")
    if reading.group not in (None, FOLDER, *names):
        problems.note(f"it has no column {reading.group!r} for its groups", part.path)


def _read_parquet(
    file: IO[bytes], part: FilePart, reading: Reading, problems: Problems, progress: Progress | None
) -> _Read:
    opened = open_parquet(file, part.path)
    names = opened.schema_arrow.names
    if reading.text_field not in names:
        problems.note(_no_column(reading.text_field, names), part.path)
        return
    _require_columns(names, part, reading, problems)
    groups = range(part.start, opened.metadata.num_row_groups if part.end is None else part.end)
    with_group = reading.group if reading.group in names else None
    columns = [reading.text_field, *([with_group] if with_group else [])]
    number = sum(opened.metadata.row_group(each).num_rows for each in range(part.start))
    for batch in opened.iter_batches(1024, row_groups=list(groups), columns=columns):
        name = f"{part.path} rows {number + 1} to {number + len(batch)}"
        texts = _values(batch.column(0), name, problems)
        values = _values(batch.column(1), name, problems) if with_group else [""] * len(texts)
        for text, value in zip(texts, values, strict=True):
            number += 1
            if isinstance(text, str):
                yield text, "" if value is None else str(value)
            else:
                problems.note(_lacks(reading.text_field, text), f"{part.path} row {number}")
    if progress is not None:
        progress(part.bytes)


def _values(column: Any, place: str, problems: Problems) -> list[Any]:
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        data = column.cast("large_binary").to_pylist()
        values = [None if each is None else _decode(each, place, problems) for each in data]
    return values


_READERS: dict[str, Callable[..., _Read]] = {
    "text": _read_lines,
    "csv": _read_table,
    "tsv": _read_table,
    "parquet": _read_parquet,
}

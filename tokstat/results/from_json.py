"""Build frozen dataclasses from plain data, with every field checked against its annotation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from tokstat.errors import ReportError, reason_of
from tokstat.io.limits import parse_json

_LARGEST = 2**63
"""Above every count and score; integers of thousands of digits have no decimal form."""

_Built = TypeVar("_Built")

_Reader = Callable[[Any], Any]

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
"""What plain data of another shape than expected leads to."""


def build(cls: type[_Built], data: Mapping[str, Any]) -> _Built:
    """Make an instance of a dataclass, and of those that its fields hold; lists become tuples.

    `Any` stands for what JSON writes as it is: a string, a number, a truth value or None.

    Raises:
        TypeError: a value is not of its field's type, or a field is unknown or missing.
    """
    readers = _readers_of(cls)  # type: ignore[arg-type]  # classes can be hashed
    required = {each.name for each in fields(cls) if _is_required(each)}  # type: ignore[arg-type]
    for key in (*sorted(data.keys() - readers.keys()), *sorted(required - data.keys())):
        raise TypeError(f"it {'has an unknown' if key in data else 'lacks the'} field {key!r:.60}")
    return cls(**{key: readers[key](value) for key, value in data.items()})


def _is_required(field: Field[Any]) -> bool:
    return field.init and field.default is MISSING and field.default_factory is MISSING


@contextmanager
def refusing(problem: str, command: str) -> Iterator[None]:
    """Raise ReportError with a problem for data of another shape than a command writes."""
    try:
        yield
    except UNREADABLE as error:
        raise ReportError(
            f"{problem}: {shape_of(error)}",
            f"Give the JSON that `tokstat {command} --json` wrote.",
        ) from error


def shape_of(error: BaseException) -> str:
    """Return what is wrong with data of another shape, for a message."""
    return f"it lacks {error}" if isinstance(error, KeyError) else reason_of(error)


_MARKS = {
    "tokstat_lock": "a lock",
    "labels": "a saved comparison",
    "differs": "a saved difference",
    "sections": "a saved report",
    "tables": "a saved corpus report",
    "texts": "a saved split of texts",
}


def kind_of_json(data: object) -> str:
    """Return what a JSON value is, of what tokstat writes and reads; "" if it is something else."""
    if not isinstance(data, Mapping):
        return ""
    if isinstance(data.get("model"), Mapping):
        return "a tokenizer"
    has_version = "schema_version" in data or "tokstat_lock" in data
    return next((name for key, name in _MARKS.items() if has_version and key in data), "")


def build_saved(cls: type[_Built], data: Mapping[str, Any], what: str, command: str) -> _Built:
    """Rebuild what a command saved, whose class has a `schema_version`.

    Raises:
        ReportError: for another schema version, or for data of another shape.
    """
    kind = kind_of_json(data)
    if kind not in ("", f"a saved {what}"):
        raise ReportError(
            f"The file is {kind} and not a saved {what}",
            f"Give the JSON that `tokstat {command} --json` wrote.",
        )
    version, own = data.get("schema_version"), cls.schema_version  # type: ignore[attr-defined]
    if version is None:
        raise ReportError(
            f"The file is not a saved {what}: it has no schema version",
            f"Give the JSON that `tokstat {command} --json` wrote.",
        )
    if version != own:
        raise ReportError(
            f"The {what} has schema version {version!r}, this tokstat reads {own}",
            f"Run tokstat {command} again with this version.",
        )
    with refusing(f"The data is not a saved {what}", command):
        return build(cls, data)


def parse_saved(text: str, what: str, command: str) -> Mapping[str, Any]:
    """Parse the JSON of something saved. Raises ReportError for a text that is none."""
    try:
        data = parse_json(text, f"The saved {what}")
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"A saved {what} was expected, and the text is not JSON: {reason_of(error)}",
            f"Give the JSON that `tokstat {command} --json` wrote.",
        ) from error
    return data if isinstance(data, dict) else {}


@cache
def _readers_of(cls: type[Any]) -> Mapping[str, _Reader]:
    """Return the readers of a class's fields; to work them out takes longer than to read."""
    return {
        name: partial(_read_field, f"{cls.__name__}.{name}", _reader_of(hint))
        for name, hint in get_type_hints(cls).items()
    }


def _reader_of(hint: Any) -> _Reader:
    """Return the function that reads a value of a type from plain data, or raises TypeError."""
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(build, hint)
    if origin in (Union, UnionType):
        (hint,) = (each for each in arguments if each is not NoneType)
        return partial(_read_optional, _reader_of(hint))
    if origin is tuple:
        readers = tuple(_reader_of(each) for each in arguments if each is not Ellipsis)
        return partial(_read_tuple, readers, arguments[-1] is Ellipsis)
    if origin in (dict, Mapping):
        return partial(_read_mapping, *map(_reader_of, arguments))
    if origin is Literal:
        return partial(_read_plain, lambda value: isinstance(value, str) and value in arguments)
    return partial(_read_plain, _TESTS.get(hint) or (lambda value: isinstance(value, hint)))


def _read_field(field: str, read: _Reader, value: object) -> object:
    try:
        return read(value)
    except TypeError as error:
        raise TypeError(f"{field}: {error}") from error


def _read_plain(fits: Callable[[object], bool], value: object) -> object:
    if not fits(value):
        raise TypeError(f"it may not be {value!r:.60}")
    return value


def _read_optional(read: _Reader, value: object) -> object:
    return None if value is None else read(value)


def _read_tuple(readers: tuple[_Reader, ...], repeats: bool, value: object) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)) or not (repeats or len(value) == len(readers)):
        raise TypeError(f"it may not be {value!r:.60}")
    if repeats:
        return tuple(map(readers[0], value))
    return tuple(read(item) for read, item in zip(readers, value, strict=True))


def _read_mapping(read_key: _Reader, read: _Reader, value: object) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"it may not be {value!r:.60}")
    return {read_key(key): read(item) for key, item in value.items()}


def is_number(value: object) -> bool:
    """Return whether a value is a finite number of ordinary size, and not a bool."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= _LARGEST and not math.isnan(value)


def _is_cell(value: object) -> bool:
    return value is None or isinstance(value, (str, bool)) or is_number(value)


_TESTS: dict[Any, Callable[[object], bool]] = {
    Any: _is_cell,
    float: is_number,
    int: lambda value: isinstance(value, int) and is_number(value),
}

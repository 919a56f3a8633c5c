"""Build frozen dataclasses from plain data, with every field checked against its annotation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_LARGEST = 2**63
"""Above every count and score; integers of thousands of digits have no decimal form."""

_Built = TypeVar("_Built")


def build(cls: type[_Built], data: Mapping[str, Any]) -> _Built:
    """Return an instance of a flat dataclass; lists become tuples.

    Raises:
        TypeError: a value is not of its field's type, or a field is unknown or missing.
    """
    hints = _hints(cls)  # type: ignore[arg-type]  # classes can be hashed
    values = {key: tuple(item) if isinstance(item, list) else item for key, item in data.items()}
    for key, value in values.items():
        if key in hints and not _fits(value, hints[key]):
            raise TypeError(f"{cls.__name__}.{key} cannot be {value!r:.60}")
    return cls(**values)


@cache
def _hints(cls: type[Any]) -> Mapping[str, Any]:
    """Return the annotations of a class; resolving them takes longer than checking a value."""
    return get_type_hints(cls)


def _fits(value: object, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in arguments)
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if arguments[-1] is Ellipsis:
            return all(_fits(item, arguments[0]) for item in value)
        return len(value) == len(arguments) and all(map(_fits, value, arguments))
    if origin is dict:
        keys, items = arguments
        return isinstance(value, dict) and all(
            _fits(key, keys) and _fits(item, items) for key, item in value.items()
        )
    if hint in (None, NoneType):
        return value is None
    if hint is float:
        return is_number(value)
    if hint is int:
        return isinstance(value, int) and is_number(value)
    return isinstance(value, origin or hint)


def is_number(value: object) -> bool:
    """Return whether a value is a finite number of ordinary size, and not a bool."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= _LARGEST and not math.isnan(value)

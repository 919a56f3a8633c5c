"""Check the values of saved counts, which anyone may have changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_MOST = 1 << 53
"""The bound on each saved count. No real count reaches it, and sums still fit into 64 bits."""


def as_numbers(values: Sequence[Any], length: int | None = None) -> tuple[int, ...]:
    """Return values that are valid counts or ids, `length` of them if given.

    Raises:
        TypeError: a value is not a whole number.
        ValueError: a value is out of range, or their number is wrong.
    """
    if not {*map(type, values)} <= {int}:
        raise TypeError("a count is not a whole number")
    if values and not 0 <= min(values) <= max(values) < _MOST:
        raise ValueError(f"a count is negative or not below {_MOST:,}")
    if length not in (None, len(values)):
        raise ValueError(f"it has {len(values):,} numbers where {length:,} are expected")
    return tuple(values)


def as_text(value: Any) -> str:
    """Return a value that is a text. Raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("a name is not a text")
    return value

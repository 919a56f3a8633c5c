"""Read the wire format of protocol buffers without a schema, and check every length.

The protobuf library would be a further dependency, and needs a module generated from a schema.
Each length is checked against the bytes that remain. Only requested values are copied.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5

_LONGEST_VARINT = 10

Value = int | memoryview


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """Yield the number and value of each field: an int for a varint, otherwise its bytes.

    Raises:
        ValueError: the bytes are not a message.
    """
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise ValueError(f"a field has the number 0 before byte {position:,}")
        if kind == VARINT:
            value, position = _varint(message, position)
            yield number, value
            continue
        if kind == LENGTH_DELIMITED:
            size, position = _varint(message, position)
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
        else:
            raise ValueError(f"a field has the unknown wire type {kind} before byte {position:,}")
        if size > len(message) - position:
            raise ValueError(
                f"a field declares {size:,} bytes where {len(message) - position:,} remain"
            )
        yield number, message[position : position + size]
        position += size


def as_bytes(value: Value) -> memoryview:
    """Return the bytes of a field. Raises ValueError for a varint."""
    if isinstance(value, int):
        raise ValueError("a field holds a number instead of bytes")
    return value


def as_text(value: Value) -> str:
    """Return the text of a field. Raises ValueError for invalid UTF-8."""
    return str(as_bytes(value), "utf-8")


def as_int(value: Value) -> int:
    """Return the number of a varint field. Raises ValueError for bytes."""
    if not isinstance(value, int):
        raise ValueError("a field holds bytes instead of a number")
    return value


def as_float(value: Value) -> float:
    """Return the number of a float field. Raises ValueError unless it has four bytes."""
    try:
        number: float = struct.unpack("<f", as_bytes(value))[0]
    except struct.error as error:
        raise ValueError("a field does not hold a float") from error
    return number


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """Return a varint and the position after it."""
    value = 0
    for shift in range(0, 7 * _LONGEST_VARINT, 7):
        if position >= len(message):
            raise ValueError("it ends within a number")
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise ValueError(f"a number has more than {_LONGEST_VARINT} bytes")

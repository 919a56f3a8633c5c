"""Make files of contents: compressed ones, and binary ones of what JSON says is in them.

Mutated bytes of a compressed file seldom pass its checksum, and those of a binary file its lengths;
what is mutated before does.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
from typing import Any

_NOT_SUCH_CONTENTS = (
    *(ValueError, TypeError, OverflowError, RecursionError, AttributeError),
    struct.error,
)
"""What mutated contents raise that cannot be packed; they are left as they are."""


def gzipped(data: bytes) -> bytes:
    """Compress by gzip."""
    return gzip.compress(data, 1, mtime=0)


def xz(data: bytes) -> bytes:
    """Compress by xz."""
    return lzma.compress(data, preset=0)


def bzip2(data: bytes) -> bytes:
    """Compress by bzip2."""
    return bz2.compress(data, 1)


def zstandard(data: bytes) -> bytes:
    """Compress by Zstandard."""
    import zstandard as library

    return library.compress(data, 1)


def protobuf(data: bytes) -> bytes:
    """Write a message: `[[number, value], …]`, where a list is a message of its own."""
    try:
        return _message(json.loads(data))
    except _NOT_SUCH_CONTENTS:
        return data


def _message(fields: Any) -> bytes:
    written = bytearray()
    for field in fields:
        number, value = field
        if isinstance(value, int):
            written += _varint(number << 3) + _varint(value % (1 << 64))
        elif isinstance(value, float):
            written += _varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            inner = _text(value) if isinstance(value, str) else _message(value)
            written += _varint(number << 3 | 2) + _varint(len(inner)) + inner
    return bytes(written)


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def gguf(data: bytes) -> bytes:
    """Write a header: `[[key, type, value], …]`; an array's value is its type and its items."""
    try:
        entries = json.loads(data)
        written = b"".join(
            _sized(_text(key)) + struct.pack("<I", kind) + _value(kind, value)
            for key, kind, value in entries
        )
    except _NOT_SUCH_CONTENTS:
        return data
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries)) + written


_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?"} | {
    10: "Q",
    11: "q",
    12: "d",
}


def _value(kind: int, value: Any) -> bytes:
    if kind == 8:
        return _sized(_text(value))
    if kind == 9:
        inner, items = value
        return struct.pack("<IQ", inner, len(items)) + b"".join(_value(inner, x) for x in items)
    return struct.pack("<" + _NUMBERS.get(kind, "B"), value)


def _sized(data: bytes) -> bytes:
    return struct.pack("<Q", len(data)) + data

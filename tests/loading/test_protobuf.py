"""Fields of messages, and bytes that are no message."""

from __future__ import annotations

import struct

import pytest

from tokstat.loading.protobuf import as_bytes, as_float, as_int, as_text, fields


def test_every_wire_type_is_read() -> None:
    message = b"\x08\x96\x01" + b"\x12\x03abc" + b"\x1d" + struct.pack("<f", 1.5)
    message += b"\x21" + bytes(8)
    found = dict(fields(memoryview(message)))
    assert as_int(found[1]) == 150
    assert as_text(found[2]) == "abc"
    assert as_float(found[3]) == 1.5
    assert bytes(as_bytes(found[4])) == bytes(8)


@pytest.mark.parametrize(
    "message",
    [
        b"\x08",  # a number is missing
        b"\x08\x80",  # a number ends early
        b"\x08" + b"\x80" * 11,  # a number is too long
        b"\x12\x04abc",  # a length reaches beyond the end
        b"\x1d\x00",  # a float is cut off
        b"\x0b",  # wire type 3
        b"\x00\x00",  # field 0
    ],
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        list(fields(memoryview(message)))


def test_values_of_another_type_are_refused() -> None:
    for read, value in ((as_bytes, 1), (as_text, 1), (as_int, memoryview(b"")), (as_float, 1)):
        with pytest.raises(ValueError, match="field"):
            read(value)
    with pytest.raises(ValueError, match="float"):
        as_float(memoryview(b"abc"))
    with pytest.raises(ValueError, match="utf-8"):
        as_text(memoryview(b"\xff"))

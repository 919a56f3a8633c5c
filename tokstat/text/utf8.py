"""Byte sequences as parts of UTF-8 text (RFC 3629)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from typing import Literal

Form = Literal["well-formed", "partial", "ill-formed"]
"""`well-formed`: text alone. `partial`: a part of some text. `ill-formed`: a part of no text."""

UTF8_BYTES = frozenset(range(256)) - {0xC0, 0xC1, *range(0xF5, 0x100)}
"""Bytes that occur in valid UTF-8."""

_TAILS = tuple(bytes([byte]) for byte in (0xB0, 0x80, 0xA0, 0x90, 0xBF, 0x8C, 0x84, 0x9F))
_ALL_TAILS = (
    *_TAILS,
    *(tail for byte in range(0x80, 0xC0) if (tail := bytes([byte])) not in _TAILS),
)
_LEADS = (b"\xdf", b"\xe2", b"\xf0", b"\xc3", b"\xd0", b"\xe4", b"\xd8", b"\xc2", b"\xce")
_ALL_LEADS = (
    *_LEADS,
    *(lead for byte in range(0xC2, 0xF5) if (lead := bytes([byte])) not in _LEADS),
)
"""Bytes that complete a character; encoders do not merge the bytes of rare characters."""


def has_lone_surrogates(text: str) -> bool:
    """Return whether a string has an unpaired surrogate, which JSON allows and UTF-8 does not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def form_of(sequence: bytes) -> Form:
    """Return whether bytes are text, a part of some text, or a part of no text.

    A part of a text is the end of a character, then whole characters, then the beginning of a
    character. Each of the three may be absent.
    """
    try:
        sequence.decode()
    except UnicodeDecodeError:
        pass
    else:
        return "well-formed"
    for head in range(min(3, _leading_tails(sequence)) + 1):
        if _is_text_and_beginning(sequence[head:]):
            return "partial"
    return "ill-formed"


def _leading_tails(sequence: bytes) -> int:
    """Count the continuation bytes (80 to BF) at the start of a sequence."""
    count = 0
    while count < len(sequence) and 0x80 <= sequence[count] < 0xC0:
        count += 1
    return count


def _is_text_and_beginning(sequence: bytes) -> bool:
    try:
        sequence.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def texts_around(sequence: bytes, most: int) -> Iterator[str]:
    """Yield at most `most` texts whose UTF-8 contains the bytes and as few others as possible.

    A partial sequence is completed to whole characters, in several ways. An ill-formed one yields
    nothing.
    """
    if form_of(sequence) == "ill-formed":
        return
    heads, tails = _heads(_leading_tails(sequence)), _fillings(_missing_tails(sequence))
    filled = (head + sequence + tail for tail, head in product(tails, heads))
    yield from islice(filter(None, map(text_of_bytes, filled)), most)


def text_of_bytes(sequence: bytes) -> str | None:
    """Return the text that bytes are in UTF-8, or None."""
    try:
        return sequence.decode()
    except UnicodeDecodeError:
        return None


@cache
def _heads(count: int) -> list[bytes]:
    """Return beginnings of characters whose last `count` continuation bytes are given."""
    if not 0 < count < 4:
        return [b""]
    return [
        lead + tail
        for between in range(4 - count)
        for tail in _fillings(between)
        for lead in _ALL_LEADS
    ]


def _missing_tails(sequence: bytes) -> int:
    """Count the continuation bytes that the last character lacks."""
    for back, byte in enumerate(reversed(sequence[-3:])):
        if byte >= 0xC0:
            return (1 if byte < 0xE0 else 2 if byte < 0xF0 else 3) - back
        if byte < 0x80:
            break
    return 0


@cache
def _fillings(count: int) -> list[bytes]:
    """Return sequences of `count` continuation bytes: all of one byte, some of two and three."""
    if count == 0:
        return [b""]
    return [
        *(tail * count for tail in _TAILS),
        *(tail + b"\x80" * (count - 1) for tail in _ALL_TAILS),
    ]

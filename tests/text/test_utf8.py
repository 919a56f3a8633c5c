"""Forms of byte sequences, against all characters and all short sequences."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokstat.text.utf8 import form_of, texts_around


@cache
def pairs_in_texts() -> frozenset[bytes]:
    """Every two bytes that stand beside each other in some text, from all code points there are."""
    codes = [*range(0xD800), *range(0xE000, 0x110000)]
    text = np.frombuffer("".join(map(chr, codes)).encode(), np.uint8).astype(np.int64)
    starts = np.flatnonzero((text & 0xC0) != 0x80)
    firsts, lasts = np.unique(text[starts]), np.unique(text[np.append(starts[1:], len(text)) - 1])
    inside = np.unique(text[:-1] * 256 + text[1:])
    across = (lasts[:, None] * 256 + firsts[None, :]).ravel()
    return frozenset(int(pair).to_bytes(2, "big") for pair in (*inside, *across))


def test_every_pair_of_bytes() -> None:
    known = pairs_in_texts()
    for first, second in product(range(256), repeat=2):
        sequence = bytes([first, second])
        assert (form_of(sequence) == "ill-formed") == (sequence not in known), sequence.hex()


def test_every_byte() -> None:
    known = {pair[at : at + 1] for pair in pairs_in_texts() for at in (0, 1)}
    assert len(known) == 256 - 13
    for byte in range(256):
        sequence = bytes([byte])
        assert (form_of(sequence) == "ill-formed") == (sequence not in known)


@given(st.text(min_size=1, max_size=4), st.data())
def test_parts_of_texts(text: str, data: st.DataObject) -> None:
    """Whatever is cut out of a text is not ill-formed, and texts around it hold it."""
    encoded = text.encode()
    start = data.draw(st.integers(0, len(encoded) - 1))
    part = encoded[start : data.draw(st.integers(start + 1, len(encoded)))]
    assert form_of(part) != "ill-formed"
    around = list(texts_around(part, 50))
    assert around
    assert all(part in each.encode() for each in around)


@given(st.binary(min_size=1, max_size=6))
def test_any_bytes(sequence: bytes) -> None:
    around = list(texts_around(sequence, 8))
    assert len(around) <= 8
    assert bool(around) == (form_of(sequence) != "ill-formed")
    assert all(sequence in each.encode() for each in around)


@pytest.mark.parametrize(
    ("sequence", "form"),
    [
        ("41", "well-formed"),
        ("f09f9982", "well-formed"),
        ("e296", "partial"),
        ("96 81", "partial"),
        ("82 f09f", "partial"),
        ("80 80 80", "partial"),
        ("80 80 80 80", "ill-formed"),
        ("c0", "ill-formed"),
        ("eda0", "ill-formed"),  # a surrogate
        ("f490", "ill-formed"),  # beyond the last code point
        ("e0 80", "ill-formed"),  # an overlong form
        ("e2 41", "ill-formed"),
    ],
)
def test_some(sequence: str, form: str) -> None:
    assert form_of(bytes.fromhex(sequence)) == form


@pytest.mark.parametrize(
    ("sequence", "first", "count"),
    [
        (b"a", "a", 1),
        (b"\xc3", "\u00f0", 64),
        (b"a\xe2\x82", "a\u20b0", 64),
        (b"\xe2\x80", "\u2030", 64),
        (b"\xe0\xa0", "\u0830", 64),
        (b"\xf0\x9f\x98", "\U0001f630", 64),
    ],
)
def test_texts_around_an_open_end(sequence: bytes, first: str, count: int) -> None:
    """The last character is filled up with what it lacks and no more; all of one byte are tried."""
    texts = list(texts_around(sequence, 1000))
    assert texts[0] == first
    filled = {text for text in texts if len(text.encode()) == len(first.encode())}
    assert len(filled) == count


@pytest.mark.parametrize(
    ("sequence", "texts"),
    [
        (b"\xb0", 30),  # of 30 two-byte leads each, and more with three and four bytes
        (b"\x80\x80", 1),
        (b"\xa0a\x80", 0),
        (b"\xff", 0),
    ],
)
def test_texts_around_an_open_beginning(sequence: bytes, texts: int) -> None:
    found = list(texts_around(sequence, 10_000))
    assert len(found) >= texts
    assert bool(found) == bool(texts)
    assert len({text for text in found if len(text) == 1 and len(text.encode()) == 2}) in (0, 30)


def test_as_many_texts_as_asked() -> None:
    assert [len(list(texts_around(b"\xe2", most))) for most in (0, 1, 7)] == [0, 1, 7]

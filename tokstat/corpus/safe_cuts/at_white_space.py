"""Find the places to cut a text at white space, from its UTF-8 bytes.

The places are those of `find_cuts` in `boundaries`, without cuts inside words. Only one
byte in six of prose is a space or newline, so this module decodes only their neighbours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.safe_cuts.boundaries import (
    LETTER,
    MARK,
    NUMBER,
    PUNCTUATION,
    SOLID,
    SPACE,
    WHITE,
    Boundaries,
    Codes,
    Mask,
    Places,
    classify,
)

Bytes = NDArray[np.uint8]
"""Well-formed UTF-8."""

_PAYLOAD = np.array([0, 0x1F, 0x0F, 0x07], np.uint32)
"""The payload bits of a character's first byte, by the number of bytes that follow it."""


def find_white_cuts(data: Bytes, starts: Places, boundaries: Boundaries) -> Places:
    """Return the byte offsets to cut before, in order: `starts`, and safe places at white space.

    `starts` holds the byte offsets of the document marks, shape (documents,), beginning with 0.
    """
    # The first and the last byte lack a neighbour.
    places = np.flatnonzero((data[1:-1] == ord(" ")) | (data[1:-1] == ord("\n"))) + 1
    if not boundaries.white or not len(places):
        return starts
    code_before, code_after = ending_before(data, places), starting_at(data, places + 1)
    class_before, class_after = classify(code_before), classify(code_after)
    is_space = data[places] == ord(" ")
    before = _is_solid(class_before)
    if not boundaries.after_marks:
        before &= class_before != MARK
    for character in boundaries.not_after:
        before &= code_before != ord(character)
    white = (class_before >= SPACE) & (class_before <= WHITE)
    after = _is_solid(class_after) & (class_after != MARK)
    word = (class_after == LETTER) | (class_after == NUMBER)
    kinds = boundaries.white
    after_run = after
    if kinds & {"last_space", "last_line"}:
        first = [ord(character) for character in boundaries.not_before]
        after_run = after & ~np.isin(code_after, first)
    at_place = np.zeros(len(places), np.bool_)
    after_place = at_place.copy()
    if "space" in kinds:
        at_place |= is_space & before & after
    if "last_space" in kinds:
        at_place |= is_space & white & after_run
    if "last_line" in kinds:
        at_place |= ~is_space & white & after_run
    if "line" in kinds:
        after_place |= ~is_space & before & word
    if "lines" in kinds:
        after_place |= ~is_space & white & word
    cuts = np.zeros(len(data), np.bool_)
    cuts[starts] = cuts[places[at_place]] = cuts[places[after_place] + 1] = True
    return np.flatnonzero(cuts)


def _is_solid(classes: NDArray[np.uint8]) -> Mask:
    return (classes >= SOLID) & (classes <= PUNCTUATION)


def starting_at(data: Bytes, places: Places) -> Codes:
    """Return the code points that start at the byte offsets `places`, shape as `places`."""
    codes = data[places].astype(np.uint32)
    wide = np.flatnonzero(codes >= 0x80)
    if len(wide):
        first = codes[wide]
        following = 1 + (first >= 0xE0).astype(np.int64) + (first >= 0xF0)
        codes[wide] = _decode(data, places[wide], following)
    return codes


def ending_before(data: Bytes, places: Places) -> Codes:
    """Return the code points that end right before `places`, shape as `places`."""
    codes = data[places - 1].astype(np.uint32)
    wide = np.flatnonzero(codes >= 0x80)
    if len(wide):
        following = np.ones(len(wide), np.int64)
        for back in (2, 3):
            starts_later = data[np.maximum(places[wide] - back, 0)] & 0xC0 == 0x80
            following += starts_later & (following == back - 1)
        codes[wide] = _decode(data, places[wide] - 1 - following, following)
    return codes


def _decode(data: Bytes, places: Places, following: NDArray[np.int64]) -> Codes:
    """Return the code points at `places` whose first byte has `following` more bytes (1 to 3)."""
    codes = data[places] & _PAYLOAD[following]
    for number in (1, 2, 3):
        more = following >= number
        codes[more] = codes[more] << 6 | data[places[more] + number] & np.uint32(0x3F)
    return codes

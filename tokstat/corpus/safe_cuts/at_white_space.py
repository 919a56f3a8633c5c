"""Find the places to cut a text at white space, from its UTF-8 bytes.

The places are those of `find_cuts` in `boundaries`, without cuts inside words. Only one
byte in six of prose is a space or newline, so this module decodes only their neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

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
    Classes,
    Codes,
    Mask,
    Places,
    classify,
)

Bytes = NDArray[np.uint8]
"""Well-formed UTF-8."""

_AT_A_TIME = 1 << 15
"""Places whose neighbours are looked at together. More of them do not fit into the CPU cache."""

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
    found = [starts]
    for low in range(0, len(places), _AT_A_TIME):
        found += _cuts_at(data, places[low : low + _AT_A_TIME], boundaries)
    # No place is in two of these. Timsort merges what is in order already.
    cuts = np.concatenate(found)
    cuts.sort(kind="stable")
    return cuts


def _cuts_at(data: Bytes, places: Places, boundaries: Boundaries) -> tuple[Places, Places]:
    """Return which of some spaces and newlines to cut before, and the places after the others."""
    left, right = _ending_before(data, places), _starting_at(data, places + 1)
    class_before, class_after = left.classes(), right.classes()
    is_space = data.take(places) == ord(" ")
    before = _is_solid(class_before)
    if not boundaries.after_marks:
        before &= class_before != MARK
    before &= ~left.are(boundaries.not_after)
    white = (class_before >= SPACE) & (class_before <= WHITE)
    after = _is_solid(class_after) & (class_after != MARK)
    word = (class_after == LETTER) | (class_after == NUMBER)
    kinds = boundaries.white
    after_run = after
    if kinds & {"last_space", "last_line"}:
        after_run = after & ~right.are(boundaries.not_before)
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
    return places.compress(at_place), places.compress(after_place) + 1


def _is_solid(classes: Classes) -> Mask:
    return (classes >= SOLID) & (classes <= PUNCTUATION)


@dataclass(frozen=True, eq=False)
class _Characters:
    """Hold some characters of a text, shape (characters,).

    `bytes` has the one byte of a character, or one of several; the characters at the indices `wide`
    have several, and the code points `codes`.
    """

    bytes: Bytes
    wide: Places
    codes: Codes

    def classes(self) -> Classes:
        """Return the class of each character."""
        found: Classes = _ascii_classes().take(self.bytes)
        found[self.wide] = classify(self.codes)
        return found

    def are(self, characters: Iterable[str]) -> Mask:
        """Tell which are one of `characters`."""
        found = np.zeros(len(self.bytes), np.bool_)
        for code in map(ord, characters):
            if code < _FIRST_WIDE:
                found |= self.bytes == code
            else:
                found[self.wide[self.codes == code]] = True
        return found

    def code_points(self) -> Codes:
        """Return the code point of each character."""
        found = self.bytes.astype(np.uint32)
        found[self.wide] = self.codes
        return found


_FIRST_WIDE = 0x80
"""The first code point of more than one byte."""


@cache
def _ascii_classes() -> Classes:
    """Return the class of each byte that is a character, shape (256,)."""
    return classify(np.arange(256, dtype=np.uint32))


def starting_at(data: Bytes, places: Places) -> Codes:
    """Return the code points that start at the byte offsets `places`, shape as `places`."""
    return _starting_at(data, places).code_points()


def ending_before(data: Bytes, places: Places) -> Codes:
    """Return the code points that end right before `places`, shape as `places`."""
    return _ending_before(data, places).code_points()


def _starting_at(data: Bytes, places: Places) -> _Characters:
    first = data.take(places)
    wide = np.flatnonzero(first >= _FIRST_WIDE)
    begins = first.take(wide)
    following = 1 + (begins >= 0xE0).astype(np.intp) + (begins >= 0xF0)
    return _Characters(first, wide, _decode(data, places.take(wide), following))


def _ending_before(data: Bytes, places: Places) -> _Characters:
    last = data.take(places - 1)
    wide = np.flatnonzero(last >= _FIRST_WIDE)
    ends = places.take(wide)
    following = np.ones(len(wide), np.intp)
    for back in (2, 3):
        starts_later = data.take(np.maximum(ends - back, 0)) & 0xC0 == 0x80
        following += starts_later & (following == back - 1)
    return _Characters(last, wide, _decode(data, ends - 1 - following, following))


def _decode(data: Bytes, places: Places, following: Places) -> Codes:
    """Return the code points at `places` whose first byte has `following` more bytes (1 to 3)."""
    codes: Codes = data.take(places) & _PAYLOAD.take(following)
    codes = codes << 6 | data.take(places + 1) & np.uint32(0x3F)
    for number in (2, 3):
        more = np.flatnonzero(following >= number)
        rest = data.take(places.take(more) + number) & np.uint32(0x3F)
        codes[more] = codes.take(more) << 6 | rest
    return codes

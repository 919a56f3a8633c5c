"""Find the places where a text may be cut, from the characters around each place.

All documents are joined into one string, and a mark (`DOCUMENT`) precedes each of them.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import AnyStr, Literal

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Classes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

WhiteBoundary = Literal["space", "last_space", "line", "lines", "last_line"]
"""A kind of place to cut at white space; the bar shows the cut:

- `space`: a solid character, | a space, a solid character
- `last_space`: white space, | a space, a solid character
- `line`: a solid character, a newline, | a letter or digit
- `lines`: white space, a newline, | a letter or digit
- `last_line`: white space, | a newline, a solid character
"""

WHITE_BOUNDARIES: tuple[WhiteBoundary, ...] = (
    "space",
    "last_space",
    "line",
    "lines",
    "last_line",
)

PairKind = Literal["letter", "number", "punctuation"]
Pair = tuple[PairKind, PairKind]
"""A kind of place to cut inside a word: between a character of the first and one of the second."""

PAIRS: tuple[Pair, ...] = (
    ("letter", "number"),
    ("letter", "punctuation"),
    ("number", "letter"),
    ("number", "punctuation"),
    ("punctuation", "letter"),
    ("punctuation", "number"),
)

DOCUMENT = "\U0010ffff"
"""The mark before each document. No text may contain it or `SEPARATOR`; both are noncharacters."""

SEPARATOR = "\U0010fffe"
"""The mark between texts that are encoded together."""

LAST_ASSIGNED = 0x32400
"""From here on, code points are unassigned, private or invisible."""

OTHER, SPACE, NEWLINE, WHITE, SOLID, MARK, LETTER, NUMBER, PUNCTUATION, _NEW = range(10)
"""Classes of characters. Only white space and solid characters may stand beside a cut.

White space means spaces, newlines, tabs and carriage returns. Solid characters are letters,
numbers, punctuation, marks and the rest; no cut may precede a mark. A normalizer may turn
characters of the class `OTHER` into something else."""

_KINDS: dict[PairKind, int] = {
    "letter": LETTER,
    "number": NUMBER,
    "punctuation": PUNCTUATION,
}

_SENTENCEPIECE_SPACE = "▁"
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e")
"""Characters that never end a grapheme (UAX 29, Prepend). Some normalizers work on graphemes."""


@dataclass(frozen=True)
class Boundaries:
    """Define where to cut: kinds of places, and characters that forbid a cut beside them.

    No cut may follow a character of `not_after`. No cut may divide a run of white space before a
    character of `not_before`. An added token may start there, and the pipeline then sees the run
    without what follows it. Cuts may follow a mark only with `after_marks`, because a normalizer
    may drop marks.
    """

    white: frozenset[WhiteBoundary] = frozenset()
    pairs: frozenset[Pair] = frozenset()
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    after_marks: bool = True

    def __and__(self, other: Boundaries) -> Boundaries:
        """Return the places where both allow a cut."""
        return Boundaries(
            self.white & other.white,
            self.pairs & other.pairs,
            self.not_after | other.not_after,
            self.not_before | other.not_before,
            self.after_marks and other.after_marks,
        )


def code_points(text: str) -> Codes:
    """Return the code points of a text, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def characters_before(data: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return how many characters of UTF-8 begin before each byte, shape (bytes + 1,)."""
    is_first = data & 0xC0 != 0x80
    if is_first.all():
        return np.arange(len(data) + 1, dtype=np.int32)
    found = np.zeros(len(data) + 1, np.int32)
    np.cumsum(is_first, out=found[1:])
    return found


def distinct_codes(codes: Codes) -> Places:
    """Return the distinct code points in order, sooner than `np.unique`."""
    is_seen = np.zeros(0x110000, np.bool_)
    is_seen[codes] = True
    return np.flatnonzero(is_seen)


def utf8_lengths(codes: Codes) -> NDArray[np.uint8]:
    """Return the number of UTF-8 bytes of each character, shape as `codes`."""
    lengths = np.ones(len(codes), np.uint8)
    for least in (0x80, 0x800, 0x10000):
        lengths += codes >= least
    return lengths


def find_cuts(codes: Codes, boundaries: Boundaries) -> Mask:
    """Return a mask of the characters to cut before, shape as `codes`.

    Every document starts with a cut.
    """
    classes = classify(codes)
    cuts: Mask = codes == ord(DOCUMENT)
    if len(codes) < 2:
        return cuts
    solid = (classes >= SOLID) & (classes <= PUNCTUATION)
    before = solid.copy() if boundaries.after_marks else solid & (classes != MARK)
    for character in boundaries.not_after:
        before &= codes != ord(character)
    cuts[1:] |= _pair_cuts(classes, before, boundaries)
    if boundaries.white:
        white = (classes >= SPACE) & (classes <= WHITE)
        after = solid & (classes != MARK)
        word = (classes == LETTER) | (classes == NUMBER)
        kinds = boundaries.white
        after_run = after
        if kinds & {"last_space", "last_line"}:
            first = [ord(character) for character in boundaries.not_before]
            after_run = after & ~np.isin(codes, first)
        for kind, at, right in (
            ("space", SPACE, after),
            ("last_space", SPACE, after_run),
            ("last_line", NEWLINE, after_run),
        ):
            if kind in kinds:
                left = before if kind == "space" else white
                cuts[1:-1] |= (classes[1:-1] == at) & left[:-2] & right[2:]
        for kind, left in (("line", before), ("lines", white)):
            if kind in kinds:
                cuts[2:] |= (classes[1:-1] == NEWLINE) & left[:-2] & word[2:]
    return cuts


def _pair_cuts(classes: Classes, before: Mask, boundaries: Boundaries) -> Mask:
    """Return a mask of the cuts inside words, shape (len(classes) - 1,).

    Entry i stands for a cut before character i + 1.
    """
    if not boundaries.pairs:
        return np.zeros(len(classes) - 1, np.bool_)
    table = np.zeros((_NEW, _NEW), np.bool_)
    for first, second in boundaries.pairs:
        table[_KINDS[first], _KINDS[second]] = True
    found: Mask = table.ravel()[classes[:-1] * np.uint8(_NEW) + classes[1:]]
    return found & before[:-1]


@cache
def _class_table() -> Classes:
    return np.full(0x110000, _NEW, np.uint8)


def classify(codes: Codes) -> Classes:
    """Return the class of each character, shape as `codes`. Classes are cached by character."""
    table = _class_table()
    classes: Classes = table.take(codes)
    is_new = classes == _NEW
    if is_new.any():
        for code in distinct_codes(codes[is_new]).tolist():
            table[code] = _class_of(chr(code))
        classes = table.take(codes)
    return classes


def _class_of(character: str) -> int:
    if character in " \n\t\r":
        return {" ": SPACE, "\n": NEWLINE}.get(character, WHITE)
    category = unicodedata.category(character)[0]
    if category not in "LMNPS" or not _is_plain(character):
        return OTHER
    if category == "M":
        return MARK
    # A class holds only if every normal form stays in it: "İ".lower() contains a mark.
    forms = {
        unicodedata.normalize(form, case)
        for form in ("NFC", "NFKC")
        for case in (character, character.lower())
    }
    categories = {unicodedata.category(each) for form in forms for each in form}
    if categories <= {"Lu", "Ll", "Lt", "Lm", "Lo"}:
        return LETTER
    if categories <= {"Nd", "Nl", "No"}:
        return NUMBER
    if categories <= {"Pd", "Ps", "Pe", "Pi", "Pf", "Po"} and "'" not in "".join(forms):
        return PUNCTUATION
    return SOLID


def _is_plain(character: str) -> bool:
    """Whether every known normalizer leaves a character beside a cut in its class.

    Three kinds of characters are not plain. Some decompose into white space, a mark or nothing.
    SentencePiece turns U+FFFD into white space and writes a space as `▁`. Prepended characters
    form one grapheme with the next character.
    """
    if character in _PREPENDED or character in (_SENTENCEPIECE_SPACE, "\ufffd"):
        return False
    decomposed = unicodedata.normalize("NFKD", character)
    becomes_mark = unicodedata.combining(decomposed[0]) and not unicodedata.combining(character)
    return not becomes_mark and not any(each.isspace() for each in decomposed)


def find_all(text: AnyStr, string: AnyStr) -> Iterable[int]:
    """Yield every place where a string occurs in a text, including overlapping ones."""
    place = text.find(string)
    while place >= 0:
        yield place
        place = text.find(string, place + 1)


def cut_outside(mask: Mask, text: str, contents: Iterable[str]) -> None:
    """Remove from `mask` the cuts inside each occurrence of some strings, overlapping or not."""
    for content in contents:
        for place in find_all(text, content):
            mask[place + 1 : place + len(content)] = False


def pairs_inside(text: str) -> frozenset[Pair]:
    """Return the kinds of places inside words that a string contains."""
    kinds = {code: kind for kind, code in _KINDS.items()}
    classes = classify(code_points(text)).tolist()
    return frozenset(
        (kinds[first], kinds[second])
        for first, second in itertools.pairwise(classes)
        if first in kinds and second in kinds
    )


def is_plain(codes: Codes) -> Mask:
    """Tell which characters may stand beside a cut and are no white space, shape as `codes`."""
    found: Mask = classify(codes) >= SOLID
    return found

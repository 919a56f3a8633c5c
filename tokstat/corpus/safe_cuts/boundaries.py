"""Where a text may be cut: places between two characters, found by what stands around them.

Documents lie end to end in one string, each behind a mark of its own.
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

WhiteBoundary = Literal["blank", "last_blank", "line", "lines", "last_line"]
"""A place to cut at white space, the cut being at the bar:

- `blank`: a solid character, | a blank, a solid character
- `last_blank`: white space, | a blank, a solid character
- `line`: a solid character, a newline, | a letter or digit
- `lines`: white space, a newline, | a letter or digit
- `last_line`: white space, | a newline, a solid character
"""

WHITE_BOUNDARIES: tuple[WhiteBoundary, ...] = (
    "blank",
    "last_blank",
    "line",
    "lines",
    "last_line",
)

PairKind = Literal["letter", "number", "punctuation"]
Pair = tuple[PairKind, PairKind]
"""A place to cut inside a word: a character of the first kind, | one of the second."""

PAIRS: tuple[Pair, ...] = (
    ("letter", "number"),
    ("letter", "punctuation"),
    ("number", "letter"),
    ("number", "punctuation"),
    ("punctuation", "letter"),
    ("punctuation", "number"),
)

DOCUMENT = "\U0010ffff"
"""The mark before each document. Like the other noncharacter it may not occur in a text."""

SEPARATOR = "\U0010fffe"
"""What stands between texts that are encoded together."""

OTHER, BLANK, NEWLINE, WHITE, SOLID, MARK, LETTER, NUMBER, PUNCTUATION, _NEW = range(10)
"""Classes of characters. Beside a cut there are blanks, newlines, other white space (tabs and
carriage returns), and solid characters: marks, which no cut may precede, letters, numbers,
punctuation and the rest. `OTHER` are those that a normalizer may turn into something else."""

_KINDS: dict[PairKind, int] = {
    "letter": LETTER,
    "number": NUMBER,
    "punctuation": PUNCTUATION,
}

_SENTENCEPIECE_BLANK = "▁"
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e")
"""Characters that no grapheme ends with (UAX 29, Prepend); normalizers may work by graphemes."""


@dataclass(frozen=True)
class Boundaries:
    """Say where to cut: the kinds of places, and characters that none of them may follow.

    `not_before` are characters that a run of white space before them may not be cut for: what they
    begin may be an added token, which the rest of the pipeline does not see behind the run. Unless
    `after_marks`, none may follow a mark, which a normalizer may drop.
    """

    white: frozenset[WhiteBoundary] = frozenset()
    pairs: frozenset[Pair] = frozenset()
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    after_marks: bool = True

    def __and__(self, other: Boundaries) -> Boundaries:
        """Cut only where both do."""
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


def utf8_lengths(codes: Codes) -> NDArray[np.uint8]:
    """Return how many bytes each character takes in UTF-8, shape as `codes`."""
    lengths = np.ones(len(codes), np.uint8)
    for least in (0x80, 0x800, 0x10000):
        lengths += codes >= least
    return lengths


def find_cuts(codes: Codes, boundaries: Boundaries) -> Mask:
    """Tell before which characters to cut, shape as `codes`; always before a document."""
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
        white = (classes >= BLANK) & (classes <= WHITE)
        after = solid & (classes != MARK)
        word = (classes == LETTER) | (classes == NUMBER)
        kinds = boundaries.white
        behind_run = after
        if kinds & {"last_blank", "last_line"}:
            first = [ord(character) for character in boundaries.not_before]
            behind_run = after & ~np.isin(codes, first)
        for kind, at, ahead in (
            ("blank", BLANK, after),
            ("last_blank", BLANK, behind_run),
            ("last_line", NEWLINE, behind_run),
        ):
            if kind in kinds:
                behind = before if kind == "blank" else white
                cuts[1:-1] |= (classes[1:-1] == at) & behind[:-2] & ahead[2:]
        for kind, behind in (("line", before), ("lines", white)):
            if kind in kinds:
                cuts[2:] |= (classes[1:-1] == NEWLINE) & behind[:-2] & word[2:]
    return cuts


def _pair_cuts(classes: Classes, before: Mask, boundaries: Boundaries) -> Mask:
    """Tell before which characters from the second on to cut inside words."""
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
    """Return the class of each character, shape as `codes`; a distinct one is looked up once."""
    table = _class_table()
    classes: Classes = table[codes]
    new = codes[classes == _NEW]
    if len(new):
        for code in np.unique(new).tolist():
            table[code] = _class_of(chr(code))
        classes = table[codes]
    return classes


def _class_of(character: str) -> int:
    if character in " \n\t\r":
        return {" ": BLANK, "\n": NEWLINE}.get(character, WHITE)
    category = unicodedata.category(character)[0]
    if category not in "LMNPS" or not _is_plain(character):
        return OTHER
    if category == "M":
        return MARK
    # Whether the normalizers make of it only characters of its kind; "İ".lower() has a mark.
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
    """Whether a character stays beside a cut what it is, whichever normalizer it goes through.

    Not so for those that decompose into white space, a mark or nothing, that SentencePiece turns
    into white space (the replacement character) or uses for it, and that take the next character
    into their grapheme.
    """
    if character in _PREPENDED or character in (_SENTENCEPIECE_BLANK, "\ufffd"):
        return False
    decomposed = unicodedata.normalize("NFKD", character)
    becomes_mark = unicodedata.combining(decomposed[0]) and not unicodedata.combining(character)
    return not becomes_mark and not any(each.isspace() for each in decomposed)


def find_all(text: AnyStr, string: AnyStr) -> Iterable[int]:
    """Yield every place where a string begins in a text, overlapping ones, too."""
    place = text.find(string)
    while place >= 0:
        yield place
        place = text.find(string, place + 1)


def cut_outside(mask: Mask, text: str, contents: Iterable[str]) -> None:
    """Take back the cuts inside each occurrence of some strings, overlapping ones, too."""
    for content in contents:
        for place in find_all(text, content):
            mask[place + 1 : place + len(content)] = False


def pairs_inside(text: str) -> frozenset[Pair]:
    """Return the kinds of places to cut inside words that a string has."""
    kinds = {code: kind for kind, code in _KINDS.items()}
    classes = classify(code_points(text)).tolist()
    return frozenset(
        (kinds[first], kinds[second])
        for first, second in itertools.pairwise(classes)
        if first in kinds and second in kinds
    )


def plain_characters() -> list[str]:
    """Return the characters that may stand beside a cut, but for white space."""
    last_assigned = 0x323B0
    classes = classify(np.arange(last_assigned, dtype=np.uint32))
    return [chr(code) for code in np.flatnonzero(classes >= SOLID).tolist()]

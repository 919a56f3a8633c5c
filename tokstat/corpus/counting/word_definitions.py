"""Define what a word is, in several ways, and find words in an array of characters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    SEPARATOR,
    Codes,
    Mask,
)
from tokstat.errors import CorpusError

_PROPERTIES = (
    *("CR", "LF", "Newline", "Extend", "ZWJ", "Format", "Katakana", "Hebrew_Letter", "ALetter"),
    *("Single_Quote", "Double_Quote", "MidNumLet", "MidLetter", "MidNum", "Numeric"),
    *("ExtendNumLet", "WSegSpace", "Regional_Indicator"),
)
"""The values of Word_Break in use. A character's class is one more than the index here."""

_CLASS = {name: number for number, name in enumerate(_PROPERTIES, 1)}
_ALPHANUMERIC, _PICTOGRAPH, _EXTENDING, _SPACE, _LETTER, _WORD = 32, 64, 128, 1, 2, 4


@dataclass(frozen=True)
class Spans:
    """Hold the start and end of each word of a text, in order, without overlap."""

    starts: NDArray[np.int32] | NDArray[np.int64]
    ends: NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True)
class WordDefinition:
    """Hold a definition of words: its name, text and source, and the function that finds words."""

    name: str
    definition: str
    source: str
    find: Callable[[Codes], Spans]


def words_named(name: str) -> WordDefinition:
    """Return the definition of words of a name. Raises CorpusError for an unknown name."""
    if name == NO_WORDS.name:
        return NO_WORDS
    if name not in WORDS:
        raise CorpusError(
            f"{name!r} is not a definition of words",
            f"Known definitions are {', '.join(WORDS)}.",
        )
    return WORDS[name]


_LEARNING = Lock()

_ROW = 7
"""Bits of a code point that its neighbours do not share, as far as they are learnt together."""

# These are made here, as two threads that ask a cache for them at once may each make their own.
_BREAKS = np.zeros(0x110000, np.uint8)
_SIMPLE = np.zeros(0x110000, np.uint8)
_KNOWN = np.zeros(0x110000, np.bool_)
"""Tables over code points: Word_Break classes with flags, simple flags, and which are known."""


def _breaks(codes: Codes) -> NDArray[np.uint8]:
    """Return the Word_Break class of each character, with flags, shape as `codes`."""
    _learn(codes)
    found: NDArray[np.uint8] = _BREAKS.take(codes)
    return found


def _simple(codes: Codes) -> NDArray[np.uint8]:
    """Return the simple flags of each character, shape as `codes`."""
    _learn(codes)
    found: NDArray[np.uint8] = _SIMPLE.take(codes)
    return found


def _learn(codes: Codes) -> None:
    """Put the characters into the tables that are not there yet."""
    if not _KNOWN.take(codes).all():
        # Several threads find words at once, and one would overwrite what another writes.
        with _LEARNING:
            _learn_new(codes)


def _learn_new(codes: Codes) -> None:
    import regex

    # Where one character is new, its neighbours in Unicode soon are.
    rows = np.flatnonzero(np.bincount(codes.compress(~_KNOWN.take(codes)) >> _ROW))
    new = (rows[:, None] << _ROW) + np.arange(1 << _ROW)
    text = "".join(map(chr, new.ravel().tolist()))
    for table, value, pattern in (
        *((_BREAKS, value, rf"\p{{WB={name}}}") for name, value in _CLASS.items()),
        (_BREAKS, _CLASS["Newline"], f"[{DOCUMENT}{SEPARATOR}]"),
        (_BREAKS, _ALPHANUMERIC, r"[\p{Alphabetic}\p{N}]"),
        (_BREAKS, _PICTOGRAPH, r"\p{Extended_Pictographic}"),
        (_SIMPLE, _SPACE, rf"[\s{DOCUMENT}{SEPARATOR}]"),
        (_SIMPLE, _LETTER, r"[\p{L}\p{M}]"),
        (_SIMPLE, _WORD, r"\w"),
    ):
        found = [ord(each) for each in regex.findall(pattern, text)]
        table[found] |= np.uint8(value)
    _BREAKS[new[_EXTENDS[_BREAKS[new] & _CLASS_BITS]]] |= np.uint8(_EXTENDING)
    _KNOWN[new] = True


def _are(*names: str) -> Mask:
    """Return a table of the classes that have one of these values."""
    mask = np.zeros(_CLASSES, np.bool_)
    mask[[_CLASS[name] for name in names]] = True
    return mask


_CLASSES = 32
_CLASS_BITS = _CLASSES - 1
_EXTENDS = _are("Extend", "Format", "ZWJ")
_LINE_ENDS = _are("CR", "LF", "Newline")
_MIDDLE = _are("MidLetter", "MidNum", "MidNumLet", "Single_Quote", "Double_Quote")


@cache
def _joined_pairs() -> Mask:
    """Return the pairs of classes without a boundary between them, shape (classes squared,)."""
    letter, number, katakana = _are("ALetter", "Hebrew_Letter"), _are("Numeric"), _are("Katakana")
    connector = _are("ExtendNumLet")
    joinable = letter | number | katakana
    joined = np.outer(letter, letter | number)  # WB5, WB9
    joined |= np.outer(_are("Hebrew_Letter"), _are("Single_Quote"))  # WB7a
    joined |= np.outer(number, number | letter)  # WB8, WB10
    joined |= np.outer(katakana, katakana)  # WB13
    joined |= np.outer(joinable | connector, connector)  # WB13a
    joined |= np.outer(connector, joinable)  # WB13b
    joined |= np.outer(_are("WSegSpace"), _are("WSegSpace"))  # WB3d
    return joined.ravel()


@cache
def _joined_triples() -> Mask:
    """Return the triples of classes whose middle one joins the others, shape (classes cubed,)."""
    letter, hebrew, number = (
        _are("ALetter", "Hebrew_Letter"),
        _are("Hebrew_Letter"),
        _are("Numeric"),
    )
    found = np.zeros((_CLASSES, _CLASSES, _CLASSES), np.bool_)
    for side, middle in (
        (letter, _are("MidLetter", "MidNumLet", "Single_Quote")),  # WB6, WB7
        (hebrew, _are("Double_Quote")),  # WB7b, WB7c
        (number, _are("MidNum", "MidNumLet", "Single_Quote")),  # WB11, WB12
    ):
        found |= side[:, None, None] & middle[None, :, None] & side[None, None, :]
    return found.ravel()


def _unicode_words(codes: Codes) -> Spans:
    """Find the segments between word boundaries that contain a letter or a number.

    Source: UAX 29, whose rule numbers (WB4 and so on) the comments cite.
    """
    flags = _breaks(codes)
    # WB4: a character that extends belongs to the previous one, except at the start and after a
    # line end.
    kept = flags < _EXTENDING
    extends = np.flatnonzero(~kept)
    if len(extends):
        kept[extends[_LINE_ENDS[flags[extends - 1] & _CLASS_BITS]]] = True
        kept[0] = True
    places = np.flatnonzero(kept)
    kinds = (flags.take(places) & _CLASS_BITS).astype(np.intp)
    pairs = kinds[:-1] * _CLASSES + kinds[1:]
    joined = np.zeros(len(kinds), np.bool_)
    joined[1:] = _joined_pairs().take(pairs)
    if len(extends):  # WB3d joins only spaces that are neighbours
        spaces = np.flatnonzero(pairs == _CLASS["WSegSpace"] * (_CLASSES + 1)) + 1
        joined[spaces] = places[spaces] - places[spaces - 1] == 1
    middle = np.flatnonzero(_MIDDLE.take(kinds[1:-1])) + 1
    middle = middle[_joined_triples()[pairs[middle - 1] * _CLASSES + kinds[middle + 1]]]
    joined[middle] = joined[middle + 1] = True
    flag = kinds == _CLASS["Regional_Indicator"]
    if flag.any():
        order = np.arange(len(kinds))
        since = order - np.maximum.accumulate(np.where(flag, 0, order + 1))
        joined |= flag & (since % 2 == 1)  # WB15, WB16
    joiner = extends[flags[extends] & _CLASS_BITS == _CLASS["ZWJ"]] + 1
    if len(joiner):  # WB3c
        joiner = joiner[joiner < len(codes)]
        pictures = joiner[(flags[joiner] & _PICTOGRAPH) > 0]
        joined[np.searchsorted(places, pictures)] = True
    starts = places.compress(~joined)
    ends = np.append(starts[1:], len(codes))[: len(starts)]
    is_alphanumeric = flags & _ALPHANUMERIC > 0
    so_far = np.cumsum(is_alphanumeric, dtype=np.int32)
    is_word = so_far.take(ends - 1) > so_far.take(starts) - is_alphanumeric.take(starts)
    return Spans(starts.compress(is_word), ends.compress(is_word))


def _runs(mask: Mask) -> Spans:
    """Return the maximal runs where a mask is true."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return Spans(edges[::2], edges[1::2])


def _merge(one: Spans, other: Spans) -> Spans:
    starts = np.concatenate([one.starts, other.starts])
    order = np.argsort(starts)
    return Spans(starts[order], np.concatenate([one.ends, other.ends])[order])


def _whitespace_words(codes: Codes) -> Spans:
    return _runs((_simple(codes) & _SPACE) == 0)


def _letter_words(codes: Codes) -> Spans:
    return _runs((_simple(codes) & _LETTER) > 0)


def _word_characters(codes: Codes) -> Spans:
    return _runs((_simple(codes) & _WORD) > 0)


def _words_and_punctuation(codes: Codes) -> Spans:
    simple = _simple(codes)
    return _merge(_runs((simple & _WORD) > 0), _runs((simple & (_WORD | _SPACE)) == 0))


_DEFINITIONS = (
    WordDefinition(
        "unicode",
        "segments between Unicode word boundaries that contain a letter or a number",
        "UAX 29",
        _unicode_words,
    ),
    WordDefinition(
        "whitespace",
        "runs of characters without white space, including punctuation",
        "Python's str.split",
        _whitespace_words,
    ),
    WordDefinition("letters", "runs of letters and marks", r"[\p{L}\p{M}]+", _letter_words),
    WordDefinition(
        "word-characters", "runs of letters, digits and connectors", r"\w+", _word_characters
    ),
    WordDefinition(
        "wordpunct",
        "runs of letters, digits and connectors, and runs of other visible characters",
        r"\w+|[^\w\s]+, as NLTK's wordpunct_tokenize",
        _words_and_punctuation,
    ),
)

NO_WORDS = WordDefinition(
    "none",
    "not counted: tokens alone are",
    "",
    lambda codes: Spans(np.zeros(0, np.int64), np.zeros(0, np.int64)),
)

WORDS: Mapping[str, WordDefinition] = {each.name: each for each in _DEFINITIONS}
"""Definitions of words by name. No word contains white space, so cuts there divide no word."""

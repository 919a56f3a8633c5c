"""Define what a word is, in several ways, and find words in an array of characters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR, Codes, Mask, Places
from tokstat.errors import CorpusError

_PROPERTIES = (
    *("CR", "LF", "Newline", "Extend", "ZWJ", "Format", "Katakana", "Hebrew_Letter", "ALetter"),
    *("Single_Quote", "Double_Quote", "MidNumLet", "MidLetter", "MidNum", "Numeric"),
    *("ExtendNumLet", "WSegSpace", "Regional_Indicator"),
)
"""The values of Word_Break in use. A character's class is one more than the index here."""

_CLASS = {name: number for number, name in enumerate(_PROPERTIES, 1)}
_ALPHANUMERIC, _PICTOGRAPH, _SPACE, _LETTER, _WORD = 32, 64, 1, 2, 4


@dataclass(frozen=True)
class Spans:
    """Hold the start and end of each word of a text, in order, without overlap."""

    starts: Places
    ends: Places


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


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8], Mask]:
    """Return tables over code points: Word_Break classes with flags, simple flags, and known."""
    return (
        np.zeros(0x110000, np.uint8),
        np.zeros(0x110000, np.uint8),
        np.zeros(0x110000, np.bool_),
    )


def _look_up(codes: Codes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    import regex

    breaks, simple, known = _tables()
    new = codes[~known[codes]]
    if len(new):
        distinct = np.unique(new)
        text = "".join(map(chr, distinct.tolist()))
        for table, value, pattern in (
            *((breaks, value, rf"\p{{WB={name}}}") for name, value in _CLASS.items()),
            (breaks, _CLASS["Newline"], f"[{DOCUMENT}{SEPARATOR}]"),
            (breaks, _ALPHANUMERIC, r"[\p{Alphabetic}\p{N}]"),
            (breaks, _PICTOGRAPH, r"\p{Extended_Pictographic}"),
            (simple, _SPACE, rf"[\s{DOCUMENT}{SEPARATOR}]"),
            (simple, _LETTER, r"[\p{L}\p{M}]"),
            (simple, _WORD, r"\w"),
        ):
            found = [ord(each) for each in regex.findall(pattern, text)]
            table[found] |= np.uint8(value)
        known[distinct] = True
    return breaks[codes], simple[codes]


def _unicode_words(codes: Codes) -> Spans:
    """Find the segments between word boundaries that contain a letter or a number.

    Source: UAX 29, whose rule numbers (WB4 and so on) the comments cite.
    """
    flags, _ = _look_up(codes)
    classes = flags & 31

    def of(*names: str) -> Mask:
        mask = np.zeros(32, np.bool_)
        mask[[_CLASS[name] for name in names]] = True
        return mask

    # WB4: a character that extends belongs to the previous one, except at the start and after a
    # line end.
    extends = of("Extend", "Format", "ZWJ")[classes]
    line_ends = of("CR", "LF", "Newline")[classes]
    kept = ~extends
    kept[:1] = True
    kept[1:] |= line_ends[:-1]
    places = np.flatnonzero(kept)
    kinds = classes[places]
    pad = np.zeros(2, np.uint8)
    padded = np.concatenate([pad, kinds, pad])
    before2, before, after = padded[:-4], padded[1:-3], padded[3:-1]

    letter, hebrew, number = of("ALetter", "Hebrew_Letter"), of("Hebrew_Letter"), of("Numeric")
    in_word, in_number = (
        of("MidLetter", "MidNumLet", "Single_Quote"),
        of("MidNum", "MidNumLet", "Single_Quote"),
    )
    quote, quotes = of("Single_Quote"), of("Double_Quote")
    katakana, connector = of("Katakana"), of("ExtendNumLet")
    joinable = letter | number | katakana
    joined = letter[before] & (letter | number)[kinds]  # WB5, WB9
    joined |= letter[before] & in_word[kinds] & letter[after]  # WB6
    joined |= letter[before2] & in_word[before] & letter[kinds]  # WB7
    joined |= hebrew[before] & quote[kinds]  # WB7a
    joined |= hebrew[before] & quotes[kinds] & hebrew[after]  # WB7b
    joined |= hebrew[before2] & quotes[before] & hebrew[kinds]  # WB7c
    joined |= number[before] & (number | letter)[kinds]  # WB8, WB10
    joined |= number[before2] & in_number[before] & number[kinds]  # WB11
    joined |= number[before] & in_number[kinds] & number[after]  # WB12
    joined |= katakana[before] & katakana[kinds]  # WB13
    joined |= (joinable | connector)[before] & connector[kinds]  # WB13a
    joined |= connector[before] & joinable[kinds]  # WB13b
    space = of("WSegSpace")
    adjacent = np.diff(places, prepend=-1) == 1
    joined |= space[before] & space[kinds] & adjacent  # WB3d
    flag = of("Regional_Indicator")[kinds]
    order = np.arange(len(kinds))
    since = order - np.maximum.accumulate(np.where(flag, 0, order + 1))
    joined |= flag & (since % 2 == 1)  # WB15, WB16
    joiner = np.zeros(len(codes), np.bool_)
    joiner[1:] = classes[:-1] == _CLASS["ZWJ"]
    joined |= joiner[places] & ((flags[places] & _PICTOGRAPH) > 0)  # WB3c
    starts = places[~joined]
    if not len(starts):
        return Spans(starts, starts)
    ends = np.append(starts[1:], len(codes))
    counts = np.add.reduceat(((flags & _ALPHANUMERIC) > 0).astype(np.int64), starts)
    return Spans(starts[counts > 0], ends[counts > 0])


def _runs(mask: Mask) -> Spans:
    """Return the maximal runs where a mask is true."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return Spans(edges[::2], edges[1::2])


def _merge(one: Spans, other: Spans) -> Spans:
    starts = np.concatenate([one.starts, other.starts])
    order = np.argsort(starts)
    return Spans(starts[order], np.concatenate([one.ends, other.ends])[order])


def _whitespace_words(codes: Codes) -> Spans:
    return _runs((_look_up(codes)[1] & _SPACE) == 0)


def _letter_words(codes: Codes) -> Spans:
    return _runs((_look_up(codes)[1] & _LETTER) > 0)


def _word_characters(codes: Codes) -> Spans:
    return _runs((_look_up(codes)[1] & _WORD) > 0)


def _words_and_punctuation(codes: Codes) -> Spans:
    simple = _look_up(codes)[1]
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

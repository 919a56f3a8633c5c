"""Added tokens, which are taken out of a text before all else.

The rules are those of the tokenizers library (`AddedVocabulary`): the leftmost match wins, and of
those that begin together the longest. Tokens that are `normalized` are looked for in the normalized
text, the others in the text as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import tokenizers

from tokstat.tokenizer.encoding import normalize

_WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Unicode's White_Space property, which the library's `\\s` means; Python's has four more."""

_SPACES_BEFORE = re.compile(f"[{_WHITE_SPACE}]*\\Z")
_SPACES_AFTER = re.compile(f"[{_WHITE_SPACE}]*")

_JOINERS = "\u200c\u200d"
_WORD_CATEGORIES = ("L", "M")
_OTHER_WORD_CATEGORIES = ("Nd", "Nl", "Pc")
_CIRCLED_LETTERS = (
    range(0x24B6, 0x24EA),
    range(0x1F130, 0x1F14A),
    range(0x1F150, 0x1F16A),
    range(0x1F170, 0x1F18A),
)
"""Symbols that are alphabetic all the same (Unicode's Other_Alphabetic)."""


@dataclass(frozen=True)
class AddedToken:
    """Hold an added token as the library matches it; `pattern` is what it looks for."""

    id: int
    content: str
    pattern: str
    single_word: bool
    lstrip: bool
    rstrip: bool
    normalized: bool
    special: bool


@dataclass(frozen=True)
class AddedMatch:
    """Hold where an added token stands in a text, with the white space that it takes along."""

    token: AddedToken
    start: int
    end: int


@dataclass(frozen=True)
class AddedTokens:
    """Hold the added tokens of one tokenizer, those matched as they are and those normalized."""

    as_they_are: tuple[AddedToken, ...]
    normalized: tuple[AddedToken, ...]

    @classmethod
    def of(cls, backend: tokenizers.Tokenizer) -> AddedTokens:
        """Read the added tokens of a tokenizer."""
        found = [
            AddedToken(
                id=number,
                content=token.content,
                pattern=normalize(backend, token.content) if token.normalized else token.content,
                single_word=token.single_word,
                lstrip=token.lstrip,
                rstrip=token.rstrip,
                normalized=token.normalized,
                special=token.special,
            )
            for number, token in sorted(backend.get_added_tokens_decoder().items())
        ]
        return cls(
            tuple(each for each in found if not each.normalized),
            tuple(each for each in found if each.normalized),
        )


def find_matches(text: str, tokens: Sequence[AddedToken]) -> tuple[AddedMatch, ...]:
    """Find added tokens in a text, from left to right, as the library does."""
    return tuple(_matches(text, tokens))


def _matches(text: str, tokens: Sequence[AddedToken]) -> Iterator[AddedMatch]:
    by_pattern: dict[str, AddedToken] = {}
    for token in tokens:
        if token.pattern:
            by_pattern.setdefault(token.pattern, token)
    if not by_pattern:
        return
    longest_first = sorted(by_pattern, key=lambda each: -len(each.encode()))
    search = re.compile("|".join(map(re.escape, longest_first)))
    last = 0
    for match in search.finditer(text):
        token = by_pattern[match[0]]
        start, end = match.span()
        if token.single_word and _is_inside_a_word(text, start, end):
            continue
        if token.lstrip:
            spaces = _SPACES_BEFORE.search(text, 0, start)
            start = max(spaces.start() if spaces else start, last)
        if token.rstrip:
            spaces = _SPACES_AFTER.match(text, end)
            end = spaces.end() if spaces else end
        yield AddedMatch(token, start, end)
        last = end


def _is_inside_a_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return bool(before and _is_word(before)) or bool(after and _is_word(after))


def _is_word(character: str) -> bool:
    r"""Tell whether a character is a word's, by UTS 18, Annex C (`\w` of the library)."""
    category = unicodedata.category(character)
    return (
        category[0] in _WORD_CATEGORIES
        or category in _OTHER_WORD_CATEGORIES
        or character in _JOINERS
        or any(ord(character) in each for each in _CIRCLED_LETTERS)
    )

"""Added tokens, which are taken out of a text before all else.

The rules are those of the tokenizers library (`AddedVocabulary`): the leftmost match wins, and of
those that begin together the longest. Tokens that are `normalized` are looked for in the normalized
text, the others in the text as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import tokenizers

from tokstat.tokenizer.encoding import encode, normalize

_WHITE_SPACE = frozenset(
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
"""Unicode's White_Space property, which the library's `\\s` means; Python's has four more."""

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


class AddedSearch:
    """Find some added tokens in texts, from left to right, as the library does.

    Tokens that it is told to pass over are found all the same: no other begins inside them.
    """

    def __init__(self, tokens: Sequence[AddedToken], passed_over: Container[str] = ()) -> None:
        self.tokens = tuple(tokens)
        self._passed_over = passed_over
        self._by_pattern: dict[str, AddedToken] = {}
        for token in tokens:
            if token.pattern:
                self._by_pattern.setdefault(token.pattern, token)
        longest_first = sorted(self._by_pattern, key=len, reverse=True)
        self._search = re.compile("|".join(map(re.escape, longest_first)))

    def matches(self, text: str) -> Iterator[AddedMatch]:
        """Yield the added tokens of a text, each with the white space that it takes along."""
        last = 0
        for match in self._search.finditer(text) if self._by_pattern else ():
            token = self._by_pattern[match[0]]
            start, end = match.span()
            if token.content in self._passed_over:
                continue
            if token.single_word and _is_inside_a_word(text, start, end):
                continue
            while token.lstrip and start > last and text[start - 1] in _WHITE_SPACE:
                start -= 1
            while token.rstrip and end < len(text) and text[end] in _WHITE_SPACE:
                end += 1
            yield AddedMatch(token, start, end)
            last = end

    def without(self, content: str) -> AddedSearch:
        """Return the search without one token."""
        kept = [token for token in self.tokens if token.content != content]
        return AddedSearch(kept, self._passed_over)


@dataclass(frozen=True)
class AddedTokens:
    """Hold the added tokens of one tokenizer, those matched as they are and those normalized."""

    as_they_are: AddedSearch
    normalized: AddedSearch

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
        found = _preferred_first(backend, found)
        special = {each.content for each in found if each.special}
        passed_over = special if backend.encode_special_tokens else set()
        return cls(
            AddedSearch([each for each in found if not each.normalized], passed_over),
            AddedSearch([each for each in found if each.normalized], passed_over),
        )

    def without(self, content: str) -> AddedTokens:
        """Return these tokens without one of them."""
        return AddedTokens(self.as_they_are.without(content), self.normalized.without(content))


def _preferred_first(
    backend: tokenizers.Tokenizer, tokens: Sequence[AddedToken]
) -> list[AddedToken]:
    """Put first, of tokens that look for the same text, the one that the library finds.

    It depends on the order of a hash map, which is another one in every process.
    """
    counts = Counter(token.pattern for token in tokens if token.normalized)
    shared = [token for token in tokens if token.normalized and counts[token.pattern] > 1]
    found = {number for token in shared for number in encode(backend, token.content)}
    return sorted(tokens, key=lambda token: token.id not in found)


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

"""Strings that a pre-tokenizer splits in every context."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from tokstat.tokenizer.encoding import run_pre_tokenizer
from tokstat.tokenizer.pipeline import pre_tokenizer_parts
from tokstat.tokenizer.tokenizer import Tokenizer

Span = tuple[int, int]

_LOCAL = frozenset(
    (
        "BertPreTokenizer",
        "CharDelimiterSplit",
        "Digits",
        "Metaspace",
        "Punctuation",
        "UnicodeScripts",
        "Whitespace",
        "WhitespaceSplit",
    )
)
"""Steps that decide from two neighbouring characters alone whether to split between them."""

_READABLE = _LOCAL | {"ByteLevel", "Split"}
"""Steps whose splits can be predicted; others may depend on distant text."""

_CLASSES = (
    *("a", "Q", "ⴰ", "的", "ǅ", "ʰ", "\u0301", "\u0903", "7", "٧", "½", "Ⅷ"),
    *(" ", "\n", "\r", "\t", "\u00a0", "\u2003", "\u200d", "\x07"),
    *("'", "!", "/", "(", "-", "_", "+", "$", "^", "©", "¤", "。", "▁", "🙂"),
)
"""One character of every class that patterns use: categories, white space, usual literals."""

_WORDS = re.compile(r"(?<![\\{A-Za-z])[A-Za-z]{2,3}(?![A-Za-z}])")
_LITERALS = re.compile(r"\\[pP]\{\^?\w+\}|\\[A-Za-z]|(\\?.)", re.DOTALL)
_PROPERTIES = re.compile(r"\\[pP]\{\^?(\w+)\}")
_CATEGORIES = re.compile(r"[LMNPSZC][a-z]?&?")
_FLAGS = re.compile(r"\(\?[a-z-]*:")
_OPERATORS = frozenset("()[]{}|?*+^$.,:=!<>-")

_MOST_NEIGHBOURS = 256
"""Most literals of the patterns to put beside a string; where there are more, nothing is proven."""

_MOST_TRIED = 100
"""Most strings of three characters or more that are tried in every context."""


@dataclass(frozen=True)
class Need:
    """Hold where in a piece a token must be.

    `inside`: not at its start. `unfinished`: not at its end. `whole`: it is the whole piece.
    """

    inside: bool = False
    unfinished: bool = False
    whole: bool = False

    def is_met(self, start: int, end: int, span: Span) -> bool:
        """Return whether the characters from `start` to `end` are where they must be in a piece."""
        if self.whole:
            return span == (start, end)
        return span[0] <= start - self.inside and span[1] >= end + self.unfinished


_ANYWHERE = Need()


class PieceBorders:
    """Find strings that the pre-tokenizer of one tokenizer always splits."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._backend = tokenizer.backend
        self._whole = tokenizer.backend.pre_tokenizer
        self._parts = pre_tokenizer_parts(tokenizer.backend)
        self._memory: dict[tuple[object, ...], str | None] = {}
        self._tried = 0

    @cached_property
    def neighbours(self) -> tuple[str, ...]:
        """Texts to put beside a string: a character of each class, and the patterns' literals."""
        found = {self._signature(character): character for character in reversed(_CLASSES)}
        spelled = islice(self._spelled_out, _MOST_NEIGHBOURS)
        return tuple(dict.fromkeys((*reversed(found.values()), *spelled)))

    @cached_property
    def _patterns(self) -> str:
        found = [part.settings.get("pattern") or {} for part in self._parts if part.type == "Split"]
        literals = [re.escape(each["String"]) for each in found if "String" in each]
        # GPT-2's pattern, which is built into ByteLevel.
        built_in = [r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+"]
        own = [part for part in self._parts if part.settings.get("use_regex", True)]
        if not any(part.type == "ByteLevel" for part in own):
            built_in = []
        return " ".join([*literals, *(each.get("Regex", "") for each in found), *built_in])

    @cached_property
    def _spelled_out(self) -> list[str]:
        pattern = _FLAGS.sub("(", self._patterns)
        letters = [match[1][-1] for match in _LITERALS.finditer(pattern) if match[1]]
        plain = [each for each in letters if each not in _OPERATORS]
        words = _WORDS.findall(pattern)
        return [form for each in (*plain, *words) for form in (each, each.upper())]

    @property
    def is_foreseeable(self) -> bool:
        """Whether a string that is split in every tested context is split in all contexts."""
        known = all(part.type in _READABLE for part in self._parts)
        if len(self._spelled_out) > _MOST_NEIGHBOURS:
            return False
        return known and "(?<" not in self._patterns and "\\b" not in self._patterns

    def splitting_part(self, form: str, need: Need) -> str | None:
        """Return the step that keeps a string from being in a piece where it must be.

        None where some context leaves it whole, or where nothing is proven. A string is always
        split if a part of it always is. So its pairs of characters are tested first, and its ends
        with the neighbours that they need.
        """
        if not self._parts or not form or not self.is_foreseeable:
            return None
        for part, needed in self._likely_culprits(form, need):
            if name := self._always_split_by(part, needed):
                return name
        return None

    def _likely_culprits(self, form: str, need: Need) -> Iterator[tuple[str, Need]]:
        kept = self._spans(form)
        inner = _ANYWHERE
        for at in range(len(form) - 1):
            if not any(inner.is_met(at, at + 2, span) for span in kept):
                yield form[at : at + 2], inner
        if need.inside:
            yield form[0], Need(inside=True)
        if need.unfinished:
            yield form[-1], Need(unfinished=True)
        if len(form) == 1 and not kept:
            yield form, inner
        if not any(need.is_met(0, len(form), span) for span in kept):
            yield form, need

    def _spans(self, text: str) -> list[Span]:
        return [span for _, span in run_pre_tokenizer(self._backend, self._whole, text)]

    def _always_split_by(self, string: str, need: Need) -> str | None:
        """Return the step that splits a string in every context, or None."""
        key = (need, *map(self._signature, string))
        if key not in self._memory:
            if len(string) > 2:
                self._tried += 1
                if self._tried > _MOST_TRIED:
                    return None
            kept = self._is_kept(string, need, self._spans)
            self._memory[key] = None if kept else self._first_to_split(string, need)
        return self._memory[key]

    def _is_kept(self, string: str, need: Need, split: Callable[[str], list[Span]]) -> bool:
        """Return whether `split`, which returns the spans of pieces, keeps a string somewhere."""
        for left, right in self._contexts(need):
            start, end = len(left), len(left) + len(string)
            if any(need.is_met(start, end, span) for span in split(left + string + right)):
                return True
        return False

    def _contexts(self, need: Need) -> Iterator[tuple[str, str]]:
        """Yield the texts before and after a string that may matter."""
        edges = ("", *self.neighbours)
        if all(part.type in _LOCAL for part in self._parts):
            return product(edges if need.inside else ("",), edges if need.unfinished else ("",))
        return product(edges, edges)

    def _first_to_split(self, string: str, need: Need) -> str:
        """Return the first step after which no context leaves the string whole."""
        for part in self._parts:
            if not self._is_kept(string, need, part.spans):
                return part.type
        return self._parts[-1].type

    def _signature(self, character: str) -> object:
        """Return a key that is equal for characters which the patterns cannot distinguish.

        It holds whether the character is white space, and in which of the patterns' categories and
        ranges it is. Where the patterns use anything else, or name the character, the key is the
        character.
        """
        if not self._goes_by_category or character in self._literals:
            return character
        category = unicodedata.category(character)
        return (
            character.isspace(),
            *(category.startswith(name) for name in self._categories),
            *(start <= character <= end for start, end in self._ranges),
        )

    @cached_property
    def _goes_by_category(self) -> bool:
        known = all(part.type in ("ByteLevel", "Split") for part in self._parts)
        sure = not re.search(r"\\(?![sSpPrnt])\w", self._patterns)
        return known and sure and all(map(_CATEGORIES.fullmatch, self._named))

    @cached_property
    def _named(self) -> list[str]:
        return _PROPERTIES.findall(self._patterns)

    @cached_property
    def _categories(self) -> list[str]:
        return sorted(set(self._named))

    @cached_property
    def _literals(self) -> frozenset[str]:
        """Characters that the patterns name, in both cases, and white space."""
        return frozenset("".join(self._spelled_out) + "\r\n\t ")

    @cached_property
    def _ranges(self) -> list[tuple[str, str]]:
        """Ranges of characters beyond ASCII that the patterns name, single characters included."""
        pattern = self._patterns
        spans = re.findall(r"([^\x00-\x7f])-([^\x00-\x7f])", pattern)
        return spans + [(one, one) for one in set(re.findall(r"[^\x00-\x7f]", pattern))]

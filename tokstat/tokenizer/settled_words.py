"""Words in text of which it is known, without encoding them again, whether they are one token.

Most pipelines separate words: what a word and the space before it become does not depend on the
words beside it. Then a word is one token in every text if it was one in another text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import tokenizers
from numpy.typing import NDArray
from tokenizers import models

from tokstat.text.unicode import Characters
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.scheme import byte_alphabet
from tokstat.tokenizer.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokstat.tokenizer.split_patterns import Pattern

_LOCAL_NORMALIZERS = frozenset(
    ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "BertNormalizer")
)
"""Steps that change nothing across a space with ASCII characters beside it."""

_AT_WHITE_SPACE = frozenset(("BertPreTokenizer", "Whitespace", "WhitespaceSplit"))
"""Steps that always split at white space, and drop it."""

_NO_TOKEN = 2

_MOST_ADDED = 256
"""Most added tokens that are looked for in the words."""


@dataclass(frozen=True, eq=False)
class SettledWords:
    """Hold what is known of the words of a tokenizer that separates words.

    `was_single` tells of the texts of tokens whether they were one token between others. With
    `needs_token`, no other word of ASCII characters is one token.
    """

    tokenizer: Tokenizer
    was_single: Mapping[str | None, bool]
    needs_token: bool

    def masks(self, words: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return masks of the words that are settled, and of those that are one token.

        A word beside one that begins or ends with another character than a letter of ASCII is not
        settled: whether the tokenizer separates it is not known.
        """
        none = np.zeros(len(words), np.bool_)
        if self._may_hold_added(words):
            return none, none
        found = np.fromiter(map(self.was_single.get, words, repeat(_NO_TOKEN)), np.int8, len(words))
        single = found == 1
        characters = Characters.of(words)
        settled = _is_letter(characters.first()) & _is_letter(characters.last())
        settled[1:-1] &= settled[:-2] & settled[2:]
        if self.needs_token:
            lacks_token = found == _NO_TOKEN
            lacks_token[characters.owners(~is_plain(characters.codes))] = False
            settled &= single | lacks_token
        else:
            settled &= single
        return settled, settled & single

    def _may_hold_added(self, words: Sequence[str]) -> bool:
        """Return whether an added token may be in a word, in any case."""
        text = "\n".join(words).lower()
        added = self.tokenizer.backend.get_added_tokens_decoder().values()
        # Words stand between single spaces, so a run of spaces is in no text of them.
        forms = {token.content.strip().lower() for token in added if token.content[1:].strip()}
        single = {token.content.lower() for token in added if len(token.content) < 2}
        if not single.isdisjoint({"", " "}):
            return True
        # Few characters of added tokens are in words, and one search for each is soon over.
        absent = {each for each in set("".join(forms | single)) if each not in text}
        return any(absent.isdisjoint(form) and form in text for form in forms | single)


def is_plain(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return a mask of the code points that are characters of ASCII, and neither blank nor odd."""
    mask: NDArray[np.bool_] = (codes > ord(" ")) & (codes <= ord("~"))
    return mask


def _is_letter(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    lowered = codes | np.uint32(0x20)
    mask: NDArray[np.bool_] = (lowered >= ord("a")) & (lowered <= ord("z"))
    return mask


def ascii_normalizer(backend: tokenizers.Tokenizer) -> Callable[[str], str] | None:
    """Return a function that does to words of printable ASCII what the normalizer does, if known.

    Such a word has no accents, and no form but itself and its lower case.
    """
    parts = components(backend, "normalizer")
    if not parts or not {part["type"] for part in parts} <= _LOCAL_NORMALIZERS:
        return None
    lowers = any(
        part["type"] == "Lowercase" or (part["type"] == "BertNormalizer" and part["lowercase"])
        for part in parts
    )
    return str.lower if lowers else str


def drops_spaces(tokenizer: Tokenizer) -> bool:
    """Return whether no piece keeps the space beside it: a word alone is as it is in text."""
    kinds = [part["type"] for part in components(tokenizer.backend, "pre_tokenizer")]
    return bool(kinds) and kinds[0] in _AT_WHITE_SPACE and _AT_WHITE_SPACE.issuperset(kinds)


def spells_ascii(tokenizer: Tokenizer) -> bool:
    """Return whether tokens of bytes spell ASCII as it is, so that nothing is lost or unknown."""
    kinds = {part["type"] for part in components(tokenizer.backend, "normalizer")}
    return (
        tokenizer.scheme.byte_level
        and kinds <= {"NFC", "NFD", "NFKC", "NFKD"}
        and isinstance(tokenizer.backend.model, models.BPE)
        and all(
            tokenizer.backend.token_to_id(character) is not None
            for character, byte in byte_alphabet().items()
            if ord(" ") <= byte <= ord("~")
        )
    )


def separates_words(tokenizer: Tokenizer) -> bool:
    """Return whether a word of ASCII characters becomes the same beside any other such word.

    The words stand between single spaces, and hold no added token. False where that is not known.
    """
    backend = tokenizer.backend
    kinds = {part["type"] for part in components(backend, "normalizer")}
    if (backend.normalizer is not None and not kinds) or not kinds <= _LOCAL_NORMALIZERS:
        return False
    if getattr(backend.model, "dropout", None):  # which skips merges at random
        return False
    added = backend.get_added_tokens_decoder().values()
    if len(added) > _MOST_ADDED or any(len(token.content.split()) > 1 for token in added):
        return False
    return _always_splits(tokenizer, _splits_at_spaces)


def separates_lines(tokenizer: Tokenizer) -> bool:
    """Return whether a line that begins and ends with a letter becomes the same as by itself.

    The tokenizer also separates words, and adds no space. False where that is not known.
    """
    return (
        separates_words(tokenizer)
        and not tokenizer.adds_leading_space
        and _always_splits(tokenizer, _splits_at_lines)
    )


def _always_splits(tokenizer: Tokenizer, splits: Callable[[Pattern, bool], bool]) -> bool:
    """Return whether the pre-tokenizer always splits at a kind of white space.

    `splits` tells of a pattern, and of whether it is the first, that no match goes on there.
    """
    for number, part in enumerate(components(tokenizer.backend, "pre_tokenizer")):
        kind, pattern = part["type"], part.get("pattern") or {}
        if kind in _AT_WHITE_SPACE:
            return True
        if kind == "ByteLevel":  # by GPT-2's pattern
            return bool(part.get("use_regex", True))
        if kind == "Split" and "Regex" in pattern:
            if part["behavior"] != "Isolated" and not (
                part["behavior"] == "Removed" and part["invert"]
            ):
                return False
            # Few tokenizers have a pattern of their own: the others need no parser.
            from tokstat.tokenizer.split_patterns import UnknownPatternError, parse_pattern

            try:
                parsed = parse_pattern(pattern["Regex"])
            except UnknownPatternError:
                return False
            if not splits(parsed, number == 0):
                return False
            if parsed.takes_all_white:
                return True
        elif kind != "Digits":
            return False
    return False


def _splits_at_spaces(pattern: Pattern, is_first: bool) -> bool:
    from tokstat.tokenizer.split_patterns import spans_white

    return not spans_white(pattern, "space", is_first)


def _splits_at_lines(pattern: Pattern, _is_first: bool) -> bool:
    return not pattern.spans(["letter"], "newline") and not pattern.spans(["newline"], "letter")

"""How much text a tokenizer's own steps can make of one character, before any of them runs.

A few hundred bytes of nested replacements make gigabytes of one letter. The tokenizers library
then ends the process, and no limit of time or memory in Python stops it. So the steps are read,
and a tokenizer that could do this is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.tokenizer.scheme import components

MOST = 1 << 10
"""Characters that the steps may make of one. Unicode's own normal forms make 18 at most."""

MOST_PUT = 1 << 16
"""Characters that the steps may put before a text."""

_STEPS = ("normalizer", "pre_tokenizer", "decoder")

_MIXING = ("Precompiled", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase", "BertNormalizer")
"""Steps that may make any character of another, but not many of one again and again."""


def require_bounded_growth(backend: tokenizers.Tokenizer, source: str) -> None:
    """Raise InvalidTokenizerError if steps of a tokenizer can make too much of a short text."""
    for name in _STEPS:
        if getattr(backend, name) is None:
            continue
        grown, put = growth(components(backend, name))
        if grown > MOST or put > MOST_PUT:
            many = (
                f"more than {MOST:,} characters of one"
                if grown > MOST
                else (f"more than {MOST_PUT:,} characters of an empty text")
            )
            raise InvalidTokenizerError(
                f"The {name} in {source} can make {many}",
                "Remove the replacements that replace what others have written.",
            )


def growth(steps: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many characters steps make at most of one, and how many of an empty text.

    It goes from the last step to the first: what a step writes grows by the steps after it. Both
    numbers are bounds, and stop where they exceed what is allowed.
    """
    by_character: dict[str, int] = {}
    others, put = 1, 0  # `others` is added to what `by_character` holds

    def size(text: str) -> int:
        return sum(by_character.get(character, 0) + others for character in text)

    for step in reversed(steps):
        kind = step.get("type")
        if kind == "Replace":
            added = size(str(step.get("content", "")))
            literal = _literal(step)
            if literal:
                first = literal[0]
                kept = size(first) if len(literal) > 1 else 0
                by_character[first] = kept + added - others
            else:  # an expression may match before and after every character
                others, put = others + added, put + added
            if added > MOST_PUT:
                break
        elif kind == "Prepend":
            put += size(str(step.get("prepend", "")))
        elif kind == "ByteLevel" or kind in _MIXING:
            others += max(0, *by_character.values(), 0)
            others *= 2 if kind == "ByteLevel" else 1
            by_character = {}
    return max(1, others, others + max(by_character.values(), default=0)), put


def _literal(step: Mapping[str, Any]) -> str:
    pattern = step.get("pattern")
    literal = pattern.get("String") if isinstance(pattern, Mapping) else None
    return literal if isinstance(literal, str) else ""

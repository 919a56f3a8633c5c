"""Find the kinds of places where a normalizer treats both sides of a cut independently."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import tokenizers

from tokstat.corpus.safe_cuts.boundaries import LAST_ASSIGNED, Boundaries, Codes, is_plain
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import normalize
from tokstat.tokenizer.split_patterns import SOLID, UnknownPatternError, parse_pattern, spans_white

_BY_CHARACTER = ("NFC", "NFKC", "Lowercase", "Prepend")
_WITH_MARKS = ("NFD", "NFKD", "StripAccents", "Nmt")
_TOGETHER = 64
"""Characters to normalize at a time: a regular expression may take long over many."""

_KNOWN = (*_BY_CHARACTER, *_WITH_MARKS, "BertNormalizer", "Replace", "Strip", "Precompiled")


@dataclass(frozen=True)
class Normalizer:
    """Hold the facts about a normalizer that cuts depend on.

    Attributes:
        parts: its components as tokenizer.json describes them.
        space: its result for a space between words.
        line: its result for a newline between words.
        prepends: whether it adds a prefix to a text.
        drops_marks: whether it may drop marks, which can join two runs of white space.
    """

    backend: tokenizers.Tokenizer
    parts: tuple[Mapping[str, Any], ...]
    space: str
    line: str
    prepends: bool
    drops_marks: bool

    def __call__(self, text: str) -> str:
        """Normalize a text."""
        return normalize(self.backend, text)

    @property
    def adds_spaces(self) -> bool:
        """Whether it puts spaces around characters."""
        return any(part["type"] == "BertNormalizer" for part in self.parts)

    @property
    def changes_letters(self) -> bool:
        """Whether it changes more than how spaces are written."""
        return any(part["type"] not in ("Prepend", "Replace") for part in self.parts)


def read_normalizer(backend: tokenizers.Tokenizer) -> Normalizer:
    """Return the facts about a tokenizer's normalizer.

    Raises:
        UnsafeError: a part is unknown, or changes single spaces or letters.
    """
    parts = components(backend, "normalizer")
    if backend.normalizer is not None and not parts and not _is_empty(backend):
        raise UnsafeError("its normalizer cannot be written to tokenizer.json")
    kinds = [part["type"] for part in parts]
    for kind in kinds:
        if kind not in _KNOWN:
            raise UnsafeError(f"its normalizer {kind} is unknown here")
    prefix, space, line = (_between(normalize(backend, f"a{each}b")) for each in ("", " ", "\n"))
    if prefix or len(space) != 1:
        raise UnsafeError("its normalizer makes something else of single blanks")
    prepends = normalize(backend, "a") != "a"
    drops = not {"StripAccents", "BertNormalizer", "Precompiled", "Nmt"}.isdisjoint(kinds)
    return Normalizer(backend, tuple(parts), space, line, prepends, drops)


def _is_empty(backend: tokenizers.Tokenizer) -> bool:
    return type(backend.normalizer).__name__ == "Sequence"


def _between(text: str) -> str:
    found = re.fullmatch(r".?a(.*)b", text, re.DOTALL)
    if found is None:
        raise UnsafeError("its normalizer changes plain letters")
    return found.group(1)


def restrict(boundaries: Boundaries, normalizer: Normalizer) -> Boundaries:
    """Keep the kinds of places where the normalizer treats both sides independently.

    Raises:
        UnsafeError: no kind of place can be shown to be safe.
    """
    for part in normalizer.parts:
        kind = part["type"]
        if kind in _WITH_MARKS:
            boundaries = replace(boundaries, pairs=frozenset())
        elif kind == "Strip":
            boundaries = _restrict_by_strip(boundaries, part)
        elif kind == "Replace":
            boundaries = _restrict_by_replace(boundaries, part)
        elif kind == "Precompiled":
            boundaries = replace(boundaries, pairs=frozenset())
            _require_plain(normalizer)
    return boundaries


def _restrict_by_strip(boundaries: Boundaries, part: Mapping[str, Any]) -> Boundaries:
    if part.get("strip_left"):
        raise UnsafeError("its normalizer strips white space from the start of a text")
    # After any other kind of cut, the first part ends with white space, which would be stripped.
    return Boundaries(boundaries.white & {"space"}, boundaries.pairs, boundaries.not_after)


def _restrict_by_replace(boundaries: Boundaries, part: Mapping[str, Any]) -> Boundaries:
    written, content = part["pattern"], str(part["content"])
    source = written.get("Regex") or re.escape(written["String"])
    try:
        pattern = parse_pattern(source)
    except UnknownPatternError as error:
        raise UnsafeError(_unsafe_pattern(source)) from error
    if pattern.looks_ahead:
        raise UnsafeError(_unsafe_pattern(source))
    takes_solid = any(each.may & set(SOLID) for each in pattern.classes)
    if takes_solid:
        if not content or content[0].isspace() or content[-1].isspace():
            raise UnsafeError(
                f"its normalizer replaces the pattern {source} with white space or nothing"
            )
        boundaries = replace(boundaries, pairs=frozenset())
    apart = (kind for kind in boundaries.white if not spans_white(pattern, kind))
    return replace(boundaries, white=frozenset(apart))


def _unsafe_pattern(source: str) -> str:
    return f"tokstat finds no safe cuts for the pattern {source} that its normalizer replaces"


def _require_plain(normalizer: Normalizer) -> None:
    """Raise UnsafeError if a character that may stand beside a cut becomes white space or none."""
    for start in range(0, LAST_ASSIGNED, _TOGETHER):
        codes = np.arange(start, start + _TOGETHER, dtype=np.uint32)
        codes = codes[(codes < 0xD800) | (codes > 0xDFFF)]
        # To classify every character of Unicode takes longer than to normalize it.
        if not _keeps(normalizer, codes) and not _keeps(normalizer, codes[is_plain(codes)]):
            raise UnsafeError("its normalizer makes white space or nothing of other characters")


def _keeps(normalizer: Normalizer, codes: Codes) -> bool:
    """Whether each character, between two letters, becomes something that is no white space."""
    text = f"0{'0 0'.join(map(chr, codes.tolist()))}0" if len(codes) else ""
    written, space = normalizer(text), normalizer.space
    if written == text and not any(map(str.isspace, text[1::4])):
        return True
    words = written.strip(space).split(space) if len(codes) else []
    return len(words) == len(codes) and all(word[1:-1].strip() for word in words)

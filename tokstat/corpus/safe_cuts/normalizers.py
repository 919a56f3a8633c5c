"""Where a normalizer acts on both sides of a cut apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import tokenizers

from tokstat.corpus.safe_cuts.boundaries import Boundaries, plain_characters
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.split_patterns import SOLID, UnknownPatternError, parse_pattern, spans_white

_BY_CHARACTER = ("NFC", "NFKC", "Lowercase", "Prepend")
_WITH_MARKS = ("NFD", "NFKD", "StripAccents", "Nmt")
_KNOWN = (*_BY_CHARACTER, *_WITH_MARKS, "BertNormalizer", "Replace", "Strip", "Precompiled")


@dataclass(frozen=True)
class Normalizer:
    """Say what matters of a normalizer.

    `blank` is what it makes of a blank between words, `line` what of a newline,
    `prepends` that it puts something before a text, `drops_marks` that it may drop what stands
    between a blank and the one before. `parts` are as written in tokenizer.json.
    """

    backend: tokenizers.Tokenizer
    parts: tuple[Mapping[str, Any], ...]
    blank: str
    line: str
    prepends: bool
    drops_marks: bool

    def __call__(self, text: str) -> str:
        """Normalize a text."""
        normalizer = self.backend.normalizer
        return normalizer.normalize_str(text) if normalizer is not None else text

    @property
    def adds_blanks(self) -> bool:
        """Whether it puts blanks around characters."""
        return any(part["type"] == "BertNormalizer" for part in self.parts)

    @property
    def changes_letters(self) -> bool:
        """Whether it does more than write blanks in another way."""
        return any(part["type"] not in ("Prepend", "Replace") for part in self.parts)


def read_normalizer(backend: tokenizers.Tokenizer) -> Normalizer:
    """Return what matters of a tokenizer's normalizer; raise UnsafeError for an unknown part."""
    parts = components(backend, "normalizer")
    if backend.normalizer is not None and not parts and not _is_empty(backend):
        raise UnsafeError("its normalizer is not written in tokenizer.json")
    kinds = [part["type"] for part in parts]
    for kind in kinds:
        if kind not in _KNOWN:
            raise UnsafeError(f"its normalizer {kind} is unknown here")
    normalize = backend.normalizer.normalize_str if backend.normalizer is not None else str
    prefix, blank, line = (_between(normalize(f"a{each}b")) for each in ("", " ", "\n"))
    if prefix or len(blank) != 1:
        raise UnsafeError("its normalizer makes something else of single blanks")
    prepends = normalize("a") != "a"
    drops = not {"StripAccents", "BertNormalizer", "Precompiled", "Nmt"}.isdisjoint(kinds)
    return Normalizer(backend, tuple(parts), blank, line, prepends, drops)


def _is_empty(backend: tokenizers.Tokenizer) -> bool:
    return type(backend.normalizer).__name__ == "Sequence"


def _between(text: str) -> str:
    found = re.fullmatch(r".?a(.*)b", text, re.DOTALL)
    if found is None:
        raise UnsafeError("its normalizer changes letters in ways unknown here")
    return found.group(1)


def restrict(boundaries: Boundaries, normalizer: Normalizer) -> Boundaries:
    """Keep the kinds of places that a normalizer acts on both sides of apart."""
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
        raise UnsafeError("its normalizer strips the start of a text")
    # No other kind leaves a part that ends with something solid.
    return Boundaries(boundaries.white & {"blank"}, boundaries.pairs, boundaries.not_after)


def _restrict_by_replace(boundaries: Boundaries, part: Mapping[str, Any]) -> Boundaries:
    written, content = part["pattern"], str(part["content"])
    source = written.get("Regex") or re.escape(written["String"])
    try:
        pattern = parse_pattern(source)
    except UnknownPatternError as error:
        raise UnsafeError(f"its normalizer replaces {source}") from error
    if pattern.looks_ahead:
        raise UnsafeError(f"its normalizer replaces {source}")
    takes_solid = any(each.may & set(SOLID) for each in pattern.classes)
    if takes_solid:
        if not content or content[0].isspace() or content[-1].isspace():
            raise UnsafeError(f"its normalizer replaces {source} by white space or nothing")
        boundaries = replace(boundaries, pairs=frozenset())
    apart = (kind for kind in boundaries.white if not spans_white(pattern, kind))
    return replace(boundaries, white=frozenset(apart))


def _require_plain(normalizer: Normalizer) -> None:
    """Raise UnsafeError if a character that may stand beside a cut becomes white space or none."""
    characters = plain_characters()
    written = normalizer(" ".join(f"0{each}0" for each in characters))
    blank = normalizer.blank
    if any(not word[1:-1].strip() for word in written.strip(blank).split(blank)) or (
        written.strip(blank).count(blank) != len(characters) - 1
    ):
        raise UnsafeError("its normalizer makes white space or nothing of other characters")

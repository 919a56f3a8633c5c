"""The texts that a normalizer can and cannot return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from tokstat.tokenizer.encoding import run_normalizer
from tokstat.tokenizer.pipeline import NormalizerPart, charsmap_outputs, normalizer_parts
from tokstat.tokenizer.tokenizer import Tokenizer

_TO_NORMAL_FORM = frozenset(
    ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "BertNormalizer", "Nmt")
)
"""Steps that leave every part of their own output unchanged.

Substrings of Unicode's normal forms are normal forms (Unicode Standard Annex 15). The other steps
map single characters, and change nothing the second time. So no output of such a step contains a
string that the step changes. BERT's step is an exception: it adds spaces around each Chinese
character every time. Even so, no output contains a string to which it adds one.
"""

_BY_CHARACTER = _TO_NORMAL_FORM | {"Precompiled", "Prepend", "Replace", "Strip"}
"""Steps whose output has only characters that they return for single characters."""

_SCANNED = (
    *((0, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0x17000)),
    *((0x18D00, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE01F0)),
)
"""Code points to normalize one by one: all except unified ideographs, Hangul and private ones."""

_LEFT_OUT = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0x20000, 0x2A6E0))
"""Code points that map to themselves or, for syllables of Hangul, to letters that are scanned."""


_BLOCK = 1024
_SMALL_BLOCK = 16
"""Characters that are normalized together: few for a regular expression, which may be slow."""


class NormalForms:
    """Find strings that the normalizer of one tokenizer never returns."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._backend = tokenizer.backend
        self._whole = tokenizer.backend.normalizer
        self._parts = normalizer_parts(tokenizer.backend)
        self._space = tokenizer.scheme.space

    def of(self, text: str) -> str:
        """Normalize a text."""
        return run_normalizer(self._backend, self._whole, text)

    @cached_property
    def _marks_spaces(self) -> bool:
        """Whether the normalizer writes the vocabulary's mark for spaces."""
        return bool(self._space) and self._space in self.of("a b")

    def form(self, text: str) -> str:
        """Return a token's text in the form that it has in normalized text."""
        return text.replace(" ", self._space) if self._marks_spaces else text

    @property
    def is_trivial(self) -> bool:
        """Whether a text is its own normal form, and the only one with that form."""
        return not self._parts

    def blocking_part(self, text: str, *, inside: bool) -> str | None:
        """Return the step because of which no normalized text contains a token's text.

        With `inside`, the token continues a word, so a character other than a space must precede
        it. None where some normalized text contains it, or where nothing is proven.
        """
        if not self._parts:
            return None
        if inside and (name := self._separating_part(text)):
            return name
        form = self.form(text)
        if any(form in self.of(tried) for tried in (text, f"a{text}a")):
            return None
        return self._part_that_changes(form) or self._part_without(form)

    def _separating_part(self, text: str) -> str | None:
        """Return BERT's normalizer if it puts a space before the text's first character."""
        for part in self._parts:
            if part.type == "BertNormalizer" and part("a" + text[:1]).startswith("a "):
                return part.type
        return None

    def _part_that_changes(self, form: str) -> str | None:
        """Return the last step that matters, if its output never contains a form.

        Later steps are skipped if they cannot bring the form back.
        """
        for part in reversed(self._parts):
            if part.type in _TO_NORMAL_FORM:
                kept = any(form in part(tried) for tried in (form, f"a{form}a"))
                return None if kept else part.type
            if part.type == "Replace":
                old, new = _literal(part), part.settings.get("content", "")
                if old is None or len(old) != 1:
                    return None
                if old in form and old not in new:
                    return part.type
                if set(new) & set(form):
                    # A character that it wrote may have been in the text before. The mark for
                    # spaces was a space there.
                    if new != self._space:
                        return None
                    form = form.replace(new, old)
            elif part.type not in ("Prepend", "Strip"):
                return None
        return None

    def _part_without(self, form: str) -> str | None:
        """Return the first step that changes a character which no normalized text has."""
        absent = "".join(set(form) - self._alphabet) if self._alphabet is not None else ""
        if not absent:
            return None
        for part in self._parts:
            if any(character not in part(character) for character in absent):
                return part.type
        return None

    @cached_property
    def _alphabet(self) -> frozenset[str] | None:
        """Every character that a normalized text may have, or None if that is unknown."""
        if not all(part.type in _BY_CHARACTER and not _looks_around(part) for part in self._parts):
            return None
        outputs: set[str] = set()
        characters = _characters(_SCANNED)
        # In blocks, as a replacement may put a thousand characters for every one.
        expressions = ("Regex" in (part.settings.get("pattern") or {}) for part in self._parts)
        size = _SMALL_BLOCK if any(expressions) else _BLOCK
        while block := list(islice(characters, size)):
            outputs.update(self.of(" ".join(block)))
        for place, part in enumerate(self._parts):
            if part.type == "Precompiled":
                put = " ".join(charsmap_outputs(part))
                for later in self._parts[place + 1 :]:
                    put = later(put)
                outputs |= set(put)
        return frozenset(outputs.union(_characters(_LEFT_OUT)))

    def sources(self, text: str) -> tuple[str, ...]:
        """Return texts that may be normalized to a given one.

        Its characters are replaced by others with the same normalized form. One text replaces the
        whole, one every character, and one only characters that the normalizer changes. Needless
        replacements help too: they avoid added tokens that match the text as written.
        """
        form, sources = self.form(text), self._sources
        needed = (
            character if character in self.of(character) else sources.get(character, character)
            for character in form
        )
        replaced = (sources.get(character, character) for character in form)
        return sources.get(form, form), "".join(replaced), "".join(needed)

    @cached_property
    def _sources(self) -> dict[str, str]:
        """The first character of each normalized form that differs from its character."""
        images = ((self.of(character), character) for character in _characters(_SCANNED))
        changed: dict[str, str] = {}
        for image, character in images:
            if image != character:
                changed.setdefault(image, character)
        return changed


def _characters(ranges: Iterable[tuple[int, int]]) -> Iterator[str]:
    return (chr(code) for start, end in ranges for code in range(start, end))


def _literal(part: NormalizerPart) -> str | None:
    pattern = part.settings.get("pattern") or {}
    return pattern.get("String")


def _looks_around(part: NormalizerPart) -> bool:
    """Return whether a replacement may depend on the characters around a match."""
    pattern = part.settings.get("pattern") or {}
    return "(?" in str(pattern.get("Regex", "")) or len(str(pattern.get("String", " "))) != 1

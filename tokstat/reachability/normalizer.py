"""What a normalizer can and cannot put out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from tokstat.tokenizer.pipeline import NormalizerPart, charsmap_outputs, normalizer_parts
from tokstat.tokenizer.tokenizer import Tokenizer

_TO_NORMAL_FORM = frozenset(
    ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "BertNormalizer", "Nmt")
)
"""Steps that leave every part of their own output as it is.

Unicode's normal forms are closed under taking substrings (Unicode Standard Annex 15), the others
look at one character at a time and have nothing left to do the second time. So a string that such a
step changes stands in none of its outputs. BERT's puts blanks around each Chinese character, every
time anew; but there, too, a string in which it puts one stands in no output.
"""

_BY_CHARACTER = _TO_NORMAL_FORM | {"Precompiled", "Prepend", "Replace", "Strip"}
"""Steps whose output has no characters but those that they give for single characters."""

_SCANNED = (
    *((0, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0x17000)),
    *((0x18D00, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE01F0)),
)
"""Code points to normalize one by one: all but unified ideographs, Hangul and private ones."""

_LEFT_OUT = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0x20000, 0x2A6E0))
"""These map to themselves, or, syllables of Hangul, to letters that are in."""


_BLOCK = 1024


class NormalForms:
    """Judge strings by the normalizer of one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._whole = tokenizer.backend.normalizer
        self._parts = normalizer_parts(tokenizer.backend)
        self._space = tokenizer.scheme.space

    def of(self, text: str) -> str:
        """Normalize a text."""
        return text if self._whole is None else str(self._whole.normalize_str(text))

    @cached_property
    def _writes_blanks(self) -> bool:
        """Whether the normalizer already puts the vocabulary's mark for blanks."""
        return bool(self._space) and self._space in self.of("a b")

    def form(self, text: str) -> str:
        """Return a token's text as it has to stand in the normalized text."""
        return text.replace(" ", self._space) if self._writes_blanks else text

    @property
    def is_trivial(self) -> bool:
        """Whether a text is its own normal form, and the only one with that form."""
        return not self._parts

    def blocking_part(self, text: str, *, inside: bool) -> str | None:
        """Name the step that keeps a token's text out of every normalized text, if one does.

        `inside`: the token continues a word, and something other than a blank must stand before it.
        None where a text was found, or nothing is proven.
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
        """Name BERT's normalizer, if it puts a blank before the text's first character."""
        for part in self._parts:
            if part.type == "BertNormalizer" and part("a" + text[:1]).startswith("a "):
                return part.type
        return None

    def _part_that_changes(self, form: str) -> str | None:
        """Name the last step, or one that only harmless ones follow, if its output lacks a form."""
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
                    # What it wrote may have been either; where it is a blank's mark it was a blank.
                    if new != self._space:
                        return None
                    form = form.replace(new, old)
            elif part.type not in ("Prepend", "Strip"):
                return None
        return None

    def _part_without(self, form: str) -> str | None:
        """Name the first step that changes a character of a form that no text can bring about."""
        absent = "".join(set(form) - self._alphabet) if self._alphabet is not None else ""
        if not absent:
            return None
        for part in self._parts:
            if any(character not in part(character) for character in absent):
                return part.type
        return None

    @cached_property
    def _alphabet(self) -> frozenset[str] | None:
        """Every character that a normalized text may have, or None if that cannot be said."""
        if not all(part.type in _BY_CHARACTER and not _looks_around(part) for part in self._parts):
            return None
        outputs: set[str] = set()
        characters = _characters(_SCANNED)
        # In blocks, as a replacement may put a thousand characters for every one.
        while block := list(islice(characters, _BLOCK)):
            outputs.update(self.of(" ".join(block)))
        for place, part in enumerate(self._parts):
            if part.type == "Precompiled":
                put = " ".join(charsmap_outputs(part))
                for later in self._parts[place + 1 :]:
                    put = later(put)
                outputs |= set(put)
        return frozenset(outputs.union(_characters(_LEFT_OUT)))

    def sources(self, text: str) -> tuple[str, ...]:
        """Return texts that may be normalized to another, made of what its characters may be of.

        All of them are replaced, and then only those that do not stay as they are: what is
        replaced without need escapes added tokens that are matched as written.
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
        """Map what the normalizer makes of characters, where it is something else, to the first."""
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
    """Whether a replacement may spare a character for what stands around it."""
    pattern = part.settings.get("pattern") or {}
    return "(?" in str(pattern.get("Regex", "")) or len(str(pattern.get("String", " "))) != 1

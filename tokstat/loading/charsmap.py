"""Read, check and apply SentencePiece's compiled normalization rules.

A rule set is a double-array trie (Aoe 1989) in the layout of Darts-clone. It maps byte sequences
to offsets in a block of replacements, each of which ends with a zero byte. At each place,
SentencePiece replaces the longest matching sequence.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
import tokenizers
from numpy.typing import NDArray
from tokenizers import Regex, models, normalizers

from tokstat.tokenizer.encoding import normalize

_GUARD = "\ufdd0"
"""A character that texts do not contain: Unicode excludes it from interchange."""

_LEADS_HANGUL = (b"\xe1\x84", b"\xe1\x85")
_HANGUL = re.compile("[\u1100-\u11ff가-힣]\\Z")
"""Letters and syllables of Hangul: composing rule sets have thousands of sequences of them."""

_MOST_NODES = 100_000
_LONGEST_KEY = 64
_BYTES = np.arange(1, 256, dtype=np.uint32)

_FIRST = [chr(code) for code in range(0xFDD1, 0xFDF0)]
_SECOND = [chr(plane << 16 | 0xFFFE | last) for plane in range(1, 16) for last in (0, 1)]
"""Characters like `_GUARD`; one of each stands for a sequence until the other rules are done."""

_HAS_LEAF = np.uint32(1 << 8)
_IS_LEAF = np.uint32(1 << 31)
_VALUE = (1 << 31) - 1


@dataclass(frozen=True, eq=False)
class Charsmap:
    """Hold a rule set: the `units` of the trie, shape (n,), and the bytes of `replacements`."""

    units: NDArray[np.uint32]
    replacements: bytes

    @classmethod
    def parse(cls, blob: bytes) -> Charsmap:
        """Read a compiled rule set, and check that no lookup can leave it.

        Raises:
            ValueError: the rules are truncated, or point outside themselves.
        """
        if len(blob) < 4:
            raise ValueError(f"its normalization rules are truncated at {len(blob)} of 4 bytes")
        (size,) = struct.unpack_from("<I", blob)
        if size == 0 or size % 4 or size > len(blob) - 4:
            raise ValueError(
                f"its normalization rules declare {size:,} bytes and have {len(blob) - 4:,}"
            )
        units = np.frombuffer(blob, "<u4", size // 4, 4)
        replacements = blob[4 + size :]
        replacements.decode("utf-8")  # a UnicodeDecodeError is a ValueError
        places = np.arange(len(units), dtype=np.uint32) ^ _offsets(units)
        inner = (units & _IS_LEAF) == 0
        if np.any((places[inner] | 0xFF) >= len(units)):
            raise ValueError("its normalization rules point outside their table")
        values = units[places[inner & ((units & _HAS_LEAF) != 0)]] & _VALUE
        if np.any(values >= max(len(replacements), 1)):
            raise ValueError("its normalization rules point outside their replacements")
        return cls(units, replacements)

    def rewrite(self, text: str) -> str | None:
        """Return the replacement of exactly this text, None where it has no rule."""
        found, length = self._longest(text.encode())
        return found if length == len(text.encode()) else None

    def normalize(self, text: str) -> str:
        """Rewrite a text as SentencePiece does, by the longest match at each place."""
        rest = text.encode()
        parts = []
        while rest:
            found, length = self._longest(rest)
            if found is None:
                found = rest.decode()[0]
                length = len(found.encode())
            parts.append(found)
            rest = rest[length:]
        return "".join(parts)

    @property
    def composes(self) -> bool:
        """Whether the rules compose letters with their marks, as NFC and NFKC do."""
        return self.rewrite("e\u0301") == "é" and self.rewrite("か\u3099") == "が"

    def sequences(self) -> dict[str, str] | None:
        """Return the rules of several characters, but those for marks and for letters of Hangul.

        None where there are too many to list, or where the table is no tree.
        """
        found: dict[str, str] = {}
        keys, positions = [b""], _offsets(self.units[:1])
        seen, is_composing = 0, self.composes
        for _ in range(_LONGEST_KEY):
            seen += len(keys)
            if seen > _MOST_NODES:
                return None
            longer_keys, below, has_rule = self._longer(keys, positions)
            kept, longer = [], []
            for at, key in enumerate(longer_keys):
                new = ""
                if has_rule[at]:
                    new = self._replacement(int(below[at]))
                    text = key.decode("utf-8", "ignore")
                    if len(text) > 1 and not any(map(_is_mark, text)):
                        found[text] = new
                is_hangul = key[:2] in _LEADS_HANGUL or _HANGUL.search(new)
                if not (is_composing and is_hangul):
                    kept.append(at)
                    longer.append(key)
            if not longer:
                return found
            keys, positions = longer, below[kept]
        return None

    def rules_within(self, most_bytes: int) -> dict[str, str] | None:
        """Return the rules for texts of at most so many bytes; None where there are too many."""
        found: dict[str, str] = {}
        keys, positions = [b""], _offsets(self.units[:1])
        for _ in range(most_bytes):
            keys, positions, has_rule = self._longer(keys, positions)
            if len(keys) > _MOST_NODES:
                return None
            for at in np.flatnonzero(has_rule).tolist():
                found[keys[at].decode("utf-8", "ignore")] = self._replacement(int(positions[at]))
        return found

    def _longer(
        self, keys: list[bytes], positions: NDArray[np.uint32]
    ) -> tuple[list[bytes], NDArray[np.uint32], NDArray[np.bool_]]:
        """Return the keys with a byte more, where their children are, and which have a rule."""
        children = positions[:, None] ^ _BYTES[None, :]
        inside = np.minimum(children, len(self.units) - 1)
        labels = self.units[inside] & np.uint32(1 << 31 | 0xFF)
        rows, columns = np.nonzero((labels == _BYTES) & (children < len(self.units)))
        units = self.units[children[rows, columns]]
        pairs = zip(rows.tolist(), _BYTES[columns].tolist(), strict=True)
        longer = [keys[row] + bytes([byte]) for row, byte in pairs]
        below: NDArray[np.uint32] = children[rows, columns] ^ _offsets(units)
        return longer, below, (units & _HAS_LEAF) != 0

    def _replacement(self, position: int) -> str:
        start = int(self.units[position]) & _VALUE
        end = self.replacements.find(b"\0", start)
        return self.replacements[start : end if end >= 0 else None].decode()

    def _longest(self, key: bytes) -> tuple[str | None, int]:
        """Return the longest rule that matches the start of `key`: replacement and length."""
        found: tuple[str | None, int] = (None, 0)
        position = int(_offsets(self.units[:1])[0])
        for length, byte in enumerate(key, 1):
            position ^= byte
            if byte == 0 or position >= len(self.units):
                break
            unit = self.units[position : position + 1]
            if int(unit[0]) & (1 << 31 | 0xFF) != byte:
                break
            position ^= int(_offsets(unit)[0])
            if int(unit[0]) & 1 << 8:
                found = (self._replacement(position), length)
        return found


def _is_mark(character: str) -> bool:
    """Return whether a character is a mark, or newer than Python's own table."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cn")


def _offsets(units: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the offset of each unit's children from the unit, shape as `units`."""
    offsets: NDArray[np.uint32] = (units >> np.uint32(10)) << (
        (units & np.uint32(1 << 9)) >> np.uint32(6)
    )
    return offsets


@cache
def rewriting(blob: bytes) -> tuple[list[normalizers.Normalizer], tuple[str, ...]]:
    """Return normalizers that apply a compiled rule set exactly as SentencePiece does.

    Also return the sequences of characters that they rewrite otherwise, where there are any: those
    that overlap, so that it depends on the text before them which one is first.

    The component of the tokenizers library is right only for single characters. For a letter with
    marks it applies the shortest rule, not the longest, and may drop marks. Where the rules
    compose, NFC therefore composes letters and marks before and after that component. In between,
    guards keep marks away from their letters. Guards also stop NFC from sorting marks, which no
    rule does.

    Raises:
        ValueError: the rules are damaged.
    """
    rules = Charsmap.parse(blob)
    precompiled = normalizers.Precompiled(blob)
    steps: list[normalizers.Normalizer] = [precompiled]
    if rules.composes:
        steps = _composing(precompiled)
    return _with_sequences(rules, steps)


def _composing(precompiled: normalizers.Normalizer) -> list[normalizers.Normalizer]:
    without_guards = normalizers.Replace(_GUARD, "")
    joined = [normalizers.Replace(Regex(_unsorted_marks()), _GUARD), normalizers.NFC()]
    # A guard goes before each character that UAX 29 attaches to the one before, and into "\r\n".
    kept_apart = Regex(
        "(?<=.)(?=[\\p{M}\u200c\u200d\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff])"
        r"|(?<=\r)(?=\n)"
    )
    guarded = [normalizers.Replace(kept_apart, _GUARD), precompiled]
    return [*joined, without_guards, *guarded, without_guards, *joined, without_guards]


def _with_sequences(
    rules: Charsmap, steps: list[normalizers.Normalizer]
) -> tuple[list[normalizers.Normalizer], tuple[str, ...]]:
    """Put rules of several characters around the others, which are right for single ones."""
    sequences = rules.sequences()
    if sequences is None:
        return steps, ("long ones",)
    usual = tokenizers.Tokenizer(models.BPE())
    usual.normalizer = normalizers.Sequence(steps)
    ours = {old: new for old, new in sequences.items() if normalize(usual, old) != new}
    stand_ins = [first + second for first in _FIRST for second in _SECOND]
    if len(ours) > len(stand_ins) or _overlap(ours):
        return steps, tuple(sorted(ours))
    longest_first = sorted(ours, key=lambda old: (-len(old), old))
    put = list(zip(longest_first, stand_ins, strict=False))
    before = [normalizers.Replace(old, stand_in) for old, stand_in in put]
    after = [normalizers.Replace(stand_in, ours[old]) for old, stand_in in put]
    return [*before, *steps, *after], ()


def _overlap(texts: Collection[str]) -> bool:
    """Return whether one text may begin inside of a different one and go beyond its end."""
    begun: dict[str, set[str]] = {}
    for text in texts:
        for size in range(1, len(text)):
            begun.setdefault(text[:size], set()).add(text)
    return any(
        begun.get(text[at:], {text}) - {text} for text in texts for at in range(1, len(text))
    )


@cache
def _unsorted_marks() -> str:
    """Return a pattern that matches between two marks that NFC would swap."""
    marks: dict[int, str] = {}
    for code in range(0x110000):
        order = unicodedata.combining(chr(code))
        if order:
            marks[order] = marks.get(order, "") + chr(code)
    orders = sorted(marks)
    swaps = [
        f"(?<=[{''.join(marks[later] for later in orders if later > order)}])(?=[{marks[order]}])"
        for order in orders[:-1]
    ]
    return rf"(?<=\p{{M}})(?=\p{{M}})(?:{'|'.join(swaps)})"

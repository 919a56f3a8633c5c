"""SentencePiece's compiled normalization rules: what they rewrite, and whether they are sound.

A rule set is a double-array trie (Aoe 1989, as laid out by Darts-clone) from byte sequences to
places in a block of replacements, which end with a zero byte. SentencePiece replaces the longest
sequence that matches at each place.
"""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, normalizers

_GUARD = "\ufdd0"
"""A character that no text has: Unicode keeps it from interchange."""

_HAS_LEAF = np.uint32(1 << 8)
_IS_LEAF = np.uint32(1 << 31)
_VALUE = (1 << 31) - 1


@dataclass(frozen=True, eq=False)
class Charsmap:
    """Hold a rule set: `units` of the trie, shape (n,), and the `replacements`."""

    units: NDArray[np.uint32]
    replacements: bytes

    @classmethod
    def parse(cls, blob: bytes) -> Charsmap:
        """Read a compiled rule set, checking that no text can lead out of it.

        Raises:
            ValueError: it is cut off, or points outside of itself.
        """
        if len(blob) < 4:
            raise ValueError("the normalization rules are cut off")
        (size,) = struct.unpack_from("<I", blob)
        if size == 0 or size % 4 or size > len(blob) - 4:
            raise ValueError(f"the normalization rules claim {size:,} of {len(blob) - 4:,} bytes")
        units = np.frombuffer(blob, "<u4", size // 4, 4)
        replacements = blob[4 + size :]
        replacements.decode("utf-8")  # a UnicodeDecodeError is a ValueError
        places = np.arange(len(units), dtype=np.uint32) ^ _offsets(units)
        inner = (units & _IS_LEAF) == 0
        if np.any((places[inner] | 0xFF) >= len(units)):
            raise ValueError("the normalization rules point outside of themselves")
        values = units[places[inner & ((units & _HAS_LEAF) != 0)]] & _VALUE
        if np.any(values >= max(len(replacements), 1)):
            raise ValueError("the normalization rules point outside of their replacements")
        return cls(units, replacements)

    def rewrite(self, text: str) -> str | None:
        """Return what the rule for exactly this text puts in its place, None without a rule."""
        found, length = self._longest(text.encode())
        return found if length == len(text.encode()) else None

    def normalize(self, text: str) -> str:
        """Rewrite a text as SentencePiece does: the longest match at each place."""
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
        """Whether it joins letters and their marks, as Unicode's NFC and NFKC do."""
        return self.rewrite("e\u0301") == "é" and self.rewrite("か\u3099") == "が"

    def _longest(self, key: bytes) -> tuple[str | None, int]:
        """Return the replacement of the longest rule at the start of a key, and its length."""
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
                start = int(self.units[position]) & _VALUE
                end = self.replacements.find(b"\0", start)
                found = (self.replacements[start : end if end >= 0 else None].decode(), length)
        return found


def _offsets(units: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return how far from its own place each unit's children lie."""
    offsets: NDArray[np.uint32] = (units >> np.uint32(10)) << (
        (units & np.uint32(1 << 9)) >> np.uint32(6)
    )
    return offsets


def rewriting(blob: bytes) -> list[normalizers.Normalizer]:
    """Return the steps that apply a compiled rule set.

    The library's own component does well with single characters. Of a letter with marks it takes
    the shortest rule, and drops the marks or joins nothing. So marks are joined by NFC where the
    rules would do it, before and after, and kept apart from what they stand on in between. NFC
    must not sort marks either, as no rule does.

    Raises:
        ValueError: the rules are not sound.
    """
    rules = Charsmap.parse(blob)
    precompiled = normalizers.Precompiled(blob)
    if not rules.composes:
        return [precompiled]
    without_guards = normalizers.Replace(_GUARD, "")
    joined = [normalizers.Replace(Regex(_unsorted_marks()), _GUARD), normalizers.NFC()]
    # What Unicode does not part from the character before (UAX 29), and the two of a line's end.
    kept_apart = Regex(
        "(?<=.)(?=[\\p{M}\u200c\u200d\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff])"
        r"|(?<=\r)(?=\n)"
    )
    apart = [normalizers.Replace(kept_apart, _GUARD), precompiled]
    return [*joined, without_guards, *apart, without_guards, *joined, without_guards]


@cache
def _unsorted_marks() -> str:
    """Return the pattern of the places between two marks that NFC would swap."""
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

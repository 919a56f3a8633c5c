"""Read, check and apply SentencePiece's compiled normalization rules.

A rule set is a double-array trie (Aoe 1989) in the layout of Darts-clone. It maps byte sequences
to offsets in a block of replacements, each of which ends with a zero byte. At each place,
SentencePiece replaces the longest matching sequence.
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
"""A character that texts do not contain: Unicode excludes it from interchange."""

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
                start = int(self.units[position]) & _VALUE
                end = self.replacements.find(b"\0", start)
                found = (self.replacements[start : end if end >= 0 else None].decode(), length)
        return found


def _offsets(units: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the offset of each unit's children from the unit, shape as `units`."""
    offsets: NDArray[np.uint32] = (units >> np.uint32(10)) << (
        (units & np.uint32(1 << 9)) >> np.uint32(6)
    )
    return offsets


def rewriting(blob: bytes) -> list[normalizers.Normalizer]:
    """Return normalizers that apply a compiled rule set exactly as SentencePiece does.

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
    if not rules.composes:
        return [precompiled]
    without_guards = normalizers.Replace(_GUARD, "")
    joined = [normalizers.Replace(Regex(_unsorted_marks()), _GUARD), normalizers.NFC()]
    # A guard goes before each character that UAX 29 attaches to the one before, and into "\r\n".
    kept_apart = Regex(
        "(?<=.)(?=[\\p{M}\u200c\u200d\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff])"
        r"|(?<=\r)(?=\n)"
    )
    guarded = [normalizers.Replace(kept_apart, _GUARD), precompiled]
    return [*joined, without_guards, *guarded, without_guards, *joined, without_guards]


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

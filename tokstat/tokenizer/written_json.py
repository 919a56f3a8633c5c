"""The JSON of a tokenizer, for facts that the tokenizers library does not return.

A file has up to 30 MB, and parsing all of it takes as long as loading the tokenizer. So a section
is found by its key and parsed alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_COLON = re.compile(rb"\s*:\s*(?=[\[{])")

_SMALL = 1 << 18
"""Bytes that are decoded first for a section; most sections are shorter."""

Merge = tuple[str, str]


@dataclass(frozen=True)
class SourceText:
    """Hold a tokenizer's JSON as bytes; `as_written` is false if the library wrote it."""

    data: bytes = field(repr=False)
    as_written: bool

    def names_id(self, number: int) -> bool:
        """Return whether the value of some key is this number."""
        text = str(number).encode()
        at = self.data.find(text)
        while at >= 0:
            before, after = (
                self.data[max(0, at - 8) : at],
                self.data[at + len(text) : at + len(text) + 1],
            )
            if before.rstrip().endswith(b'":') and not after.isdigit():
                return True
            at = self.data.find(text, at + 1)
        return False

    def added_tokens(self) -> list[dict[str, Any]]:
        """Parse the added tokens, each with its `id` and `content`."""
        found: list[dict[str, Any]] = self._section("added_tokens") or []
        return found

    def vocabulary(self) -> list[tuple[str, int]]:
        """Parse the tokens and ids of a model's vocabulary; repeated tokens appear repeatedly."""
        return self._section("vocab", pairs=True) or []

    def merges(self) -> list[Merge]:
        """Parse the merges of a BPE model."""
        return list(map(split_merge, self._section("merges") or ()))

    def _section(self, key: str, pairs: bool = False) -> Any:
        start = self._find(key)
        if start is None:
            return None
        decoder = json.JSONDecoder(object_pairs_hook=list if pairs else None)
        for size in (_SMALL, 8 * _SMALL, len(self.data)):
            text = self.data[start : start + size].decode("utf-8", "ignore")
            try:
                return decoder.raw_decode(text)[0]
            except ValueError:  # the section continues after the decoded part
                continue
        return None

    def _find(self, key: str) -> int | None:
        """Return where the value of a key begins, if the value is an object or a list.

        A token with the name of the key is not found: its value, if any, is a number.
        """
        name = b'"' + key.encode() + b'"'
        at = self.data.find(name)
        while at >= 0:
            if match := _COLON.match(self.data, at + len(name)):
                return match.end()
            at = self.data.find(name, at + 1)
        return None


def split_merge(merge: str | list[str]) -> Merge:
    """Return the two parts of a merge, which older files write as one string with a space."""
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right

"""The JSON of a tokenizer, for facts that the tokenizers library does not return.

A file has up to 30 MB, and parsing all of it takes as long as loading the tokenizer. So a section
is found by its key and parsed alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_COLON = re.compile(rb"\s*:\s*(?=[\[{])")

_PAIRS = re.compile(rb"\[\s*\[")
_BETWEEN_PAIRS = re.compile(rb'("\s*\])\s*,\s*\[\s*"')
_BETWEEN_STRINGS = re.compile(rb'(")\s*,\s*"')

_BACKSLASH = ord("\\")

_SMALL = 1 << 18
"""Bytes that are decoded first for a section; most sections are shorter."""

Merge = tuple[str, str]


@dataclass(frozen=True)
class SourceText:
    """Hold a tokenizer's JSON as bytes; `as_written` is false if the library wrote it."""

    data: bytes = field(repr=False)
    as_written: bool

    def count_vocabulary(self) -> int:
        """Count the entries of a vocabulary that is an object, without parsing it.

        It counts quotes, and is too high where sections other than the merges follow. Repeated
        tokens count repeatedly.
        """
        start = self._find("vocab")
        if start is None:
            return 0
        merges = self._find("merges") or 0
        end = merges if merges > start else len(self.data)
        quotes = self.data.count(b'"', start, end) - 2 * (merges > start)
        # A quote after an odd number of backslashes is one of a token's characters.
        at = self.data.find(b'\\"', start, end)
        while at >= 0:
            first = at
            while self.data[first - 1] == _BACKSLASH:
                first -= 1
            quotes -= (at - first + 1) % 2
            at = self.data.find(b'\\"', at + 1, end)
        return quotes // 2

    def added_tokens(self) -> list[dict[str, Any]]:
        """Parse the added tokens, each with its `id` and `content`."""
        found: list[dict[str, Any]] = self._section("added_tokens") or []
        return found

    def vocabulary(self) -> list[tuple[str, int]]:
        """Parse the tokens and ids of a model's vocabulary; repeated tokens appear repeatedly."""
        return self._section("vocab", pairs=True) or []

    def merges(self) -> list[Merge]:
        """Parse the merges of a BPE model."""
        return [merge for block in self.merge_blocks() for merge in block]

    def merge_blocks(self) -> Iterator[list[Merge]]:
        """Parse the merges of a BPE model some at a time, which bounds the memory."""
        start = self._find("merges")
        if start is None:
            return
        are_pairs = _PAIRS.match(self.data, start) is not None
        border = _BETWEEN_PAIRS if are_pairs else _BETWEEN_STRINGS
        decoder, size = json.JSONDecoder(), _SMALL
        while True:
            found = border.search(self.data, start + size)
            end = len(self.data) if found is None else found.end(1)
            block = "[" + self.data[start + 1 : end].decode("utf-8", "ignore") + "]"
            try:
                merges, used = decoder.raw_decode(block)
            except ValueError:  # what looks like a border is a token, or the file is cut off
                if found is None:
                    return
                size = end - start
                continue
            yield list(map(tuple if are_pairs else split_merge, merges))
            if found is None or used < len(block):
                return
            start, size = self.data.index(b",", end), _SMALL

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

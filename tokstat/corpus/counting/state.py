"""Counts of text: what they are, how they merge, and how they are written down.

Merging is associative and commutative, and whatever is counted in parts is the same as in one go.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import StateError, reason_of
from tokstat.io.files import replace_file
from tokstat.io.limits import MOST_IDS

STATE_VERSION = 1

PLACES = 10
"""Places of bad records that are kept for each kind, the first in the order of their names."""

Numbers = NDArray[np.int64]
Split = tuple[str, tuple[int, ...]]
"""A word with the ids of its tokens."""


def _sum(one: Numbers, other: Numbers) -> Numbers:
    """Add two arrays, the shorter one filled with zeros."""
    if len(one) < len(other):
        one, other = other, one
    result: Numbers = one.copy()
    result[: len(other)] += other
    return result


_MOST = 1 << 53
"""More than can be counted, and so few that sums of many still fit into 64 bits."""


def _numbers(values: Sequence[Any], length: int | None = None) -> tuple[int, ...]:
    """Return what may be counts or ids, so many. Raises TypeError or ValueError for others."""
    if not all(type(value) is int for value in values):
        raise TypeError("something else than a number is counted")
    if not all(0 <= value < _MOST for value in values):
        raise ValueError("a number is no count")
    if length not in (None, len(values)):
        raise ValueError(f"{len(values):,} numbers, and {length:,} are needed")
    return tuple(values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("something else than a text is a name")
    return value


@dataclass(frozen=True, eq=False)
class TokenCounts:
    """Count what one tokenizer made of a group of texts.

    `tokens` counts each id, `words` the words of so many tokens; both are as long as they must be.
    `splits` counts the words of several tokens, each with its tokens, the most frequent ones; of
    those that are left out none was counted more than `left_out` times.
    """

    tokens: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    words: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    splits: Mapping[Split, int] = field(default_factory=dict)
    left_out: int = 0

    def __add__(self, other: TokenCounts) -> TokenCounts:
        """Count two groups of texts together."""
        splits = dict(self.splits)
        for split, count in other.splits.items():
            splits[split] = splits.get(split, 0) + count
        return TokenCounts(
            _sum(self.tokens, other.tokens),
            _sum(self.words, other.words),
            splits,
            self.left_out + other.left_out,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and numbers; of `tokens` only those that occur."""
        seen = np.flatnonzero(self.tokens)
        return {
            "ids": np.diff(seen, prepend=0).tolist(),
            "counts": self.tokens[seen].tolist(),
            "words": np.trim_zeros(self.words, "b").tolist(),
            "splits": [[word, *ids, count] for (word, ids), count in sorted(self.splits.items())],
            "left_out": self.left_out,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TokenCounts:
        """Read what `to_dict` wrote. Raises TypeError or ValueError for anything else."""
        ids = np.cumsum(np.array(_numbers(data["ids"]), np.int64))
        if len(ids) and ids[-1] >= MOST_IDS:
            raise ValueError(f"the id {ids[-1]:,} is none of a token")
        tokens = np.zeros(int(ids[-1]) + 1 if len(ids) else 0, np.int64)
        tokens[ids] = np.array(_numbers(data["counts"], len(ids)), np.int64)
        splits = {}
        for word, *split, count in data["splits"]:
            splits[_text(word), _numbers(split)] = _numbers([count])[0]
        words = np.array(_numbers(data["words"]), np.int64)
        return cls(tokens, words, splits, *_numbers([data["left_out"]]))


@dataclass(frozen=True)
class TextCounts:
    """Count documents, bytes in UTF-8, characters (code points) and words."""

    documents: int = 0
    bytes: int = 0
    characters: int = 0
    words: int = 0

    def __add__(self, other: TextCounts) -> TextCounts:
        """Count two lots of texts together."""
        return TextCounts(
            self.documents + other.documents,
            self.bytes + other.bytes,
            self.characters + other.characters,
            self.words + other.words,
        )

    def to_list(self) -> list[int]:
        """Return the four numbers."""
        return [self.documents, self.bytes, self.characters, self.words]

    @classmethod
    def from_list(cls, numbers: Sequence[Any]) -> TextCounts:
        """Read what `to_list` gave. Raises TypeError or ValueError for anything else."""
        return cls(*_numbers(numbers, 4))


@dataclass(frozen=True)
class Group:
    """Count the texts of one group (a language, a domain), and what each tokenizer made of them."""

    text: TextCounts
    tokenizers: tuple[TokenCounts, ...]

    def __add__(self, other: Group) -> Group:
        """Count two lots of texts of the group together."""
        pairs = zip(self.tokenizers, other.tokenizers, strict=True)
        return Group(self.text + other.text, tuple(one + two for one, two in pairs))


@dataclass(frozen=True)
class File:
    """Count the texts of one file, and per tokenizer its tokens and those of its words."""

    text: TextCounts
    tokens: tuple[int, ...]
    word_tokens: tuple[int, ...]

    def __add__(self, other: File) -> File:
        """Count two parts of the file together."""
        return File(
            self.text + other.text,
            tuple(map(sum, zip(self.tokens, other.tokens, strict=True))),
            tuple(map(sum, zip(self.word_tokens, other.word_tokens, strict=True))),
        )


@dataclass(frozen=True)
class Problem:
    """Count bad records of one kind, and name the places of some."""

    count: int
    places: tuple[str, ...]

    def __add__(self, other: Problem) -> Problem:
        """Count the records of two lots together."""
        places = sorted({*self.places, *other.places})[:PLACES]
        return Problem(self.count + other.count, tuple(places))


@dataclass(frozen=True)
class Identity:
    """Name a tokenizer: its spec, and the SHA-256 of its file, by which counts go together."""

    spec: str
    sha256: str


@dataclass(frozen=True, eq=False)
class Counts:
    """Hold all counts of a run, or of a part of it.

    `units` names the parts of the input that are counted, `words` the definition of words.
    """

    tokenizers: tuple[Identity, ...]
    words: str
    groups: Mapping[str, Group] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    units: frozenset[str] = frozenset()

    def __add__(self, other: Counts) -> Counts:
        """Merge two states; raise StateError if they do not go together, or share input."""
        if [each.sha256 for each in self.tokenizers] != [each.sha256 for each in other.tokenizers]:
            raise StateError(
                "The counts are of other tokenizers, or in another order",
                "Merge only states of the same tokenizers in the same order.",
            )
        if self.words != other.words:
            raise StateError(
                f"The counts are of other words: {self.words!r} and {other.words!r}",
                "Count again with the same --words.",
            )
        if self.units & other.units:
            raise StateError(
                f"Both states count {min(self.units & other.units)}",
                "Merge states of different input only.",
            )
        return Counts(
            self.tokenizers,
            self.words,
            _merged(self.groups, other.groups),
            _merged(self.files, other.files),
            _merged(self.problems, other.problems),
            self.units | other.units,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counts) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    @property
    def total(self) -> Group:
        """All groups together."""
        nothing = Group(TextCounts(), tuple(TokenCounts() for _ in self.tokenizers))
        return sum(self.groups.values(), nothing)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON; equal counts give equal data."""
        return {
            "state_version": STATE_VERSION,
            "tokenizers": [[each.spec, each.sha256] for each in self.tokenizers],
            "words": self.words,
            "groups": {
                name: [group.text.to_list(), [each.to_dict() for each in group.tokenizers]]
                for name, group in sorted(self.groups.items())
            },
            "files": {
                name: [file.text.to_list(), list(file.tokens), list(file.word_tokens)]
                for name, file in sorted(self.files.items())
            },
            "problems": {
                kind: [problem.count, list(problem.places)]
                for kind, problem in sorted(self.problems.items())
            },
            "units": sorted(self.units),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Counts:
        """Read what `to_dict` wrote. Raises an error of any kind for anything else."""
        identities = tuple(Identity(_text(spec), _text(sha)) for spec, sha in data["tokenizers"])
        groups = {
            name: Group(TextCounts.from_list(text), tuple(map(TokenCounts.from_dict, tokenizers)))
            for name, (text, tokenizers) in data["groups"].items()
        }
        if any(len(group.tokenizers) != len(identities) for group in groups.values()):
            raise ValueError("a group has not counts of every tokenizer")
        if not data["units"]:
            raise ValueError("it counts no part of the input")
        return cls(
            identities,
            _text(data["words"]),
            groups,
            {
                name: File(
                    TextCounts.from_list(text),
                    _numbers(tokens, len(identities)),
                    _numbers(word_tokens, len(identities)),
                )
                for name, (text, tokens, word_tokens) in data["files"].items()
            },
            {
                kind: Problem(_numbers([count])[0], tuple(map(_text, places)))
                for kind, (count, places) in data["problems"].items()
            },
            frozenset(map(_text, data["units"])),
        )

    def to_bytes(self) -> bytes:
        """Return the state as gzipped JSON; equal states give equal bytes."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes, source: str) -> Counts:
        """Read what `to_bytes` gave. Raises StateError for anything else."""
        try:
            content = json.loads(gzip.decompress(data))
            version = content.get("state_version")
            if version == STATE_VERSION:
                return cls.from_dict(content)
        except Exception as error:  # whatever a damaged file leads to
            raise StateError(
                f"{source} holds no saved counts: {reason_of(error)}",
                "Remove it to count its part again.",
            ) from error
        raise StateError(
            f"{source} has state version {version!r}, this tokstat reads {STATE_VERSION}",
            "Count again with this version.",
        )


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(one)
    for name, value in other.items():
        result[name] = result[name] + value if name in result else value
    return result


def save(counts: Counts, path: Path) -> None:
    """Write a state, whole or not at all. Raises OSError."""
    replace_file(path, counts.to_bytes())


def read(path: Path) -> Counts:
    """Read a saved state. Raises StateError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StateError(
            f"{path} cannot be read: {error.strerror}", "Check the path and its permissions."
        ) from error
    return Counts.from_bytes(data, str(path))

"""Define the counts of a text, how they merge, and how they are saved.

Merging is associative and commutative. Merged counts of parts equal the counts of the whole.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.engine_use import (
    EngineUses,
    merged_uses,
    uses_from_lists,
    uses_to_lists,
)
from tokstat.corpus.counting.samples import (
    Samples,
    merged_samples,
    samples_from_lists,
    samples_to_lists,
)
from tokstat.corpus.counting.saved_values import as_numbers, as_text
from tokstat.corpus.counting.split_words import (
    SplitWords,
    merged_splits,
    splits_from_lists,
    splits_to_lists,
)
from tokstat.corpus.counting.tally import NOTHING, Tally
from tokstat.errors import LimitError, StateError, reason_of
from tokstat.io.limits import MOST_IDS, gunzip
from tokstat.text.wording import quoted

STATE_VERSION = 3

PLACES = 10
"""Places of bad records to keep for each kind: the first ones in sorted order."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TokenCounts:
    """Hold one tokenizer's counts over a group of texts.

    Attributes:
        tokens: how often each id occurs.
        words: `words[n]` is the number of words of n tokens, shape (most tokens + 1,).
    """

    tokens: Tally = NOTHING
    words: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def joined(cls, parts: Sequence[TokenCounts]) -> TokenCounts:
        """Return the counts of several groups of texts together."""
        words = np.zeros(max((len(each.words) for each in parts), default=0), np.int64)
        for each in parts:
            words[: len(each.words)] += each.words
        return cls(Tally.joined([each.tokens for each in parts]), words)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists of numbers; ids as differences."""
        return {
            "ids": np.diff(self.tokens.keys, prepend=0).tolist(),
            "counts": self.tokens.times.tolist(),
            "words": np.trim_zeros(self.words, "b").tolist(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TokenCounts:
        """Read what `to_dict` returned. Raises TypeError or ValueError for anything else."""
        ids = np.cumsum(np.array(as_numbers(data["ids"]), np.int64))
        if len(ids) and ids[-1] >= MOST_IDS:
            raise ValueError(f"the token id {ids[-1]:,} is not below {MOST_IDS:,}")
        times = np.array(as_numbers(data["counts"], len(ids)), np.int64)
        words = np.array(as_numbers(data["words"]), np.int64)
        return cls(Tally.of(ids, times), words)


@dataclass(frozen=True)
class TextCounts:
    """Hold the number of documents, UTF-8 bytes, characters (code points) and words."""

    documents: int = 0
    bytes: int = 0
    characters: int = 0
    words: int = 0

    def __add__(self, other: TextCounts) -> TextCounts:
        """Return the counts of both sets of texts together."""
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
        """Read what `to_list` returned. Raises TypeError or ValueError for anything else."""
        return cls(*as_numbers(numbers, 4))


@dataclass(frozen=True)
class Group:
    """Hold the counts of one group of texts (a language, a domain), also for each tokenizer."""

    text: TextCounts
    tokenizers: tuple[TokenCounts, ...]

    @classmethod
    def joined(cls, parts: Sequence[Group]) -> Group:
        """Return the counts of several sets of texts together."""
        columns = zip(*(each.tokenizers for each in parts), strict=True)
        text = sum((each.text for each in parts), TextCounts())
        return cls(text, tuple(map(TokenCounts.joined, columns)))

    def __add__(self, other: Group) -> Group:
        """Return the counts of both sets of the group's texts together."""
        return Group.joined((self, other))


@dataclass(frozen=True)
class File:
    """Hold the counts of one file, and for each tokenizer its tokens and its words' tokens."""

    text: TextCounts
    tokens: tuple[int, ...]
    word_tokens: tuple[int, ...]

    def __add__(self, other: File) -> File:
        """Return the counts of both parts of the file together."""
        return File(
            self.text + other.text,
            tuple(map(sum, zip(self.tokens, other.tokens, strict=True))),
            tuple(map(sum, zip(self.word_tokens, other.word_tokens, strict=True))),
        )


@dataclass(frozen=True)
class Problem:
    """Hold the number of bad records of one kind, and the places of the first ones."""

    count: int
    places: tuple[str, ...]

    def __add__(self, other: Problem) -> Problem:
        """Return the count and places of both sets of records together."""
        places = sorted({*self.places, *other.places})[:PLACES]
        return Problem(self.count + other.count, tuple(places))


@dataclass(frozen=True)
class Identity:
    """Identify a tokenizer by its spec and SHA-256. Counts merge only if the SHA-256 is equal."""

    spec: str
    sha256: str


class Extent(NamedTuple):
    """Bound a part of a file that was counted: bytes or row groups, and a digest of its content.

    `end` is None for the file's end.
    """

    start: int
    end: int | None
    digest: str

    def overlaps(self, other: Extent) -> bool:
        """Tell whether two parts of one file have something in common."""
        ends = [(self.start, other.end), (other.start, self.end)]
        return all(end is None or start < end for start, end in ends)

    @classmethod
    def from_list(cls, values: Sequence[Any]) -> Extent:
        """Read what was written as a list. Raises TypeError or ValueError for anything else."""
        start, end, digest = values
        return cls(
            as_numbers([start])[0], None if end is None else as_numbers([end])[0], as_text(digest)
        )


@dataclass(frozen=True, eq=False)
class Counts:
    """Hold all counts of a run, or of a part of it.

    `units` has the parts of the input that were counted, by the resolved path of their file,
    `words` the name of the definition of words, and `reading` the options that files were read
    with. `groups`, `files` and `problems` are keyed by name, `samples` by group. `splits` has the
    split words of each tokenizer, or nothing where none are counted. `engines` has what encoded
    the documents beside the judge, for each tokenizer, or nothing where none did.
    """

    tokenizers: tuple[Identity, ...]
    words: str
    groups: Mapping[str, Group] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    units: Mapping[str, tuple[Extent, ...]] = field(default_factory=dict)
    reading: str = ""
    engines: tuple[EngineUses, ...] = ()
    samples: Samples = field(default_factory=dict)
    splits: tuple[SplitWords, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Merge two states.

        Raises:
            StateError: the tokenizers, the definitions of words or the options of reading differ,
                or both states count the same part of the input.
        """
        self.require_alike(other)
        shared = self.overlap(other)
        if shared is not None:
            raise StateError(
                f"Both saved counts include {shared}", "Merge only counts of different input."
            )
        return Counts(
            self.tokenizers,
            self.words,
            _merged(self.groups, other.groups),
            _merged(self.files, other.files),
            _merged(self.problems, other.problems),
            {
                **self.units,
                **{
                    path: tuple(sorted((*self.units.get(path, ()), *spans), key=_order))
                    for path, spans in other.units.items()
                },
            },
            (self if self.units else other).reading,
            merged_uses(self.engines, other.engines),
            merged_samples(self.samples, other.samples),
            merged_splits(self.splits, other.splits),
        )

    def require_alike(self, other: Counts) -> None:
        """Raise StateError unless tokenizers, words and, where both read files, options agree."""
        if [each.sha256 for each in self.tokenizers] != [each.sha256 for each in other.tokenizers]:
            raise StateError(
                "The two saved counts have different tokenizers, or the same in another order",
                "Merge only counts of the same tokenizers, given in the same order.",
            )
        if self.words != other.words:
            raise StateError(
                f"The two saved counts define words differently: {self.words!r} and"
                f" {other.words!r}",
                "Count again with the same --words for both.",
            )
        if self.units and other.units and self.reading != other.reading:
            raise StateError(
                f"The two saved counts were read with other options: {quoted(self.reading)} and"
                f" {quoted(other.reading)}",
                "Count with the same options, or save the counts in another folder.",
            )

    def overlap(self, other: Counts) -> str | None:
        """Return the path of a file of which both count the same part, None if there is none."""
        few, many = sorted((self.units, other.units), key=len)
        for path, spans in few.items():
            if any(one.overlaps(two) for one in spans for two in many.get(path, ())):
                return path
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counts) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def total(self) -> Group:
        """All groups together."""
        nothing = Group(TextCounts(), tuple(TokenCounts() for _ in self.tokenizers))
        return Group.joined([nothing, *self.groups.values()])

    def splits_of(self, number: int) -> SplitWords:
        """Return the split words of one tokenizer."""
        return self.splits[number] if self.splits else SplitWords()

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
            "reading": self.reading,
            "engines": uses_to_lists(self.engines),
            "samples": samples_to_lists(self.samples),
            "splits": splits_to_lists(self.splits),
            "units": {path: [*map(list, spans)] for path, spans in sorted(self.units.items())},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Counts:
        """Read what `to_dict` returned. Raises an error of any type for anything else."""
        identities = tuple(
            Identity(as_text(spec), as_text(sha)) for spec, sha in data["tokenizers"]
        )
        groups = {
            name: Group(TextCounts.from_list(text), tuple(map(TokenCounts.from_dict, tokenizers)))
            for name, (text, tokenizers) in data["groups"].items()
        }
        if any(len(group.tokenizers) != len(identities) for group in groups.values()):
            raise ValueError("a group lacks the counts of a tokenizer")
        if not data["units"]:
            raise ValueError("it names no part of the input")
        return cls(
            identities,
            as_text(data["words"]),
            groups,
            {
                name: File(
                    TextCounts.from_list(text),
                    as_numbers(tokens, len(identities)),
                    as_numbers(word_tokens, len(identities)),
                )
                for name, (text, tokens, word_tokens) in data["files"].items()
            },
            {
                kind: Problem(as_numbers([count])[0], tuple(map(as_text, places)))
                for kind, (count, places) in data["problems"].items()
            },
            {path: tuple(map(Extent.from_list, spans)) for path, spans in data["units"].items()},
            as_text(data["reading"]),
            uses_from_lists(data["engines"], len(identities)),
            samples_from_lists(data["samples"]),
            splits_from_lists(data["splits"], len(identities)),
        )

    def to_bytes(self) -> bytes:
        """Return the state as gzipped JSON; equal states give equal bytes."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes, source: str, *, is_own: bool = False) -> Counts:
        """Read what `to_bytes` returned, of any size if a worker of this run wrote it.

        Raises:
            StateError: it is something else, or damaged.
            LimitError: it unpacks to more than the limit file-size.
        """
        try:
            content = json.loads(gzip.decompress(data) if is_own else gunzip(data, source))
            version = content.get("state_version")
            if version == STATE_VERSION:
                return cls.from_dict(content)
        except LimitError:
            raise
        except Exception as error:  # a damaged file may cause an error of any kind
            raise StateError(
                f'{source} is not a file of saved counts, or is damaged: "{reason_of(error)}"',
                "Remove it, and count its input again.",
            ) from error
        raise StateError(
            f"{source} has state version {version!r}, but this tokstat reads {STATE_VERSION}",
            "Count again with this tokstat.",
        )


def _order(span: Extent) -> tuple[int, int]:
    return span.start, -1 if span.end is None else span.end


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(one)
    for name, value in other.items():
        result[name] = result[name] + value if name in result else value
    return result

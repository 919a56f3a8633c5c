"""Keep the beginnings of the first documents of each group, so that a report can show them.

Merging is associative and commutative: of both, the first ones by file and place are kept.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tokstat.corpus.counting.saved_values import as_numbers, as_text
from tokstat.text.utf8 import has_lone_surrogates

SAMPLES = 3
"""Documents to keep of each group."""

GROUPS = 60
"""Groups to keep documents of, the first by name; files may have any number of groups."""

SHORTEST = 20
LONGEST = 120
"""Characters of a sample. A longer line ends at its last space before that."""

_SEARCHED = 2_000
"""Characters of a document in which a line is looked for."""


class Sample(NamedTuple):
    """Hold the beginning of a document, and where it stands.

    `place` is where the part of the file begins that was counted at once, and `number` orders the
    samples of one part.
    """

    file: str
    place: int
    number: int
    text: str

    @classmethod
    def from_list(cls, values: Sequence[Any]) -> Sample:
        """Read what was written as a list. Raises TypeError or ValueError for anything else."""
        file, place, number, text = values
        if len(text) > LONGEST:
            raise ValueError(f"a sample has {len(text):,} characters")
        place, number = as_numbers([place, number])
        return cls(as_text(file), place, number, as_text(text))


Samples = Mapping[str, tuple[Sample, ...]]
"""Samples in order, by the name of their group."""


class Sampler:
    """Take samples from documents as they are read; `full` are the groups that have enough."""

    def __init__(self) -> None:
        self.full: set[str] = set()
        self._found: dict[str, list[Sample]] = {}
        self._taken = 0

    def offer(self, text: str, file: str, group: str, place: int) -> None:
        """Take the first line of a document that is long enough, if it has one."""
        line = beginning(text)
        if line is None:
            return
        own = self._found.setdefault(group, [])
        own.append(Sample(file, place, self._taken, line))
        self._taken += 1
        if len(own) == SAMPLES:
            self.full.add(group)

    def found(self) -> Samples:
        """Return the samples so far."""
        return merged_samples({}, {name: tuple(own) for name, own in self._found.items()})


def beginning(text: str) -> str | None:
    """Return the first line of `SHORTEST` characters or more, cut at a space if it is too long."""
    for each in text[:_SEARCHED].splitlines():
        line = each.strip()
        if len(line) >= SHORTEST and "\0" not in line and not has_lone_surrogates(line):
            end = line.rfind(" ", SHORTEST, LONGEST + 1) if len(line) > LONGEST else len(line)
            return line[: end if end > 0 else LONGEST]
    return None


def merged_samples(one: Samples, other: Samples) -> Samples:
    """Return the first samples of both, of the first groups."""
    names = heapq.nsmallest(GROUPS, one.keys() | other.keys())
    return {
        name: tuple(heapq.nsmallest(SAMPLES, {*one.get(name, ()), *other.get(name, ())}))
        for name in names
    }


def samples_to_lists(samples: Samples) -> dict[str, list[list[Any]]]:
    """Return plain data, in order."""
    return {name: [list(each) for each in own] for name, own in sorted(samples.items())}


def samples_from_lists(data: Mapping[str, Sequence[Any]]) -> Samples:
    """Read what `samples_to_lists` returned. Raises TypeError or ValueError for anything else."""
    return {
        as_text(name): tuple(sorted(map(Sample.from_list, own))[:SAMPLES])
        for name, own in data.items()
    }

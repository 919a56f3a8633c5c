"""Texts as several tokenizers split them, aligned on the text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tokstat.results.written import Written
from tokstat.splitting.split import NOWHERE, SplitToken, TextSplit
from tokstat.text.wording import counted, listed

if TYPE_CHECKING:
    from tokstat.results.report import Table

Span = tuple[int, int]


@dataclass(frozen=True)
class AlignedColumn:
    """Hold a stretch of the text that no token of any tokenizer crosses.

    `cells` has the tokens of each tokenizer; `differs` where they split the stretch in more than
    one way, a space at a token's beginning apart.
    """

    start: int
    end: int
    cells: tuple[tuple[SplitToken, ...], ...]
    differs: bool


@dataclass(frozen=True)
class TextLine:
    """Hold one line of a text: its characters, and how many tokens of each tokenizer it begins."""

    number: int
    start: int
    end: int
    counts: tuple[int, ...]

    @property
    def difference(self) -> int:
        """How many more tokens one tokenizer has in the line than another."""
        return max(self.counts) - min(self.counts)


@dataclass(frozen=True)
class AlignedText:
    """Hold one text as each tokenizer splits it, in their order; `name` is "" or the panel's."""

    text: str
    splits: tuple[TextSplit, ...]
    name: str = ""

    @cached_property
    def columns(self) -> tuple[AlignedColumn, ...]:
        """The text in stretches that no token crosses."""
        return self.columns_between(0, len(self.text))

    def columns_between(self, start: int, end: int) -> tuple[AlignedColumn, ...]:
        """Return the stretches of a part of the text; inserted tokens stand at both of its ends."""
        runs = [_placed(split.tokens, len(self.text)) for split in self.splits]
        chosen = [
            [(at, token) for at, token in run if start <= at < end or _is_last(at, end, self.text)]
            for run in runs
        ]
        cuts = sorted(set.intersection(*(_boundaries(run, start, end) for run in chosen)))
        bounds = itertools.pairwise([*cuts, len(self.text) + 2])
        return tuple(
            column
            for first, last in bounds
            if any((column := _column(first, last, chosen, self.text)).cells)
        )

    @cached_property
    def lines(self) -> tuple[TextLine, ...]:
        """The lines of the text."""
        found, start = [], 0
        places = [
            sorted(token.start for token in split.tokens if not token.is_inserted)
            for split in self.splits
        ]
        for number, line in enumerate(self.text.splitlines(keepends=True), 1):
            end = start + len(line)
            counts = tuple(_between(each, start, end) for each in places)
            found.append(TextLine(number, start, end, counts))
            start = end
        return tuple(found)

    def widest_lines(self, most: int) -> tuple[TextLine, ...]:
        """Return the lines on which the tokenizers differ most, widest first."""
        differing = [line for line in self.lines if line.difference]
        return tuple(sorted(differing, key=lambda line: (-line.difference, line.number))[:most])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        splits = [split.to_dict() for split in self.splits]
        for split in splits:
            del split["text"]
        return {"name": self.name, "text": self.text, "splits": splits}


@dataclass(frozen=True, repr=False)
class TextSplits(Written):
    """Hold texts as each of some tokenizers splits them.

    `splits` lists all splits, text by text; `result[0]` is the first of them.
    """

    texts: tuple[AlignedText, ...]

    @property
    def tokenizers(self) -> tuple[str, ...]:
        """The specs of the tokenizers, in their order."""
        return tuple(split.tokenizer for split in self.texts[0].splits) if self.texts else ()

    @property
    def splits(self) -> tuple[TextSplit, ...]:
        """All splits, text by text, in the order of the tokenizers."""
        return tuple(split for text in self.texts for split in text.splits)

    def __len__(self) -> int:
        return len(self.splits)

    def __iter__(self) -> Iterator[TextSplit]:
        return iter(self.splits)

    def __getitem__(self, position: int) -> TextSplit:
        return self.splits[position]

    def __repr__(self) -> str:
        if len(self) == 1:
            return repr(self[0])
        return f"<TextSplits of {counted(len(self.texts), 'text')} by {listed(self.tokenizers)}>"

    def to_table(self) -> Table:
        """Return a row for each token of each text and tokenizer."""
        from tokstat.results.report import Table

        rows = [
            (split.tokenizer, text.name or text.text, token)
            for text in self.texts
            for split in text.splits
            for token in split.tokens
        ]
        columns: dict[str, tuple[Any, ...]] = {
            "tokenizer": tuple(tokenizer for tokenizer, *_ in rows),
            "of": tuple(of for _, of, _ in rows),
        }
        for name in SplitToken.__dataclass_fields__:
            columns[name] = tuple(getattr(token, name) for *_, token in rows)
        return Table("splits", "Tokens of each text", columns)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        from tokstat.results.report import SCHEMA_VERSION

        return {
            "schema_version": SCHEMA_VERSION,
            "tokenizers": list(self.tokenizers),
            "texts": [text.to_dict() for text in self.texts],
        }


Placed = Sequence[tuple[int, SplitToken]]
"""Tokens with the characters where they stand; inserted ones before the text or after it."""


def _placed(tokens: Sequence[SplitToken], length: int) -> Placed:
    """Give every token a place that never goes back, as normalizers may reorder characters."""
    found, place = [], 0
    last = max((at for at, token in enumerate(tokens) if not token.is_inserted), default=-1)
    for number, token in enumerate(tokens):
        if token.is_inserted and number > last:
            place = length + 1
        elif not token.is_inserted:
            place = max(place, token.start)
        found.append((place, token))
    return found


def _is_last(place: int, end: int, text: str) -> bool:
    return place >= end == len(text)


def _boundaries(run: Placed, start: int, end: int) -> set[int]:
    """Return the characters from `start` to `end` that no token has on both sides."""
    inside: set[int] = set()
    for place, token in run:
        if not token.is_inserted:
            inside.update(range(place + 1, max(token.end, place)))
    touched = {place for place, _ in run if place <= end}
    touched.update(token.end for _, token in run if start <= token.end <= end)
    return ({start, end} | touched) - inside


def _column(start: int, end: int, runs: Sequence[Placed], text: str) -> AlignedColumn:
    cells = tuple(tuple(token for place, token in run if start <= place < end) for run in runs)
    spans = {_spans(cell, text) for cell in cells}
    return AlignedColumn(start, min(end, len(text)), cells if any(cells) else (), len(spans) > 1)


def _spans(cell: Sequence[SplitToken], text: str) -> tuple[Span, ...]:
    """Return where the tokens of a cell stand, without spaces at their beginning."""
    found = []
    for token in cell:
        start = token.start
        while start < token.end and text[start].isspace():
            start += 1
        if start < token.end or token.start == NOWHERE:
            found.append((start, token.end))
    return tuple(found)


def _between(places: Sequence[int], start: int, end: int) -> int:
    from bisect import bisect_left

    return bisect_left(places, end) - bisect_left(places, start)

"""What differs in the parts of several tokenizers, in words, the same in every format."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokstat.comparison.compared_parts import (
    ComparedEntries,
    ComparedParts,
    ComparedSetting,
    EntryChanges,
)
from tokstat.comparison.comparison import Comparison
from tokstat.render.changes import KINDS, change_line
from tokstat.render.written_values import distinct_texts
from tokstat.text.visible import visible, visible_line
from tokstat.text.wording import counted

_LONGEST = 160
"""Most characters of a cell."""

_NAMED = 6
"""Most tokens, or changes, that one cell names."""

_UNKNOWN = "not known"
_ADDED = "added tokens"
_LABELS = {"tokens": "tokens, as stored"}


@dataclass(frozen=True)
class PartRow:
    """Hold a row: the part, the setting or "" for all of the part, and a cell per tokenizer."""

    part: str
    name: str
    cells: tuple[str, ...]

    @property
    def label(self) -> str:
        """The part with its setting."""
        return f"{self.part} {self.name}" if self.name else self.part


def part_rows(comparison: Comparison, longest: int = _LONGEST) -> Iterator[PartRow]:
    """Yield a row for each part or setting that differs, one for added tokens that do so alike."""
    parts, positions = comparison.parts, range(len(comparison.labels))
    if parts is None:
        return
    for entries in parts.entries:
        cells = [_entries(parts, entries, at) for at in positions]
        yield PartRow(_LABELS.get(entries.part, entries.part), "", tuple(cells))
    for part in parts.parts:
        rows: dict[tuple[str, ...], list[str]] = {}
        for setting in part.settings:
            row = _row(parts, part.part, setting, longest)
            if part.part == _ADDED:
                rows.setdefault(row.cells, []).append(row.name)
            else:
                yield row
        for cells_of_all, names in rows.items():
            yield PartRow(part.part, _several(names), cells_of_all)
        if part.more:
            yield PartRow(part.part, f"{part.more:,} more", tuple("differs" for _ in positions))


def _row(parts: ComparedParts, part: str, setting: ComparedSetting, longest: int) -> PartRow:
    texts = distinct_texts(setting.values, longest)
    cells = (
        _cell(text, value is None, parts.has(part, at))
        for at, (text, value) in enumerate(zip(texts, setting.values, strict=True))
    )
    return PartRow(part, visible_line(setting.name), tuple(cells))


def _several(names: Sequence[str], separator: str = ", ") -> str:
    more = len(names) - _NAMED
    return separator.join(names[:_NAMED]) + (f"{separator}{more:,} more" if more > 0 else "")


def _cell(text: str, is_absent: bool, is_known: bool) -> str:
    if is_absent:
        return "absent" if is_known else _UNKNOWN
    return text or "empty"


def _entries(parts: ComparedParts, entries: ComparedEntries, position: int) -> str:
    """Write how many entries a tokenizer has, and how they differ from the first one's."""
    size, changes = entries.sizes[position], entries.changes[position]
    if changes is None:
        return "not compared"
    if size is None:
        return "as in 1"
    if not position:
        return "" if entries.part == "ids" else f"{size:,}"
    if entries.part == "ids":
        shared = _shared(parts, position, size)
        told = f"equal for {shared - changes.moved:,} of {counted(shared, 'shared token')}"
    elif entries.part == "tokens":
        told = f"{size:,}, {size - changes.added:,} of them also in 1"
    else:
        told = f"{size:,}"
    return "; ".join(filter(None, [told, *_changes(entries.part, changes)]))


def _shared(parts: ComparedParts, position: int, size: int) -> int:
    """Return how many tokens of a tokenizer the first one has, too."""
    for entries in parts.entries:
        changes = entries.changes[position]
        if entries.part == "tokens" and changes is not None:
            return size - changes.added
    return size


def _changes(part: str, changes: EntryChanges) -> Iterator[str]:
    """Write the changes in full where they are listed; else count those of merges and scores."""
    if changes.listed and part == "tokens":
        for kind in ("removed", "added"):
            names = [visible(each.name) for each in changes.listed if each.kind == kind]
            if names:
                yield f"{kind} {_several(names, ' ')}"
    elif changes.listed:
        yield _several([change_line(part, change) for change in changes.listed], "; ")
    elif part not in ("tokens", "ids"):
        counts = [(kind, getattr(changes, kind)) for kind in KINDS]
        yield ", ".join(f"{count:,} {kind}" for kind, count in counts if count)


def grouped(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Return each distinct cell once, after the numbers of the tokenizers that have it."""
    holders: dict[str, list[str]] = {}
    for number, cell in enumerate(cells, 1):
        if cell:
            holders.setdefault(cell, []).append(str(number))
    return [(" ".join(numbers), cell) for cell, numbers in holders.items()]


def part_notes(comparison: Comparison) -> Iterator[str]:
    """Yield what is the same in all, and what could not be compared."""
    parts = comparison.parts
    if parts is None:
        return
    if parts.equal:
        yield f"The same in all: {', '.join(parts.equal)}."
    unknown: dict[tuple[tuple[int, ...], str], list[str]] = {}
    for each in parts.not_compared:
        unknown.setdefault((each.tokenizers, each.reason), []).append(each.part)
    for (positions, reason), names in unknown.items():
        numbers = ", ".join(str(at + 1) for at in positions)
        yield f"Not known of {numbers} ({reason}): {', '.join(names)}."


def diff_command(comparison: Comparison) -> tuple[str, str]:
    """Return a command that shows every change, and what it shows."""
    first, second, *others = comparison.tokenizers
    command = f"tokstat diff {shlex.quote(first.spec)} {shlex.quote(second.spec)}"
    return "Every change from 1 to 2" if others else "Every change", command

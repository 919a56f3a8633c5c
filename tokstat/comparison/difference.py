"""What changed between two tokenizers, part by part."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tokstat.comparison.configuration import SETTINGS
from tokstat.comparison.part_changes import PartChange, PartDifference
from tokstat.comparison.parts import TokenizerPart, parts_of
from tokstat.comparison.texts import ChangedText, changed_text
from tokstat.results.from_json import build_saved
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted
from tokstat.tokenizer.tokenizer import Tokenizer

_BESIDE = ("roles", SETTINGS, "chat template")
"""Parts from files beside the tokenizer's, and `roles in …`, which a copy may lack."""

_OF_BOTH = ("ids", SETTINGS)
"""Parts of which only what both sides state is compared; new tokens are a part of their own."""

_CHANGE = ("kind", "name", "before", "after")

_MOST_CONTESTS = 8
"""Moved merges for which all those are looked at that they passed."""


@dataclass(frozen=True)
class ChangedNames:
    """Hold the names of what a part lost, gained, moved in its order and changed."""

    removed: Sequence[str] = ()
    added: Sequence[str] = ()
    moved: Sequence[str] = ()
    changed: Sequence[str] = ()

    def __len__(self) -> int:
        return sum(map(len, (self.removed, self.added, self.moved, self.changed)))


@dataclass(frozen=True)
class Difference(Written):
    """Hold what changed from one tokenizer to another.

    `text` is the shortest text found that they encode, or decode, in different ways; None where
    the search found none. `notes` name what could not be compared.
    """

    old: str
    new: str
    parts: tuple[PartDifference, ...]
    text: ChangedText | None = None
    notes: tuple[str, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.parts)

    def __repr__(self) -> str:
        found = ", ".join(f"{each.part} ({len(each.changes):,})" for each in self.parts)
        return f"<Difference of {self.old!r} and {self.new!r}: {found or 'none'}>"

    def __getitem__(self, part: str) -> PartDifference:
        """Return the changes of a part. Raises KeyError for a part that did not change."""
        return {each.part: each for each in self.parts}[part]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with `differs` for readers."""
        data = asdict(self)
        return {"schema_version": data.pop("schema_version"), "differs": bool(self), **data}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Difference:
        """Rebuild a difference from `to_dict`'s result, or from its JSON. Raises ReportError."""
        plain = {key: value for key, value in data.items() if key != "differs"}
        return build_saved(cls, plain, "difference", "diff")

    def to_table(self) -> Table:
        """Return a row for each change."""
        changes = [(each.part, change) for each in self.parts for change in each.changes]
        return Table(
            "changes",
            "Changes",
            {
                "part": tuple(part for part, _ in changes),
                **Table.of("", "", [change for _, change in changes], _CHANGE).columns,
            },
        )


def difference(old: Tokenizer, new: Tokenizer) -> Difference:
    """Compare two tokenizers as the tokenizers library reads them, and the files beside them.

    Raises:
        InvalidTokenizerError: a component is written in Python.
        EncodingError: a tokenizer fails on a text.
        LimitError: a tokenizer takes too long to encode.
    """
    before, after = parts_of(old), parts_of(new)
    notes = [*one_sided(before, after)]
    lone = {name for name in before.keys() ^ after.keys() if is_beside(name)}
    parts = compare_parts(before, after, leave_out=lone)
    names = {each.part: tuple(change.name for change in each.changes) for each in parts}
    contested = [*_contests(parts, before.get("merges"))]
    text = changed_text(old, new, names, contested) if parts else None
    return Difference(old.origin.spec, new.origin.spec, parts, text, tuple(notes))


def _contests(
    parts: Sequence[PartDifference], merges: TokenizerPart | None
) -> Iterator[tuple[str, ...]]:
    """Yield three tokens where a moved merge and one that it passed want the same one."""
    moved = [
        change
        for each in parts
        if each.part == "merges"
        for change in each.changes
        if change.kind == "moved"
    ]
    ranked = [name.split(" ") for name in merges.content or ()] if moved and merges else []
    for change in moved[:_MOST_CONTESTS]:
        pair = change.name.split(" ")
        low, high = sorted((change.before, change.after))
        for other in ranked[low : high + 1]:
            if len(pair) == len(other) == 2 and pair != other:
                if other[1] == pair[0]:
                    yield (other[0], *pair)
                if other[0] == pair[1]:
                    yield (*pair, other[1])


def is_beside(part: str) -> bool:
    """Return whether a part comes from a file beside the tokenizer's own."""
    return part in _BESIDE or part.startswith("roles in ")


def one_sided(
    before: Mapping[str, TokenizerPart], after: Mapping[str, TokenizerPart]
) -> Iterator[str]:
    """Yield a note for each part that only one side has a file for."""
    for name in (*before, *(each for each in after if each not in before)):
        if is_beside(name) and (name in before) != (name in after):
            side = "old" if name in before else "new"
            yield f"Only the {side} tokenizer has files for: {name}. This part is not compared."


def compare_parts(
    before: Mapping[str, TokenizerPart],
    after: Mapping[str, TokenizerPart],
    leave_out: set[str] | None = None,
) -> tuple[PartDifference, ...]:
    """Return the parts that differ, with their changes."""
    names = [*before, *(name for name in after if name not in before)]
    found = []
    for name in names:
        if name in (leave_out or ()):
            continue
        one = before.get(name) or TokenizerPart(name, 0, {}, after[name].is_ordered)
        other = after.get(name) or TokenizerPart(name, 0, {}, before[name].is_ordered)
        values = [_values(sides, each) for sides, each in ((before, one), (after, other))]
        changes = tuple(_changes(one, other, *values))
        if changes:
            found.append(PartDifference(name, changes))
    # Ids are known by their tokens: where a lock has digests alone, new tokens mean new ids.
    if any(each.part == "tokens" for each in found):
        found = [each for each in found if not _is_digest_of_ids(each)]
    return tuple(found)


def _is_digest_of_ids(each: PartDifference) -> bool:
    return each.part == "ids" and [change.name for change in each.changes] == [""]


def _values(parts: Mapping[str, TokenizerPart], part: TokenizerPart) -> Mapping[str, Any] | None:
    """Return the values shown of what only one side has: of tokens their ids."""
    return parts["ids"].content if part.name == "tokens" and "ids" in parts else part.content


def _changes(
    before: TokenizerPart,
    after: TokenizerPart,
    old_values: Mapping[str, Any] | None,
    new_values: Mapping[str, Any] | None,
) -> Iterator[PartChange]:
    """Yield the changes of one part, with the values to show of what only one side has."""
    old, new = before.content, after.content
    if old is None or new is None:
        if before.digest != after.digest:
            yield PartChange("changed", "", _sized(before), _sized(after))
        return
    names = changed_names(before, after)
    yield from named_changes(names, before, after, old_values or old, new_values or new)


def changed_names(before: TokenizerPart, after: TokenizerPart) -> ChangedNames:
    """Return the names of what changed from one part to another, of which both have a content."""
    old, new = before.content or {}, after.content or {}
    if old == new and not (before.is_ordered and list(old) != list(new)):
        return ChangedNames()
    common = [name for name in old if name in new]
    moved: Sequence[str] = ()
    if before.is_ordered:
        moved = _out_of_order(common, _ranks(new))
    changed = [name for name in common if old[name] != new[name]]
    if before.name in _OF_BOTH:
        return ChangedNames(moved=moved, changed=changed)
    removed = [name for name in old if name not in new]
    return ChangedNames(removed, [name for name in new if name not in old], moved, changed)


def named_changes(
    names: ChangedNames,
    before: TokenizerPart,
    after: TokenizerPart,
    old_values: Mapping[str, Any],
    new_values: Mapping[str, Any],
) -> Iterator[PartChange]:
    """Yield the changes with these names, with the values to show of what only one side has."""
    old, new = before.content or {}, after.content or {}
    ranks = [_ranks(old), _ranks(new)]
    for name in names.removed:
        yield PartChange("removed", name, shown(old_values[name], ranks[0][name]), None)
    for name in names.added:
        yield PartChange("added", name, None, shown(new_values[name], ranks[1][name]))
    for name in names.moved:
        yield PartChange("moved", name, ranks[0][name], ranks[1][name])
    for name in names.changed:
        yield from _changed(before.name, name, old[name], new[name])


def _ranks(content: Mapping[str, Any]) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(content)}


def _changed(part: str, name: str, old: Any, new: Any) -> Iterator[PartChange]:
    """Yield one change, or for two objects one a key."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield PartChange("moved" if part == "ids" else "changed", name, shown(old), shown(new))
        return
    for key in (*old, *(each for each in new if each not in old)):
        if old.get(key) != new.get(key):
            yield PartChange("changed", f"{name} {key}", shown(old.get(key)), shown(new.get(key)))


def shown(value: Any, rank: int | None = None) -> Any:
    """Return a value as one cell, lists and objects as JSON, or the rank of what has none."""
    if value is None:
        return rank
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def _sized(part: TokenizerPart) -> str:
    return f"{counted(part.count, 'entry', 'entries')}, digest {part.digest}"


def _out_of_order(names: Sequence[str], ranks: Mapping[str, int]) -> list[str]:
    """Return the fewest names without which the others keep their order (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    previous = [-1] * len(names)
    for place, name in enumerate(names):
        rank = ranks[name]
        length = bisect_left(tails, rank)
        previous[place] = ends[length - 1] if length else -1
        tails[length : length + 1] = [rank]
        ends[length : length + 1] = [place]
    kept = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.add(place)
        place = previous[place]
    return [name for place, name in enumerate(names) if place not in kept]

"""The parts of several tokenizers side by side: those that differ, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tokstat.comparison.configuration import MORE_TOKENS
from tokstat.comparison.difference import (
    ChangedNames,
    changed_names,
    compare_parts,
    is_beside,
    named_changes,
    shown,
)
from tokstat.comparison.part_changes import PartChange
from tokstat.comparison.parts import (
    PIPELINE,
    TokenizerPart,
    digest_of_written,
    light_parts_of,
    parts_of,
)
from tokstat.errors import InvalidTokenizerError
from tokstat.tokenizer.tokenizer import Tokenizer

_TOKENS = ("tokens", "ids")
_LARGE = (*_TOKENS, "merges", "scores")
"""Parts with an entry for each token, of which the changes are counted."""

_STEPS = tuple(PIPELINE.values())
"""Parts that are shown whole where their steps differ."""

_ALIKE = 0.1
"""Share of other tokens up to which merges and scores are compared: two versions of one."""

_FEW = 20
"""Changes of a large part that are listed; more are only counted."""

_NOT_IN_ALL = "not in all"
"""Names a list of those tokens that some tokenizer lacks."""

_FEW_TOKENS = 8
"""Added tokens that not all have and that get a setting each; more get one together."""

_MOST = 20
"""Settings of a part, and tokens in a list of them."""

Parts = Mapping[str, TokenizerPart]

Content = Mapping[str, Any] | None
"""The content of a part; None where a tokenizer has no such part."""


@dataclass(frozen=True)
class EntryChanges:
    """Count what a large part has otherwise than the first tokenizer's, with a few in full.

    `listed` has all changes where there are at most 20, and else none.
    """

    added: int = 0
    removed: int = 0
    moved: int = 0
    changed: int = 0
    listed: tuple[PartChange, ...] = ()

    def __len__(self) -> int:
        return self.added + self.removed + self.moved + self.changed


@dataclass(frozen=True)
class ComparedEntries:
    """Compare a large part (tokens, ids, merges, scores) of each tokenizer with the first one's.

    None stands for a tokenizer whose part was not compared, and for the size of an equal part.
    """

    part: str
    sizes: tuple[int | None, ...]
    changes: tuple[EntryChanges | None, ...]

    @property
    def differs(self) -> bool:
        """Whether any tokenizer has other entries than the first."""
        return any(filter(None, self.changes))


@dataclass(frozen=True)
class ComparedSetting:
    """Hold one setting of each tokenizer; "" names the whole part.

    What JSON writes as a list or an object is a text of JSON. None stands for nothing.
    """

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ComparedPart:
    """Hold the settings of a part that differ; `more` counts those that are left out."""

    part: str
    settings: tuple[ComparedSetting, ...]
    more: int = 0


@dataclass(frozen=True)
class NotCompared:
    """Name the tokenizers of which a part is unknown, by their positions, and the reason."""

    part: str
    tokenizers: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class ComparedParts:
    """Hold what differs in the parts of several tokenizers, and which parts are equal.

    `entries` has the parts with an entry for each token, compared with the first tokenizer's;
    `parts` has all others that differ.
    """

    entries: tuple[ComparedEntries, ...]
    parts: tuple[ComparedPart, ...]
    equal: tuple[str, ...]
    not_compared: tuple[NotCompared, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.entries or self.parts)

    def has(self, part: str, position: int) -> bool:
        """Return whether a part of one tokenizer is known."""
        return not any(
            each.part == part and position in each.tokenizers for each in self.not_compared
        )

    def columns(self) -> Iterator[tuple[object, ...]]:
        """Yield every sequence that has an entry for each tokenizer."""
        for entries in self.entries:
            yield from (entries.sizes, entries.changes)
        for part in self.parts:
            yield from (setting.values for setting in part.settings)


class GatheredParts:
    """Gather the parts of tokenizers, one after the other; only the first tokenizer is kept."""

    def __init__(self) -> None:
        self._small: list[Parts] = []
        self._sizes: list[Mapping[str, int]] = []
        self._changes: list[Mapping[str, EntryChanges]] = []
        self._first: Tokenizer | None = None
        self._first_digest: tuple[str, str] | None = None
        self._entries: dict[str, TokenizerPart] = {}

    def add(self, tokenizer: Tokenizer) -> None:
        """Add a tokenizer. Merges and scores are compared where nearly all tokens are equal."""
        parts = light_parts_of(tokenizer)
        entries = _of(parts, _TOKENS)
        self._small.append({name: part for name, part in parts.items() if name not in entries})
        if self._first is None:
            self._first, self._entries = tokenizer, entries
            self._changes.append({name: EntryChanges() for name in _LARGE})
            self._sizes.append({})
            return
        names = {name: changed_names(self._entries[name], entries[name]) for name in entries}
        if _are_alike(names["tokens"], self._entries["tokens"].count):
            with suppress(InvalidTokenizerError):  # a component is written in Python
                names |= self._written_names(self._first, tokenizer, entries)
        self._sizes.append({name: part.count for name, part in entries.items()})
        self._changes.append(
            {name: _counted(found, self._entries, entries, name) for name, found in names.items()}
        )

    def _written_names(
        self, first: Tokenizer, tokenizer: Tokenizer, entries: dict[str, TokenizerPart]
    ) -> dict[str, ChangedNames]:
        """Return what changed of merges or scores, which are parsed only where they differ."""
        self._first_digest = self._first_digest or digest_of_written(first)
        digest = digest_of_written(tokenizer)
        if digest is None or self._first_digest is None or digest[0] != self._first_digest[0]:
            return {}
        name = digest[0]
        if digest == self._first_digest:
            return {name: ChangedNames()}
        if name not in self._entries:
            self._entries[name] = parts_of(first)[name]
        entries[name] = parts_of(tokenizer)[name]
        return {name: changed_names(self._entries[name], entries[name])}

    def compare(self) -> ComparedParts:
        """Compare all that were added."""
        entries = list(self._compared_entries())
        known = [name for name in _LARGE if all(name in each for each in self._changes)]
        names = dict.fromkeys(name for parts in self._small for name in parts)
        parts = [_compared(name, self._small) for name in names]
        equal = [
            *(name for name in known if not any(each[name] for each in self._changes)),
            *(each.part for each in parts if not each.settings and self._is_used(each.part)),
        ]
        return ComparedParts(
            tuple(each for each in entries if each.differs),
            tuple(each for each in parts if each.settings),
            tuple(equal),
            tuple(self._not_compared(names)),
        )

    def _compared_entries(self) -> Iterator[ComparedEntries]:
        for name, part in self._entries.items():
            sizes = [each.get(name) for each in self._sizes[1:]]
            changes = [each.get(name) for each in self._changes]
            yield ComparedEntries(name, (part.count, *sizes), tuple(changes))

    def _is_shared(self, name: str) -> bool:
        return all(name in parts for parts in self._small)

    def _is_used(self, name: str) -> bool:
        """Return whether all tokenizers have a part, with something in it."""
        return self._is_shared(name) and any(parts[name].count for parts in self._small)

    def _not_compared(self, names: Iterable[str]) -> Iterator[NotCompared]:
        for name in names:
            if not self._is_shared(name):
                lacking = tuple(at for at, parts in enumerate(self._small) if name not in parts)
                reason = "no file has it" if is_beside(name) else "it is written in Python"
                yield NotCompared(name, lacking, reason)


def _of(parts: Parts, names: Sequence[str]) -> dict[str, TokenizerPart]:
    return {name: parts[name] for name in names if name in parts}


def _are_alike(names: ChangedNames, count: int) -> bool:
    return len(names.added) + len(names.removed) <= _ALIKE * count


def _counted(names: ChangedNames, old: Parts, new: Parts, part: str) -> EntryChanges:
    """Count the changes of a large part; an id that is another has moved."""
    moved, changed = len(names.moved), len(names.changed)
    if part == "ids":
        moved, changed = changed, 0
    listed: tuple[PartChange, ...] = ()
    if 0 < len(names) <= _FEW:
        shown_by = "ids" if part == "tokens" else part
        values = [parts[shown_by].content or {} for parts in (old, new)]
        listed = tuple(named_changes(names, old[part], new[part], *values))
    return EntryChanges(len(names.added), len(names.removed), moved, changed, listed)


def _compared(part: str, sides: Sequence[Parts]) -> ComparedPart:
    """Compare a small part of each tokenizer with that of the first which has it."""
    contents = [side[part].content if part in side else None for side in sides]
    first, *others = (side[part] for side in sides if part in side)
    changes = [
        change
        for other in others
        for found in compare_parts({part: first}, {part: other})
        for change in found.changes
    ]
    settings = list(_settings(part, changes, contents))
    return ComparedPart(part, tuple(settings[:_MOST]), max(0, len(settings) - _MOST))


def _settings(
    part: str, changes: Sequence[PartChange], contents: Sequence[Content]
) -> Iterator[ComparedSetting]:
    """Yield what differs: a whole pipeline component, a token, a role, or else a setting."""
    other = [change for change in changes if change.kind != "changed"]
    if part in _STEPS and other:
        yield _setting("", [None if each is None else _steps(each) for each in contents])
    elif part == "model" and any(change.name == "type" for change in changes):
        yield _setting("", contents)
    elif part == "roles":
        more = [change.name for change in other if change.name.startswith(f"{MORE_TOKENS} ")]
        for name in dict.fromkeys(map(_role, changes)):
            if name not in more:
                yield _setting(name, [(each or {}).get(name) for each in contents])
        if more:
            yield _lists(
                f"{MORE_TOKENS} {_NOT_IN_ALL}",
                {name: name.partition(" ")[2] for name in more},
                contents,
            )
    else:
        if part == "added tokens":
            yield from _added_tokens(dict.fromkeys(change.name for change in other), contents)
            changes = [change for change in changes if change.kind == "changed"]
        for name in dict.fromkeys(change.name for change in changes):
            yield _setting(name, [_value(each or {}, name) for each in contents])


def _setting(name: str, values: Iterable[Any]) -> ComparedSetting:
    return ComparedSetting(name, tuple(map(shown, values)))


def _steps(content: Mapping[str, Any]) -> list[Any]:
    """Return the steps of a component as they are written; a repeated type has a number."""
    return [{"type": name.partition(" ")[0], **step} for name, step in content.items()]


def _role(change: PartChange) -> str:
    """Return the role of which the token or the id changed."""
    return change.name.rpartition(" ")[0] if change.kind == "changed" else change.name


def _added_tokens(
    names: Mapping[str, None], contents: Sequence[Content]
) -> Iterator[ComparedSetting]:
    """Yield the flags of each token that not all have, or of many a list.

    Special tokens are first in it, and runs of spaces last.
    """
    if len(names) <= _FEW_TOKENS:
        for name in names:
            yield _setting(name, [(each or {}).get(name) for each in contents])
        return
    flags = {name: each[name] for each in contents if each for name in names if name in each}
    ordered = sorted(names, key=lambda name: (not flags[name]["special"], name.isspace()))
    yield _lists(_NOT_IN_ALL, dict(zip(ordered, ordered, strict=True)), contents)


def _lists(setting: str, names: Mapping[str, str], contents: Sequence[Content]) -> ComparedSetting:
    """Return how many of some tokens each content has, with the first ones."""
    own = [[text for name, text in names.items() if name in (each or {})] for each in contents]
    lists = [{"count": len(texts), "tokens": texts[:_MOST]} for texts in own]
    known = zip(lists, contents, strict=True)
    return _setting(setting, [None if content is None else each for each, content in known])


def _value(content: Mapping[str, Any], name: str) -> Any:
    """Return what has a name, or of an object what has the last word of the name."""
    whole, _, key = name.rpartition(" ")
    inner = content.get(whole)
    return inner[key] if isinstance(inner, dict) and key in inner else content.get(name)

"""Changes between two tokenizers in words, the same in every format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import normalize

from tokstat.comparison.difference import Difference, Kind, PartChange, PartDifference
from tokstat.comparison.texts import ChangedText
from tokstat.text.visible import shortened, visible, visible_line

_KINDS: tuple[Kind, ...] = ("added", "removed", "moved", "changed")
_NAMED = 3
_LONGEST = 60
_BEFORE_CHANGE = 12

Row = tuple[str, str, str, str]


def verdict_line(difference: Difference) -> str:
    """Return in one line whether anything differs, and which parts do."""
    if not difference:
        return "Nothing differs."
    names = ", ".join(part.part for part in difference.parts)
    differ = "part differs" if len(difference.parts) == 1 else "parts differ"
    return f"{len(difference.parts):,} {differ}: {names}."


def part_line(part: PartDifference) -> str:
    """Return the changes of a part in one line: how many of each kind, and the first ones."""
    shown = "; ".join(_in_words(part, change) for change in part.changes[:_NAMED])
    if len(part.changes) <= _NAMED:
        return f"{part.part}: {shown}"
    return f"{part.part}: {kinds(part)}, first {shown}"


def kinds(part: PartDifference) -> str:
    """Count the changes of a part by kind."""
    counts = ((part.count(kind), kind) for kind in _KINDS)
    return ", ".join(f"{count:,} {kind}" for count, kind in counts if count)


def rows(part: PartDifference, most: int | None = None) -> Iterator[Row]:
    """Yield the kind, name, and value before and after of the first changes."""
    for change in part.changes[:most]:
        yield change.kind, _name(part, change), *_values(change)


def text_rows(found: ChangedText) -> list[tuple[str, str]]:
    """Return labels and texts that show a text and what both tokenizers make of it."""
    sides = ((found.old, found.old_ids), (found.new, found.new_ids))
    if found.how == "decoded":
        told = [_told(f'"{visible_line("".join(texts))}"', ids) for texts, ids in sides]
    else:
        told = [_told(" | ".join(map(visible_line, tokens)), ids) for tokens, ids in sides]
    return [("text", _quoted(found.text)), ("old", told[0]), ("new", told[1])]


def _quoted(text: str) -> str:
    """Return a text in quotes, with its code points where it looks like another text."""
    shown = f'"{visible_line(text)}"'
    return shown if normalize("NFC", text) == text else f"{shown}  ({text!a})"


def _told(tokens: str, ids: Sequence[int] | None) -> str:
    if not ids:
        return "no encoding" if ids is None else "no tokens"
    listed = "ids " + " ".join(map(str, ids))
    return f"{tokens}  ({listed})" if tokens else listed


def text_title(difference: Difference) -> str:
    """Return the title of the text that shows the change, or that none was found."""
    if difference.text is None:
        return "The search found no text that is encoded or decoded differently."
    how, _, special = difference.text.how.partition(" ")
    return f"Shortest text found that is {how} differently" + (f", {special}" if special else "")


def _in_words(part: PartDifference, change: PartChange) -> str:
    before, after = _values(change)
    name = _name(part, change)
    if change.kind in ("added", "removed"):
        value = after if change.kind == "added" else before
        return f"{name} {change.kind}" + (f" ({value})" if value else "")
    return f"{name} {before} → {after}"


def _name(part: PartDifference, change: PartChange) -> str:
    """Return what changed: a name, a text in quotes, or the whole of what a lock has no list of."""
    shown = visible_line(change.name) if change.name.strip() else visible(change.name)
    name = shortened(shown, _LONGEST)
    return f'"{name}"' if part.part == "encodings" else name or "all"


def _values(change: PartChange) -> tuple[str, str]:
    before, after = _value(change.before), _value(change.after)
    if change.before is None or change.after is None:
        absent = "" if change.kind in ("added", "removed") else "absent"
        before = absent if change.before is None else before
        after = absent if change.after is None else after
        return shortened(before, _LONGEST), shortened(after, _LONGEST)
    if max(len(before), len(after)) <= _LONGEST:
        return before, after
    return _around(before, after)


def _around(before: str, after: str) -> tuple[str, str]:
    """Return what stands around the first difference of two long texts."""
    pairs = enumerate(zip(before, after, strict=False))
    first = next((place for place, (one, other) in pairs if one != other), 0)
    start = max(0, first - _BEFORE_CHANGE)
    dots = "…" if start else ""
    return (
        dots + shortened(before[start:], _LONGEST),
        dots + shortened(after[start:], _LONGEST),
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, str):
        return "" if value == "{}" else visible_line(_plain(value))
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    """Write JSON of a template, a token or flags in short, and return any other text as it is.

    `[CLS] $A [SEP]`; `[SEP], id 102`; `lstrip, special`.
    """
    if not text.startswith(("[{", "{")):
        return text
    try:
        value = json.loads(text)
        if isinstance(value, list):
            return _template(value)
        if value.keys() == {"id", "token"}:
            return f"{value['token']}, id {value['id']:,}"
        if "single_word" in value:
            return ", ".join(flag for flag, is_set in value.items() if is_set) or "no flags"
        if {"single", "pair"} <= value.keys():
            return f"{_template(value['single'])}; pairs {_template(value['pair'])}"
    except (ValueError, TypeError, AttributeError, KeyError, StopIteration):
        pass
    return text


def _template(value: list[Any]) -> str:
    parts = [next(iter(each.items())) for each in value]
    return " ".join(
        f"${part['id']}" if kind == "Sequence" else part["id"] for kind, part in parts
    ) + _types([part["type_id"] for _, part in parts])


def _types(ids: list[int]) -> str:
    return f" (type ids {' '.join(map(str, ids))})" if any(ids) else ""

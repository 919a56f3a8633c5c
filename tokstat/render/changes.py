"""Changes between two tokenizers in words, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import normalize

from tokstat.comparison.difference import Difference
from tokstat.comparison.part_changes import Kind, PartChange, PartDifference
from tokstat.comparison.texts import ChangedText
from tokstat.render.written_values import cut_alike, value_text
from tokstat.text.visible import shortened, visible, visible_line

KINDS: tuple[Kind, ...] = ("added", "removed", "moved", "changed")
_NAMED = 3
_LONGEST = 60

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
    shown = "; ".join(change_line(part.part, change) for change in part.changes[:_NAMED])
    if len(part.changes) <= _NAMED:
        return f"{part.part}: {shown}"
    return f"{part.part}: {kinds(part)}, first {shown}"


def kinds(part: PartDifference) -> str:
    """Count the changes of a part by kind."""
    counts = ((part.count(kind), kind) for kind in KINDS)
    return ", ".join(f"{count:,} {kind}" for count, kind in counts if count)


def rows(part: PartDifference, most: int | None = None) -> Iterator[Row]:
    """Yield the kind, name, and value before and after of the first changes."""
    for change in part.changes[:most]:
        yield change.kind, _name(part.part, change), *_values(change)


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


def change_line(part: str, change: PartChange) -> str:
    """Return one change of a part in words: "Ġthe 253 → 285"."""
    before, after = _values(change)
    name = _name(part, change)
    if change.kind in ("added", "removed"):
        value = after if change.kind == "added" else before
        return f"{name} {change.kind}" + (f" ({value})" if value else "")
    return f"{name} {before} → {after}"


def _name(part: str, change: PartChange) -> str:
    """Return what changed: a name, a text in quotes, or the whole of what a lock has no list of."""
    shown = visible_line(change.name) if change.name.strip() else visible(change.name)
    name = shortened(shown, _LONGEST)
    return f'"{name}"' if part == "encodings" else name or "all"


def _values(change: PartChange) -> tuple[str, str]:
    before, after = value_text(change.before), value_text(change.after)
    if change.before is None or change.after is None:
        absent = "" if change.kind in ("added", "removed") else "absent"
        before = absent if change.before is None else before
        after = absent if change.after is None else after
        return shortened(before, _LONGEST), shortened(after, _LONGEST)
    before, after = cut_alike([before, after], _LONGEST)
    return before, after

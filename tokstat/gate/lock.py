"""A lock: what a tokenizer is, in a small file that shows in review what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokstat.comparison.difference import Difference, compare_parts, is_beside, one_sided
from tokstat.comparison.part_changes import PartChange, PartDifference
from tokstat.comparison.parts import TokenizerPart, parts_of
from tokstat.comparison.stress_texts import STRESS_TEXTS
from tokstat.comparison.texts import ChangedText, encodings
from tokstat.errors import GateError, LimitError, reason_of
from tokstat.io.files import save_file
from tokstat.io.limits import parse_json, read_text
from tokstat.results.from_json import UNREADABLE
from tokstat.results.report import Table
from tokstat.results.written import Written
from tokstat.text.wording import counted
from tokstat.tokenizer.tokenizer import Tokenizer

LOCK_VERSION = 1

_KEY = "tokstat_lock"
"""The first key of a lock, whose value is the version."""

_HEAD = 64
"""Bytes in which the first key of a lock stands."""

_KEPT = 16_384
"""Characters of a part's content that a lock keeps; of a larger part it has the digest alone."""

_FEW, _MOST = 0.1, 0.8
"""Shares of equal encodings, and of equal lengths, below which a tokenizer is another one."""

Ids = tuple[int, ...] | None


@dataclass(frozen=True, eq=False)
class Lock(Written):
    """Hold a tokenizer's parts, and its encodings of the stress texts with special tokens.

    An encoding is None for a text that the tokenizer fails on. `source` is the file, if any.
    """

    tokenizer: str
    model_type: str
    parts: Mapping[str, TokenizerPart] = field(repr=False)
    encodings: Mapping[str, Ids] = field(repr=False)
    source: str = ""

    def __repr__(self) -> str:
        tokens = counted(self.parts["tokens"].count, "token")
        return f"<Lock of {self.tokenizer!r}: {self.model_type}, {tokens}>"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, as `read_lock` reads it."""
        return {
            _KEY: LOCK_VERSION,
            "tokenizer": self.tokenizer,
            "model_type": self.model_type,
            "parts": {part.name: _part_to_dict(part) for part in self.parts.values()},
            "encodings": {
                text: None if ids is None else [*ids] for text, ids in self.encodings.items()
            },
        }

    def to_table(self) -> Table:
        """Return a row for each part: how much it holds, and its digest."""
        parts = list(self.parts.values())
        return Table.of("parts", "Locked parts", parts, ("name", "count", "digest"))

    def to_json(self) -> str:
        """Return ASCII with a line for each setting and each text, so that changes are legible."""
        return "\n".join(_lines(self.to_dict())) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the lock to a file, as JSON whatever its suffix. Raises OutputError."""
        save_file(Path(path), self.to_json())


def make_lock(tokenizer: Tokenizer) -> Lock:
    """Lock a tokenizer.

    Raises:
        InvalidTokenizerError: a component is written in Python.
        LimitError: the tokenizer takes too long to encode.
    """
    ids = encodings(tokenizer, STRESS_TEXTS, special=True)
    return Lock(
        tokenizer=_name(tokenizer.origin.spec),
        model_type=tokenizer.model_type,
        parts=parts_of(tokenizer),
        encodings=dict(zip(STRESS_TEXTS, ids, strict=True)),
    )


def _name(spec: str) -> str:
    """Return a spec, or of a path that only this machine has the name alone."""
    path = Path(spec)
    return path.name if path.is_absolute() else spec


def is_lock(path: Path) -> bool:
    """Return whether a file begins as a lock does."""
    try:
        with path.open("rb") as file:
            return f'"{_KEY}"'.encode() in file.read(_HEAD)
    except OSError:
        return False


def read_lock(path: Path) -> Lock:
    """Read a lock.

    Raises:
        GateError: the file cannot be read, is no lock, is damaged, or is of another version.
    """
    try:
        data = parse_json(read_text(path), str(path))
    except (LimitError, OSError, ValueError, RecursionError) as error:
        reason = error.problem if isinstance(error, LimitError) else reason_of(error)
        raise GateError(
            f"The lock {path} cannot be read: {reason}", f"Write it: tokstat lock SPEC -o {path}"
        ) from error
    version = data.get(_KEY) if isinstance(data, dict) else None
    if version is None:
        raise GateError(f"{path} is not a lock", f"Write one: tokstat lock SPEC -o {path}")
    if version != LOCK_VERSION:
        raise GateError(
            f"The lock {path} has version {version!r:.20}, and this tokstat reads {LOCK_VERSION}",
            f"Write it again with this version: tokstat lock SPEC -o {path}",
        )
    try:
        return _lock_of(data, str(path))
    except UNREADABLE as error:
        raise GateError(
            f"The lock {path} is damaged: {reason_of(error)}",
            f"Restore it, or write it again: tokstat lock SPEC -o {path}",
        ) from error


def check_lock(lock: Lock, tokenizer: Tokenizer) -> Difference:
    """Return what differs from a lock; see `compare_locks`. Raises as `make_lock`."""
    return compare_locks(lock, make_lock(tokenizer), has_files=tokenizer.model_folder is not None)


def require_same_tokenizer(lock: Lock, tokenizer: Tokenizer, found: Difference) -> None:
    """Raise GateError for a lock of another tokenizer, of which a list of changes means nothing."""
    changed = {each.part: each for each in found.parts}
    texts = changed["encodings"].changes if "encodings" in changed else ()
    lengths = [str(each.before).count(",") != str(each.after).count(",") for each in texts]
    is_other = lock.model_type != tokenizer.model_type or (
        "tokens" in changed
        and len(texts) > (1 - _FEW) * len(lock.encodings)
        and sum(lengths) > (1 - _MOST) * len(lock.encodings)
    )
    if is_other:
        raise GateError(
            f"The lock {lock.source} is of another tokenizer:"
            f" {lock.tokenizer} ({lock.model_type},"
            f" {counted(lock.parts['tokens'].count, 'token')}), and this is"
            f" {tokenizer.origin.spec} ({tokenizer.model_type},"
            f" {counted(len(tokenizer.vocabulary), 'token')})",
            f"Give its own lock, or write one: tokstat lock {tokenizer.origin.spec} -o FILE",
        )


def compare_locks(old: Lock, new: Lock, *, has_files: bool = True) -> Difference:
    """Return what differs between two locks, with the shortest stress text encoded otherwise.

    What the files beside a tokenizer add is compared if the old lock has any of it. Without
    `has_files` the new tokenizer has no such files, and they are not missed.
    """
    lone = not has_files or not any(map(is_beside, old.parts))
    names = {*old.parts, *new.parts}
    left_out = {name for name in names if lone and is_beside(name)}
    notes = one_sided(old.parts, new.parts) if lone else ()
    parts = compare_parts(old.parts, new.parts, left_out)
    changed = tuple(
        PartChange("changed", text, _ids_text(ids), _ids_text(new.encodings.get(text)))
        for text, ids in old.encodings.items()
        if ids != new.encodings.get(text)
    )
    text = None
    if changed:
        parts = (*parts, PartDifference("encodings", changed))
        shown = min((change.name for change in changed), key=lambda name: (len(name), name))
        ids = [each.encodings[shown] for each in (old, new)]
        text = ChangedText(shown, "encoded with special tokens", (), (), *ids)
    unnamed = [each.part for each in parts if any(not change.name for change in each.changes)]
    if unnamed:
        kept = f"A lock keeps only a digest of: {', '.join(unnamed)}."
        notes = (*notes, f"{kept} To see what changed, compare with the old tokenizer itself.")
    return Difference(
        old.source or old.tokenizer, new.source or new.tokenizer, parts, text, (*notes,)
    )


def _ids_text(ids: Ids) -> str:
    return "no encoding" if ids is None else json.dumps(ids)


def _part_to_dict(part: TokenizerPart) -> dict[str, Any]:
    data = {"count": part.count, "digest": part.digest, "ordered": part.is_ordered}
    content = part.content
    # A long vocabulary is not written only to be measured.
    if content is None or len(content) > _KEPT or len(json.dumps(content)) > _KEPT:
        return data
    return {**data, "content": dict(content)}


def _lines(data: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Write an object with a line for each key; parts, their contents and encodings alike."""
    yield "{"
    indent = "  " * depth
    for place, (key, value) in enumerate(data.items()):
        comma = "," if place < len(data) - 1 else ""
        start = f"{indent}  {json.dumps(key)}: "
        if _has_lines(key, value, depth):
            first, *rest = _lines(value, depth + 1)
            yield start + first
            yield from rest[:-1]
            yield rest[-1] + comma
        else:
            yield f"{start}{json.dumps(value, sort_keys=True)}{comma}"
    yield indent + "}"


def _has_lines(key: str, value: Any, depth: int) -> bool:
    if not isinstance(value, Mapping) or not value:
        return False
    return depth == 0 or (depth == 1 and "content" in value) or (depth == 2 and key == "content")


def _lock_of(data: Mapping[str, Any], source: str) -> Lock:
    """Build a lock from its JSON. Raises one of `UNREADABLE` for data of another shape."""
    tokenizer, model_type = data["tokenizer"], data["model_type"]
    if not (isinstance(tokenizer, str) and isinstance(model_type, str)):
        raise ValueError("it names no tokenizer")
    parts = {name: _part_of(name, part) for name, part in data["parts"].items()}
    if not {"tokens", "ids"} <= parts.keys():
        raise ValueError("it has no tokens or no ids")
    written = data["encodings"]
    if list(written) != list(STRESS_TEXTS):
        raise ValueError("its texts are not the stress texts of its version")
    return Lock(
        tokenizer=tokenizer,
        model_type=model_type,
        parts=parts,
        encodings={text: _ids_of(ids) for text, ids in written.items()},
        source=source,
    )


def _part_of(name: str, data: Mapping[str, Any]) -> TokenizerPart:
    count, digest, content = data["count"], data["digest"], data.get("content")
    if not (isinstance(count, int) and isinstance(digest, str)):
        raise ValueError(f"the part {name!r:.40} lacks a count or a digest")
    if content is None:
        return TokenizerPart(name, count, None, data["ordered"] is True, digest)
    if not isinstance(content, dict):
        raise ValueError(f"the content of {name!r:.40} is not an object")
    part = TokenizerPart(name, count, content, data["ordered"] is True)
    if part.digest != digest or len(content) != count:
        raise ValueError(f"the content of {name!r:.40} does not fit its digest")
    return part


def _ids_of(ids: Any) -> Ids:
    if ids is None:
        return None
    if not isinstance(ids, list) or not all(type(each) is int for each in ids):
        raise ValueError("an encoding is not a list of ids")
    return tuple(ids)

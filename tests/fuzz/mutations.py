"""Change a sound input at random, by its bytes and by its structure; the same seed, the same."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

BETWEEN_FILES = b"\n---\n"
"""Parts several files that are read together, and mutated as one."""

_LARGE = 0.02
"""How often a large seed is drawn, where there is one."""


@dataclass(frozen=True)
class Seeds:
    """Hold sound inputs: small ones, larger ones to be drawn rarely, and contents to be packed."""

    small: tuple[bytes, ...]
    large: tuple[bytes, ...] = ()
    contents: tuple[bytes, ...] = ()


_BYTES = (b"\x00", b"\xff", b"\x80", b"\n", b'"', b"\\", b"[", b"{", b"\xed\xa0\x80", b"\xc0\xaf")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_NUMBERS = (
    b"0",
    b"-1",
    b"1e999",
    b"4294967296",
    b"9223372036854775808",
    b"1" * 400,
    b"0.5",
    b"NaN",
)
_NODES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**63, 10**400, 0.5, "", "a", "\ud800", "\x00", "\x1b[31m"),
    *([], {}, [[]], [None], {"type": "Sequence"}, {"": {}}, float("inf"), "a" * 300),
)


def mutated(
    seeds: Seeds, draw: random.Random, pack: Callable[[bytes], bytes] | None = None
) -> bytes:
    """Return one of the seeds with one to four changes; contents are changed before packing."""
    if seeds.contents and pack is not None and draw.random() < 0.5:
        return pack(_changed(seeds.contents, draw))
    return _changed(seeds.large if seeds.large and draw.random() < _LARGE else seeds.small, draw)


def _changed(seeds: Sequence[bytes], draw: random.Random) -> bytes:
    data = draw.choice(seeds)
    if draw.random() < 0.5:
        restructured = _restructured(data, draw)
        if restructured is not None:
            return restructured
    for _ in range(draw.choice((1, 1, 2, 4))):
        data = draw.choice(_CHANGES)(data, seeds, draw)
    return data


def _place(data: bytes, draw: random.Random) -> int:
    """Choose a place, as often as not near the beginning, where headers are."""
    return draw.randrange(draw.choice((min(200, len(data)), len(data))) + 1)


def _flip(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    if not data:
        return b"\x00"
    place = min(_place(data, draw), len(data) - 1)
    return data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]


def _cut(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    return data[: _place(data, draw)]


def _delete(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    place = _place(data, draw)
    return data[:place] + data[place + draw.choice((1, 2, 8, 64)) :]


def _insert(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    place = _place(data, draw)
    what = draw.choice(_BYTES) if draw.random() < 0.7 else draw.randbytes(draw.choice((1, 4, 8)))
    return data[:place] + what + data[place:]


def _overwrite(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    place = _place(data, draw)
    what = draw.choice((b"\xff" * 8, b"\x00" * 8, b"\xff" * 4, b"\x01\x00\x00\x00", b"\x7f"))
    return data[:place] + what + data[place + len(what) :]


def _repeat(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    place = _place(data, draw)
    part = data[place : place + draw.choice((1, 8, 40, 200))]
    return data[:place] + part * draw.choice((2, 2, 3, 50)) + data[place:]


def _splice(data: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:
    other = draw.choice(seeds)
    return data[: _place(data, draw)] + other[_place(other, draw) :]


def _renumber(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    found = _NUMBER.search(data, _place(data, draw))
    if found is None:
        return data
    return data[: found.start()] + draw.choice(_NUMBERS) + data[found.end() :]


def _resize(data: bytes, _seeds: Sequence[bytes], draw: random.Random) -> bytes:
    """Insert bytes into what has its length before it, eight bytes of it, and correct that."""
    start = _place(data, draw)
    for place in range(start, min(start + 64, len(data) - 8)):
        size = int.from_bytes(data[place : place + 8], "little")
        if 0 < size <= len(data) - place - 8:
            at = place + 8 + draw.randrange(size + 1)
            what = draw.choice(_BYTES) * draw.choice((1, 1, 2, 40))
            head = data[:place] + (size + len(what)).to_bytes(8, "little") + data[place + 8 : at]
            return head + what + data[at:]
    return data


_CHANGES = (
    *(_flip, _flip, _cut, _delete, _insert, _overwrite, _repeat, _splice, _renumber, _resize),
)


def _restructured(data: bytes, draw: random.Random) -> bytes | None:
    """Change a JSON text that the data is, or that it holds; None where there is none."""
    parts = data.split(BETWEEN_FILES)
    number = draw.randrange(len(parts))
    part = parts[number]
    if part[:1] in (b"{", b"["):
        changed = _changed_json(part, draw)
        if changed is None:  # JSON lines
            lines = part.split(b"\n")
            line = draw.randrange(len(lines))
            changed = _changed_json(lines[line], draw)
            if changed is not None:
                changed = b"\n".join([*lines[:line], changed, *lines[line + 1 :]])
    elif part[8:9] == b"{":  # safetensors: a length, and so much JSON
        size = 8 + int.from_bytes(part[:8], "little")
        changed = _changed_json(part[8:size], draw)
        if changed is not None:
            changed = len(changed).to_bytes(8, "little") + changed + part[size:]
    else:
        return None
    if changed is None:
        return None
    return BETWEEN_FILES.join([*parts[:number], changed, *parts[number + 1 :]])


def _changed_json(data: bytes, draw: random.Random) -> bytes | None:
    """Replace, remove, copy or rename nodes of a JSON text; None where it is none."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return None
    for _ in range(draw.choice((1, 1, 2, 3))):
        _change_node(tree, draw)
    return json.dumps(tree, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")


def _change_node(tree: Any, draw: random.Random) -> None:
    node = tree
    while isinstance(node, (dict, list)) and node:
        key = draw.choice(list(node)) if isinstance(node, dict) else draw.randrange(len(node))
        child = node[key]
        if isinstance(child, (dict, list)) and child and draw.random() < 0.75:
            node = child
            continue
        act = draw.randrange(4)
        if act < 2:
            node[key] = deepcopy(draw.choice(_NODES))
        elif act == 2:
            del node[key]
        elif isinstance(node, dict):
            node[draw.choice(("", "type", "vocab", "id", "\ud800", str(key) * 2))] = deepcopy(child)
        else:
            node.append(deepcopy(child))
        return

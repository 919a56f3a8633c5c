"""Text for programs: CSV that spreadsheets do not execute, JSON that every parser reads."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters of texts that spreadsheets execute (OWASP, CSV injection)."""


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV; None becomes an empty field.

    A text that a spreadsheet would execute as a formula gets an apostrophe before it. Numbers are
    unchanged. Use JSON for exact texts.
    """
    lines: list[str] = []
    # Python before 3.13 quotes a line break in a text only if the terminator contains it.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


def safe_cell(value: object) -> object:
    """Return a cell in a form that no spreadsheet executes."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def to_json(data: Any, indent: int | None = None) -> str:
    """Return plain data as JSON in ASCII; NaN and infinity become null."""
    try:
        return json.dumps(data, indent=indent, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(data), indent=indent, allow_nan=False)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data

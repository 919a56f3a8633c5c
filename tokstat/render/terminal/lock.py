"""A lock as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.gate.lock import Lock
from tokstat.results.report import Table
from tokstat.text.wording import counted


def lock_parts(lock: Lock) -> Iterator[str | Table]:
    """Yield what the lock is of, and a row for each part that it holds."""
    yield f"Lock of {lock.tokenizer}: {lock.model_type}"
    yield f"{counted(len(lock.encodings), 'text')} with their ids, and these parts:"
    yield lock.to_table()

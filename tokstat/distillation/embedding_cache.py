"""Cache the vectors that a teacher gives to texts, on disk."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import DataError, reason_of
from tokstat.io.files import cache_folder

_PATIENCE = 60
"""Seconds to wait for other processes that write to the same file."""

_OF_A_DAMAGED_FILE = (OSError, sqlite3.Error, ValueError, TypeError, MemoryError)
"""Errors of SQLite for a damaged file: messages may not be UTF-8, and sizes may be impossible."""


class EmbeddingCache:
    """Cache the vectors of one teacher and one recipe in a file that processes may share.

    Every method raises DataError if the file is damaged, or cannot be read or written.
    """

    def __init__(self, teacher: str, recipe: str, width: int) -> None:
        name = hashlib.sha256(f"{teacher}/{recipe}".encode()).hexdigest()[:16]
        self._width = width
        self._file = cache_folder() / f"embeddings-{name}.sqlite"
        with self._explained():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._file, timeout=_PATIENCE)
            deadline = time.monotonic() + _PATIENCE
            while not self._prepared(deadline):
                time.sleep(0.01)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _OF_A_DAMAGED_FILE as error:
            raise DataError(
                f"The embedding cache {self._file} cannot be used: {reason_of(error)}",
                "Remove the file, or set XDG_CACHE_HOME to another folder.",
            ) from error

    def _prepared(self, deadline: float) -> bool:
        """Create the table; False while another process does, as SQLite does not wait for that."""
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (text TEXT PRIMARY KEY, vector BLOB)"
                " WITHOUT ROWID"
            )
        except _OF_A_DAMAGED_FILE as error:
            if "locked" in str(error) and time.monotonic() < deadline:
                return False
            self._connection.close()
            raise
        return True

    def read(self, texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """Return those vectors that are in the cache."""
        wanted = sorted(set(texts))
        found = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ",".join("?" * len(some))
            with self._explained():
                rows = self._connection.execute(
                    f"SELECT text, vector FROM vectors WHERE text IN ({marks})",  # noqa: S608
                    some,
                )
                found.update({text: np.frombuffer(blob, np.float16) for text, blob in rows})
        return {text: vector for text, vector in found.items() if len(vector) == self._width}

    def write(self, texts: Sequence[str], vectors: NDArray[np.float16]) -> None:
        """Write vectors in one transaction, so that no process reads half of them."""
        with self._explained(), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(text, vector.tobytes()) for text, vector in zip(texts, vectors, strict=True)],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

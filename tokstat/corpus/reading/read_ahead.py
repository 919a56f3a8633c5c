"""Decompress in a thread while what is read before is counted."""

from __future__ import annotations

import io
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_BLOCK_BYTES = 1 << 20
_BLOCKS = 16
"""Blocks to read ahead at most: more than the text that is counted at once."""


class ReadAhead(io.RawIOBase):
    """Read a file in a thread, as far ahead as was read already.

    So a file whose beginning alone is looked at is not read on. An error of reading is raised
    where the bytes before it end. Closing does not close the file.
    """

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file = file
        self._error: Exception | None = None
        self._thread = ThreadPoolExecutor(1, "read-ahead")
        self._coming: deque[Future[bytes]] = deque()
        self._taken = 0
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with available data; return the number of bytes, 0 at the end."""
        if not self._ready:
            self._ask()
            self._ready = memoryview(self._coming.popleft().result())
            self._taken += 1
            self._ask()
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Stop reading."""
        self._thread.shutdown(cancel_futures=True)
        super().close()

    def _ask(self) -> None:
        while len(self._coming) < min(self._taken + 1, _BLOCKS):
            self._coming.append(self._thread.submit(self._block))

    def _block(self) -> bytes:
        if self._error is not None:
            raise self._error
        block = bytearray()
        try:
            # `read` would lose what comes before an error.
            while len(block) < _BLOCK_BYTES and (part := self._file.read1(_BLOCK_BYTES)):
                block += part
        except Exception as error:  # of many kinds
            if not block:
                raise
            self._error = error
        return bytes(block)

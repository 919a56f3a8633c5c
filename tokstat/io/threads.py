"""Work in threads: numpy, pyarrow and tokenizers let go of the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_MOST = 4
"""Threads that are worth their memory: what they do goes through Python now and then."""


def _pool() -> ThreadPoolExecutor:
    """Return a pool; of one thread where whoever runs this process wants no more."""
    alone = os.environ.get("TOKENIZERS_PARALLELISM") == "false"
    return ThreadPoolExecutor(1 if alone else min(_MOST, os.cpu_count() or 1))


def in_threads(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Return what a function makes of each item, in order. Raises what it raises."""
    if len(items) < 2:
        return [function(item) for item in items]
    with _pool() as pool:
        return list(pool.map(function, items))


def ahead_in_threads(function: Callable[[T], R], items: Iterable[T], ahead: int = 3) -> Iterator[R]:
    """Yield what a function makes of each item, in order, working at a few at a time."""
    pending: deque[Future[R]] = deque()
    with _pool() as pool:
        for item in items:
            pending.append(pool.submit(function, item))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

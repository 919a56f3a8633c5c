"""Run functions in threads. numpy, pyarrow and tokenizers release the interpreter lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_MOST = 4
"""More threads would cost memory without a gain, because parts of the work run in Python."""


def _pool() -> ThreadPoolExecutor:
    """Return a thread pool, with one thread where TOKENIZERS_PARALLELISM forbids more."""
    alone = os.environ.get("TOKENIZERS_PARALLELISM") == "false"
    return ThreadPoolExecutor(1 if alone else min(_MOST, os.cpu_count() or 1))


def in_threads(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Return the function's result for each item, in order. Raises what the function raises."""
    if len(items) < 2:
        return [function(item) for item in items]
    with _pool() as pool:
        return list(pool.map(function, items))


def ahead_in_threads(function: Callable[[T], R], items: Iterable[T], ahead: int = 3) -> Iterator[R]:
    """Yield the function's result for each item, in order, at most `ahead` items in advance."""
    pending: deque[Future[R]] = deque()
    with _pool() as pool:
        for item in items:
            pending.append(pool.submit(function, item))
            if len(pending) >= ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

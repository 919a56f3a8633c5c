"""Run a count in this process, in other processes or on a Dask cluster, with equal results."""

from __future__ import annotations

import logging
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import chain
from queue import Empty, SimpleQueue

from tokstat.corpus.counting.state import Counts
from tokstat.corpus.plan import Plan, count_unit
from tokstat.corpus.reading.sources import FilePart
from tokstat.errors import ExecutorError, MissingExtraError, TokstatError, reason_of
from tokstat.io.background import Background
from tokstat.io.processes import Workers, one_core

Units = Sequence[Sequence[FilePart]]
Progress = Callable[[int], None]

_CONNECT_SECONDS = 10

_SLICE = 0.5
"""Seconds of one wait, which Ctrl-C does not end on Windows."""


def count_here(plan: Plan, units: Units, progress: Progress | None = None) -> Iterator[Counts]:
    """Count one unit after the other in this process. Raises as `Plan.count_parts`."""
    for parts in units:
        yield plan.count_parts(parts, progress)


def count_with(
    executor: Executor, plan: Plan, units: Units, progress: Progress | None = None
) -> Iterator[Counts]:
    """Count units with an executor of `concurrent.futures`, and yield each when it is done.

    Raises:
        ExecutorError: a worker process died; the counts yielded so far are complete.
    """
    written = plan.to_bytes()
    futures: dict[Future[bytes], Sequence[FilePart]] = {}
    try:
        for parts in units:
            futures[executor.submit(count_unit, written, parts)] = parts
        for future in as_completed(futures):
            counts = Counts.from_bytes(future.result(), "a worker's result", is_own=True)
            if progress is not None:
                progress(sum(part.bytes for part in futures[future]))
            yield counts
    except BrokenProcessPool as error:
        raise ExecutorError(
            "A worker process died", "Run again with fewer --workers, or with more memory."
        ) from error
    finally:
        for future in futures:
            future.cancel()


def count_in_processes(
    workers: int, plan: Plan, units: Units, progress: Progress | None = None
) -> Iterator[Counts]:
    """Count units in so many processes, of which this is one, and yield each when it is done.

    This one counts the first unit while the others start.

    Raises:
        ExecutorError: another process died; the counts yielded so far are complete.
    """
    left = deque(units)
    first, missing = left.popleft(), len(units)
    done: SimpleQueue[int | Counts] = SimpleQueue()  # with the number of further bytes

    def count_here() -> None:
        for parts in chain([first], _taken_from(left)):
            done.put(plan.count_parts(parts, done.put))

    def count_elsewhere() -> None:
        for parts in _taken_from(left):
            written = others.start(parts).result()
            done.put(sum(part.bytes for part in parts))
            done.put(Counts.from_bytes(written, "a worker's result", is_own=True))

    with closing(Workers(partial(count_unit, plan.to_bytes()), workers - 1)) as others, one_core():
        threads = [Background(count_here)]
        try:
            threads += [Background(count_elsewhere) for _ in range(workers - 1)]
            while missing:
                with suppress(Empty):
                    found = done.get(timeout=_SLICE)
                    if isinstance(found, Counts):
                        missing -= 1
                        yield found
                    elif progress is not None:
                        progress(found)
                for thread in threads:
                    if thread.wait(0):
                        thread.result()  # or its error
        finally:
            left.clear()
            threads[0].stop()


def _taken_from(units: deque[Sequence[FilePart]]) -> Iterator[Sequence[FilePart]]:
    """Take one unit after the other, until there is none; several threads may do so."""
    with suppress(IndexError):
        while True:
            yield units.popleft()


@contextmanager
def _quiet_dask() -> Iterator[None]:
    """Keep Dask from logging tracebacks: one error reports what failed."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    loggers = [each for each in map(logging.getLogger, names) if not each.disabled]
    for each in loggers:
        each.disabled = True
    try:
        yield
    finally:
        for each in loggers:
            each.disabled = False


def count_on_cluster(
    address: str, plan: Plan, units: Units, progress: Progress | None = None
) -> Iterator[Counts]:
    """Count units on a Dask cluster, and yield each when it is done.

    Other workers repeat the units of a worker that dies.

    Raises:
        ExecutorError: the scheduler does not answer, or the cluster fails.
        MissingExtraError: the package distributed is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError(
            "--scheduler requires Dask", "Run: pip install 'tokstat-toolkit[dask]'"
        ) from error
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ExecutorError(
            f'No Dask scheduler answers at {address}: "{reason_of(error)}"',
            "Check the address, or start a scheduler with: dask scheduler",
        ) from error
    with _quiet_dask(), client:
        try:
            with warnings.catch_warnings():
                # Dask warns of large arguments, but the plan is sent only once.
                warnings.simplefilter("ignore", UserWarning)
                # Dask recomputes a task's result if its worker dies; scattered data would be lost.
                written = client.submit(bytes, plan.to_bytes(), pure=False)
            futures = {
                client.submit(count_unit, written, parts, pure=False, retries=3): parts
                for parts in units
            }
            for future in distributed.as_completed(list(futures), loop=client.loop):
                counts = Counts.from_bytes(future.result(), "a worker's result", is_own=True)
                if progress is not None:
                    progress(sum(part.bytes for part in futures[future]))
                yield counts
                future.release()
        except TokstatError:
            raise
        except Exception as error:  # Dask raises errors of many kinds
            raise ExecutorError(
                f'The Dask cluster at {address} failed: "{reason_of(error)}"',
                "Read the logs of its scheduler and workers, then run again; --state keeps the "
                "counts so far.",
            ) from error

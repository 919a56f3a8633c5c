"""The controlled study: one teacher, one recipe, many tokenizers, words alone and in text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from tokstat.analyzers.casing import casing_duplicate_ratio
from tokstat.analyzers.fragments import fragment_ratio
from tokstat.analyzers.subject import Subject
from tokstat.analyzers.whole_words import whole_word_ratio
from tokstat.distillation.static_models import Distillation, text_hashes
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.errors import DataError
from tokstat.experiments.families import Sketch, families, sketch
from tokstat.experiments.trials import (
    Trials,
    environment,
    require_all_sets,
    require_same_settings,
)
from tokstat.io.background import Background
from tokstat.io.files import save_file
from tokstat.io.memory import trim_memory
from tokstat.tokenizer.single_words import CONVENTIONS, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import correlate
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.statistics import ends_of
from tokstat.wordsim.store import load_set
from tokstat.wordsim.study_results import Study, StudyRow, read_study

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
) -> Study:
    """Measure every tokenizer under both conventions with one teacher.

    `finished` is an earlier result with the same teacher, mode and seed: its tokenizers are not
    measured again, unless they have changed. `on_row` gets the study after each tokenizer, to save
    it.

    Raises:
        DataError: one of the seven sets is missing, `finished` has other settings, or a tokenizer
            has no token in the lexicon's scripts.
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
    with closing(_Reading(tokenizers)) as reading:
        for name, tokenizer in reading:
            measured = [row for row in rows if row.tokenizer == name]
            is_new = not measured or any(row.sha256 != tokenizer.origin.sha256 for row in measured)
            if is_new:
                rows = [row for row in rows if row.tokenizer != name]
                rows += _measure(name, tokenizer, trials, lexicon, reading.start)
            sketches[name] = sketch(text_hashes(tokenizer.vocabulary, 0))
            if is_new and on_row is not None:
                on_row(replace(study, rows=_in_families(rows, sketches)))
    return replace(study, rows=_in_families(rows, sketches))


class _Reading:
    """Read tokenizers in turn; `start` reads the next one in a thread, without Python's lock."""

    def __init__(self, tokenizers: Mapping[str, Callable[[], Tokenizer]]) -> None:
        self._left = list(tokenizers.items())
        self._started: list[Background[Tokenizer]] = []

    def start(self) -> None:
        """Begin to read the next tokenizer; an error is raised when it is its turn."""
        if self._left:
            trim_memory()
            self._started.append(Background(self._left[0][1]))

    def close(self) -> None:
        """Stop reading, as after Ctrl-C."""
        for reading in self._started:
            reading.stop()

    def __iter__(self) -> Iterator[tuple[str, Tokenizer]]:
        while self._left:
            if not self._started:
                self.start()
            tokenizer = self._started[0].result()
            self._started.clear()
            yield self._left.pop(0)[0], tokenizer


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


def _measure(
    name: str,
    tokenizer: Tokenizer,
    trials: Trials,
    lexicon: Lexicon,
    on_distilled: Callable[[], None],
) -> list[StudyRow]:
    subject = Subject(tokenizer, lexicon)
    subject.start(coverage=True, searches=False)
    model = trials.distill(tokenizer)
    on_distilled()  # and not before: the teacher takes the most memory
    ratios = (whole_word_ratio(subject), casing_duplicate_ratio(subject), fragment_ratio(subject))
    if any(ratio.value is None for ratio in ratios):
        raise DataError(
            f"The tokenizer {name} has no token in the scripts of the word list",
            "Leave it out of the study.",
        )
    (coverage,) = subject.lower_coverage
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None  # it is packaged
    words = sorted({*trials.words, *packaged.words})
    alone, in_text = (model.splits.of(trials.words, each) for each in CONVENTIONS)
    rows: list[StudyRow] = []
    for convention in CONVENTIONS:
        if not rows or alone != in_text:
            score = correlate(model.under(convention), trials.sets, seed=trials.seed)
        low, high = ends_of(score.interval)
        covered = coverage.bare if convention == "bare" else coverage.spaced
        single = dict(zip(words, single_token_words(tokenizer, words, convention), strict=True))
        rows.append(
            StudyRow(
                tokenizer=name,
                sha256=tokenizer.origin.sha256,
                scheme=tokenizer.scheme.name,
                vocab_size=len(tokenizer.vocabulary),
                convention=convention,
                wordsim=score.mean,
                interval_low=low,
                interval_high=high,
                **cast("Any", {ratio.name: ratio.value for ratio in ratios}),
                coverage=float(covered.mean()),
                wordsim353_coverage=float(np.mean([single[word] for word in packaged.words])),
                wordsim_coverage=float(np.mean([single[word] for word in trials.words])),
                rho=score.rho,
            )
        )
    return rows

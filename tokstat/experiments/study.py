"""The controlled study: one teacher, one recipe, many tokenizers, words alone and in text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from tokstat.analyzers.registry import get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.distillation.static_models import Distillation, text_hashes
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.errors import AnalyzerError
from tokstat.experiments.families import Sketch, families, sketch
from tokstat.experiments.trials import (
    Trials,
    environment,
    require_all_sets,
    require_same_settings,
)
from tokstat.io.files import save_file
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.statistics import ends_of
from tokstat.wordsim.store import load_set
from tokstat.wordsim.study_results import VOCABULARY_SCORES, Study, StudyRow, read_study

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
        DataError: one of the seven sets is missing, or `finished` has other settings.
        AnalyzerError: an analyzer of the scores fails.
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
    for name, load in tokenizers.items():
        tokenizer = load()
        sketches[name] = sketch(text_hashes(tokenizer.vocabulary, 0))
        measured = [row for row in rows if row.tokenizer == name]
        if measured and all(row.sha256 == tokenizer.origin.sha256 for row in measured):
            continue
        rows = [row for row in rows if row.tokenizer != name]
        rows += _measure(name, tokenizer, trials, lexicon)
        if on_row is not None:
            on_row(replace(study, rows=_in_families(rows, sketches)))
    return replace(study, rows=_in_families(rows, sketches))


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


def _measure(name: str, tokenizer: Tokenizer, trials: Trials, lexicon: Lexicon) -> list[StudyRow]:
    subject = Subject(tokenizer, lexicon)
    subject.start(coverage=True, searches=False)
    model = trials.distill(tokenizer)
    sections = [
        analyzer(subject) for analyzer in get_analyzers(("whole_words", "casing", "fragments"))
    ]
    for section in sections:
        if section.failure is not None:
            raise AnalyzerError(section.failure, f"The study needs its scores of {name}.")
    metrics = {metric.name: metric.value for section in sections for metric in section.metrics}
    (coverage,) = subject.lower_coverage
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None  # it is packaged

    def share(of: list[str], convention: Convention) -> float:
        return float(single_token_words(tokenizer, of, convention).mean())

    rows = []
    for convention in CONVENTIONS:
        score = evaluate(model.under(convention), trials.sets, seed=trials.seed)
        low, high = ends_of(score.interval)
        covered = coverage.bare if convention == "bare" else coverage.spaced
        rows.append(
            StudyRow(
                tokenizer=name,
                sha256=tokenizer.origin.sha256,
                scheme=tokenizer.scheme.name,
                vocab_size=len(tokenizer.vocabulary),
                convention=convention,
                wordsim=cast("float", score.wordsim),
                interval_low=low,
                interval_high=high,
                **cast("Any", {score: metrics[score] for score in VOCABULARY_SCORES}),
                coverage=float(covered.mean()),
                wordsim353_coverage=share(packaged.words, convention),
                wordsim_coverage=share(trials.words, convention),
                rho={each.name: each.rho for each in score.sets},
            )
        )
    return rows

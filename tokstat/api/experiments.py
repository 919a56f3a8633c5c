"""Measure the cost of a tokenizer: distillation, the controlled study, and its correlations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, overload

from tokstat.api.loading import Spec, load, name_of, specs_of
from tokstat.api.wordsim import evaluate_wordsim
from tokstat.errors import EditError
from tokstat.experiments.defaults import DEFAULT_TEACHER
from tokstat.io.files import as_path, require_absent, require_place
from tokstat.words.lexicon import load_lexicon

if TYPE_CHECKING:
    from tokstat.distillation.encoders import TeacherSpec
    from tokstat.distillation.teachers import Teacher
    from tokstat.experiments.by_teacher import StudiesByTeacher
    from tokstat.experiments.study_link import StudyLink
    from tokstat.tokenizer.tokenizer import Tokenizer
    from tokstat.wordsim.evaluation import ModelScore
    from tokstat.wordsim.study_results import Study

_LOG = logging.getLogger(__name__)


@overload
def run_study(  # type: ignore[overload-overlap]  # a string is one teacher
    specs: Spec | Sequence[Spec],
    *,
    teacher: TeacherSpec = ...,
    prompt: str = ...,
    path: str | Path | None = ...,
    exact: bool = ...,
    data: str | Path | None = ...,
    seed: int = ...,
    progress: Callable[[int, int], None] | None = ...,
    workers: int = ...,
) -> Study: ...


@overload
def run_study(
    specs: Spec | Sequence[Spec],
    *,
    teacher: Sequence[TeacherSpec],
    prompt: str = ...,
    path: str | Path | None = ...,
    exact: bool = ...,
    data: str | Path | None = ...,
    seed: int = ...,
    progress: Callable[[int, int], None] | None = ...,
    workers: int = ...,
) -> StudiesByTeacher: ...


def run_study(
    specs: Spec | Sequence[Spec],
    *,
    teacher: TeacherSpec | Sequence[TeacherSpec] = DEFAULT_TEACHER,
    prompt: str = "",
    path: str | Path | None = None,
    exact: bool = False,
    data: str | Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    workers: int = 1,
) -> Study | StudiesByTeacher:
    """Measure WordSim of tokenizers under one teacher, words alone and in text.

    `teacher` is a folder, a Hub name, or a function from a list of texts to one vector a text. A
    list of teachers gives one study each, and the mean; one that fails is named in the result.
    `prompt` comes before every text that it embeds, such as "query: " for E5; it is a text, or the
    name of one of the teacher's own prompts.

    With `path`, results are saved there after each tokenizer, and saved ones are not measured
    again. `exact` embeds whole vocabularies. `workers` processes read tokenizers ahead; with more
    than one, a script needs the guard `if __name__ == "__main__":`. Tokenizers in memory are read
    in this process.

    Raises:
        TokstatError: as `load` for a spec; `TeacherError`, `DataError`, `OutputError`,
            `MissingExtraError`, `ExecutorError`.
    """
    from tokstat.distillation.encoders import load_teacher
    from tokstat.distillation.static_models import Distillation
    from tokstat.distillation.teachers import Recipe
    from tokstat.experiments.several_teachers import study_with
    from tokstat.experiments.study import keep_study
    from tokstat.experiments.study import run_study as measure
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import load_sets

    path, data = as_path(path), as_path(data)
    require_place(path)
    sets, _ = load_sets(WORDSIM_SETS, data)
    tokenizers = {name_of(spec): _loader(spec) for spec in specs_of(specs)}

    def study_under(
        chosen: Teacher, finished: Study | None, save: Callable[[Study], None]
    ) -> Study:
        return measure(
            chosen,
            tokenizers,
            sets,
            load_lexicon(),
            exact=exact,
            settings=Distillation(chosen.resolved(Recipe(prompt=prompt))),
            seed=seed,
            finished=finished,
            on_row=save,
            progress=progress,
            workers=workers,
        )

    if isinstance(teacher, Sequence) and not isinstance(teacher, str):
        return study_with(teacher, path, study_under)
    return keep_study(path, load_teacher(teacher), study_under)


def _loader(spec: Spec) -> Callable[[], Tokenizer]:
    """Return what loads a tokenizer; one in memory is not sent to another process."""
    return partial(load, spec) if isinstance(spec, (str, Path)) else lambda: load(spec)


def read_study(path: str | Path | None = None) -> Study:
    """Read a saved study; by default the packaged one.

    Raises:
        DataError: the file is not a saved study.
    """
    from tokstat.wordsim import study_results

    if path is None:
        return study_results.packaged_study()
    return study_results.read_study(as_path(path))


def link_study(path: str | Path | None = None, seed: int = 0) -> StudyLink:
    """Correlate a study's WordSim with every score; by default the packaged study's.

    Raises:
        DataError: the file is not a saved study.
    """
    from tokstat.experiments.study_link import link_study as link

    _LOG.info("correlating the scores of the study with WordSim")
    return link(read_study(path), seed)


def distill(
    teacher: TeacherSpec,
    folder: str | Path,
    *,
    tokenizer: Spec | None = None,
    prefix_space: bool | None = None,
    as_release: str | None = None,
    decase: bool = False,
    drop: Sequence[str] = (),
    add_words: str | int | Path | None = None,
    pooling: str = "mean",
    swap_ends: bool = False,
    prompt: str = "",
    pca: int | None = 256,
    sif: float | None = 1e-4,
    data: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    on_skipped: Callable[[Sequence[tuple[str, str]]], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> ModelScore:
    """Distill a static model into a new folder, and return its score on the available sets.

    By default Model2Vec distills the teacher, a folder or Hub name. With another tokenizer, a given
    `prefix_space` (whether a space precedes every text), a change of `make_interventions`, a
    `prompt`, a recipe that Model2Vec lacks, or a teacher that is no folder, tokstat embeds the text
    of every token instead. So it does with `as_release`, such as "0.3.8": the static model gets the
    tokenizer that this release of Model2Vec would save, for byte-level BPE. A function from texts
    to vectors needs a `tokenizer`. `on_skipped` gets
    the words that could not be added, with the reasons; `on_note` gets a sentence on what Model2Vec
    did to the tokenizer.

    Raises:
        TokstatError: `TeacherError`, `EditError`, `DataError`, `MissingExtraError`, `OutputError`,
            or as `load`.
    """
    from tokstat.distillation.saving import save_model
    from tokstat.distillation.static_models import Distillation
    from tokstat.distillation.teachers import Recipe, as_pooling
    from tokstat.editing.steps import make_interventions
    from tokstat.experiments.edited_teacher import distill_teacher
    from tokstat.wordsim.sets import ALL_SETS
    from tokstat.wordsim.store import load_sets

    folder, data = as_path(folder), as_path(data)
    require_absent(folder)
    if as_release is not None and prefix_space is not None:
        raise EditError(
            "A release of Model2Vec decides on the leading space itself",
            "Give either --as, or --prefix-space or --no-prefix-space.",
        )
    load_sets(ALL_SETS, data)  # a damaged set is an error before the work begins
    settings = Distillation(Recipe(as_pooling(pooling), swap_ends, prompt), pca, sif)
    steps = make_interventions(
        prefix_space=bool(prefix_space), decase=decase, drop=drop, add_words=add_words, data=data
    )
    model = distill_teacher(
        teacher,
        settings,
        tokenizer=None if tokenizer is None else load(tokenizer),
        steps=steps,
        by_model2vec=prefix_space is None,
        as_release=as_release,
        progress=progress,
        on_skipped=on_skipped,
        on_note=on_note,
    )
    _LOG.info("writing %s", folder)
    save_model(model, folder)
    return evaluate_wordsim(folder, data=data)

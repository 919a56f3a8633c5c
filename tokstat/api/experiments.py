"""Measure the cost of a tokenizer: distillation, the controlled study, and its correlations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tokstat.api.editing import make_interventions
from tokstat.api.loading import Spec, load, name_of, specs_of
from tokstat.api.wordsim import evaluate_wordsim
from tokstat.experiments.defaults import DEFAULT_TEACHER
from tokstat.io.files import require_absent, require_place, save_file
from tokstat.words.lexicon import load_lexicon

if TYPE_CHECKING:
    from tokstat.experiments.study_link import StudyLink
    from tokstat.wordsim.evaluation import ModelScore
    from tokstat.wordsim.study_results import Study


def run_study(
    specs: Spec | Sequence[Spec],
    *,
    teacher: str = DEFAULT_TEACHER,
    path: Path | None = None,
    exact: bool = False,
    data: Path | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Study:
    """Measure WordSim of tokenizers under one teacher, words alone and in text.

    With `path`, results are saved there after each tokenizer, and saved ones are not measured
    again. `exact` embeds whole vocabularies.

    Raises:
        TokstatError: as `load` for a spec; `TeacherError`, `DataError`, `OutputError`,
            `MissingExtraError`.
    """
    from tokstat.distillation.encoders import load_teacher
    from tokstat.experiments.study import run_study as run
    from tokstat.wordsim.sets import WORDSIM_SETS
    from tokstat.wordsim.store import load_sets
    from tokstat.wordsim.study_results import read_study

    require_place(path)
    sets, _ = load_sets(WORDSIM_SETS, data)
    finished = read_study(path) if path is not None and path.is_file() else None

    def save(study: Study) -> None:
        if path is not None:
            save_file(path, study.to_json())

    return run(
        load_teacher(teacher),
        {name_of(spec): partial(load, spec) for spec in specs_of(specs)},
        sets,
        load_lexicon(),
        exact=exact,
        seed=seed,
        finished=finished,
        on_row=save,
        progress=progress,
    )


def link_study(path: Path | None = None, seed: int = 0) -> StudyLink:
    """Correlate a study's WordSim with every score; by default the packaged study's.

    Raises:
        DataError: the file is not a saved study.
    """
    from tokstat.experiments.study_link import link_study as link
    from tokstat.wordsim.study_results import packaged_study, read_study

    return link(packaged_study() if path is None else read_study(path), seed)


def distill(
    teacher: str,
    folder: Path,
    *,
    tokenizer: Spec | None = None,
    prefix_space: bool | None = None,
    decase: bool = False,
    drop: Sequence[str] = (),
    add_words: str | int | Path | None = None,
    pooling: str = "mean",
    swap_ends: bool = False,
    pca: int | None = 256,
    sif: float | None = 1e-4,
    data: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    on_skipped: Callable[[Sequence[tuple[str, str]]], None] | None = None,
) -> ModelScore:
    """Distil a static model into a new folder, and return its score on the available sets.

    By default Model2Vec distils the teacher, a folder or Hub name. With another tokenizer, a given
    `prefix_space` (whether a space precedes every text), a change of `make_interventions`, or a
    recipe that Model2Vec lacks, tokstat embeds the text of every token instead. `on_skipped` gets
    the words that could not be added, with the reasons.

    Raises:
        TokstatError: `TeacherError`, `EditError`, `DataError`, `MissingExtraError`, `OutputError`,
            or as `load`.
    """
    from tokstat.distillation import static_models
    from tokstat.distillation.encoders import load_teacher, teacher_folder
    from tokstat.distillation.saving import save_model, to_static_model
    from tokstat.distillation.teachers import Recipe, as_pooling
    from tokstat.editing.interventions import apply_all
    from tokstat.wordsim.sets import ALL_SETS
    from tokstat.wordsim.store import load_sets

    require_absent(folder)
    load_sets(ALL_SETS, data)  # a damaged set is an error before the work begins
    recipe = Recipe(as_pooling(pooling), swap_ends)
    settings = static_models.Distillation(recipe, pca, sif)
    steps = make_interventions(
        prefix_space=bool(prefix_space), decase=decase, drop=drop, add_words=add_words, data=data
    )
    as_it_is = tokenizer is None and prefix_space is None and not steps
    if as_it_is and recipe in static_models.MODEL2VEC_POOLINGS:
        model = static_models.distill_plainly(teacher_folder(teacher), settings)
    else:
        loaded = load_teacher(teacher)
        chosen = load(tokenizer if tokenizer is not None else loaded.folder)
        edit = apply_all(chosen, steps)
        if on_skipped is not None and edit.skipped:
            on_skipped(edit.skipped)
        model = to_static_model(
            static_models.distill(loaded, edit.tokenizer, settings, progress=progress)
        )
    save_model(model, folder)
    return evaluate_wordsim(folder, data=data)

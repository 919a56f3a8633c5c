"""A static model of a teacher, by Model2Vec where it can, else with an edited tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tokstat.distillation.saving import to_static_model
from tokstat.distillation.static_models import (
    MODEL2VEC_POOLINGS,
    Distillation,
    distill,
    distill_plainly,
)
from tokstat.distillation.teachers import Progress, load_teacher, teacher_folder
from tokstat.editing.interventions import Intervention, apply_all
from tokstat.loading import load
from tokstat.tokenizer.tokenizer import Tokenizer


def distill_teacher(
    teacher: str,
    settings: Distillation,
    *,
    tokenizer: Tokenizer | None = None,
    steps: Sequence[Intervention] = (),
    by_model2vec: bool = True,
    progress: Progress | None = None,
    on_skipped: Callable[[Sequence[tuple[str, str]]], None] | None = None,
) -> Any:
    """Return a static model of a teacher as model2vec's StaticModel.

    Model2Vec distils the teacher with its own tokenizer, if `by_model2vec` and it has the recipe.
    Otherwise the text of each token of the edited tokenizer is embedded. `on_skipped` gets the
    words that could not be added, with the reasons.

    Raises:
        TokstatError: `TeacherError`, `EditError`, `MissingExtraError`, or as `load`.
    """
    is_plain = tokenizer is None and not steps
    if by_model2vec and is_plain and settings.recipe in MODEL2VEC_POOLINGS:
        return distill_plainly(teacher_folder(teacher), settings)
    loaded = load_teacher(teacher)
    edit = apply_all(tokenizer or load(str(loaded.folder)), steps)
    if on_skipped is not None and edit.skipped:
        on_skipped(edit.skipped)
    return to_static_model(distill(loaded, edit.tokenizer, settings, progress=progress))

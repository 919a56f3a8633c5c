"""A static model of a teacher, by Model2Vec where it can, else with an edited tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tokenizers

from tokstat.distillation import encoders
from tokstat.distillation.encoders import Encoder, TeacherSpec
from tokstat.distillation.saving import to_static_model
from tokstat.distillation.static_models import (
    MODEL2VEC_POOLINGS,
    Distillation,
    distill,
    distill_plainly,
)
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.editing import model2vec_releases
from tokstat.editing.interventions import Intervention, apply_all, leading_blank
from tokstat.errors import TeacherError
from tokstat.loading import load
from tokstat.tokenizer.single_words import split_words
from tokstat.tokenizer.tokenizer import Tokenizer

_WORD = "tiger"
"""The word that shows what a release of Model2Vec does."""


def distill_teacher(
    teacher: TeacherSpec,
    settings: Distillation,
    *,
    tokenizer: Tokenizer | None = None,
    steps: Sequence[Intervention] = (),
    by_model2vec: bool = True,
    as_release: str | None = None,
    progress: Progress | None = None,
    on_skipped: Callable[[Sequence[tuple[str, str]]], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> Any:
    """Return a static model of a teacher as model2vec's StaticModel.

    Model2Vec distills the teacher with its own tokenizer, if `by_model2vec` and it has the recipe.
    Otherwise the text of each token of the edited tokenizer is embedded. With `as_release` this is
    the tokenizer that a release of Model2Vec would save. `on_skipped` gets the
    words that could not be added, with the reasons. `on_note` gets a sentence on what Model2Vec did
    to the tokenizer.

    Raises:
        TokstatError: `TeacherError`, `EditError`, `MissingExtraError`, or as `load`.
    """
    is_plain = tokenizer is None and not steps and as_release is None
    if (
        by_model2vec
        and is_plain
        and isinstance(teacher, (str, Path))
        and settings.recipe in MODEL2VEC_POOLINGS
    ):
        folder = encoders.teacher_folder(str(teacher))
        model = distill_plainly(folder, settings)
        if on_note is not None:
            on_note(_what_model2vec_did(load(str(folder)), model.tokenizer))
        return model
    loaded = encoders.load_teacher(teacher)
    settings = replace(settings, recipe=loaded.resolved(settings.recipe))
    edit = apply_all(tokenizer or _tokenizer_of(loaded), steps)
    if on_skipped is not None and edit.skipped:
        on_skipped(edit.skipped)
    final = edit.tokenizer
    if as_release is not None:
        final = model2vec_releases.as_release(final, as_release)
    return to_static_model(distill(loaded, final, settings, progress=progress))


def _tokenizer_of(teacher: Teacher) -> Tokenizer:
    """Load a teacher's own tokenizer. Raises TeacherError for a teacher without one."""
    if not isinstance(teacher, Encoder):
        raise TeacherError(
            f"The teacher {teacher.name} has no tokenizer of its own",
            "Say which tokenizer the static model gets: tokenizer=SPEC.",
        )
    return load(str(teacher.folder))


def _what_model2vec_did(teacher: Tokenizer, backend: tokenizers.Tokenizer) -> str:
    """Say whether the installed Model2Vec puts a leading space before words encoded alone."""
    static = Tokenizer(backend, replace(teacher.origin, sha256=""))
    release = f"Model2Vec {version('model2vec')}"
    if not teacher.scheme.keeps_spaces:
        return f"{release} distilled the teacher. Its tokenizer has no tokens with a leading space."
    if not static.adds_leading_space:
        return (
            f"{release} distilled the teacher, and encodes words alone without a leading space."
            " Give --prefix-space to keep them whole."
        )
    done = "keeps" if teacher.adds_leading_space else "added"
    return (
        f"{release} distilled the teacher, and {done} the leading space of words encoded alone."
        f" Give --no-prefix-space to distill without it.{_by_earlier_releases(teacher, static)}"
        f"{_before_every_piece(teacher, static)}"
    )


def _by_earlier_releases(teacher: Tokenizer, static: Tokenizer) -> str:
    """Say how Model2Vec 0.3.8 and 0.4.1 encode a word; they leave the teacher's tokenizer alone."""
    now, before = (_tokens_alone(each, _WORD) for each in (static, teacher))
    if now == before:
        return ""
    return (
        f" `{_WORD}` alone is now `{' '.join(now)}`; Model2Vec 0.3.8 and 0.4.1 encode it as"
        f" `{' '.join(before)}`."
    )


def _before_every_piece(teacher: Tokenizer, static: Tokenizer) -> str:
    """Say if the release puts a space before every piece of a text, and not before the first."""
    text = f"{_WORD},"
    spaced = leading_blank().apply(teacher).tokenizer
    now, once = (_tokens_alone(each, text) for each in (static, spaced))
    if now == once:
        return ""
    return (
        f" It puts a space before every piece of a text: `{text}` is now `{' '.join(now)}`, and"
        f" with --prefix-space `{' '.join(once)}`."
    )


def _tokens_alone(tokenizer: Tokenizer, word: str) -> list[str]:
    (ids,) = split_words(tokenizer, [word], "bare")
    return [str(tokenizer.backend.id_to_token(each)) for each in ids]

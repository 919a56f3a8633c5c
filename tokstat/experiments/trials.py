"""Distill static models with changed tokenizers, all under the same conditions."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.static_models import Distillation, DistilledModel, distill
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.errors import DataError
from tokstat.experiments.conditions import Conditions
from tokstat.tokenizer.single_words import single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.version import __version__
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet


def environment() -> str:
    """Return the versions and the machine that numbers depend on in the last digits."""
    return f"tokstat {__version__}, numpy {np.__version__}, {platform.machine()}"


def require_all_sets(sets: Sequence[WordSet], experiment: str) -> None:
    """Raise DataError if one of the seven sets is missing; `experiment` names what needs all."""
    names = {each.source.name for each in sets}
    absent = ", ".join(source.name for source in WORDSIM_SETS if source.name not in names)
    if absent:
        raise DataError(
            f"A {experiment} needs the seven sets of WordSim, and some are missing: {absent}",
            "Run: tokstat data fetch.",
        )


def require_same_settings(
    experiment: str, new: object, saved: object, names: Sequence[str]
) -> None:
    """Raise DataError if a saved experiment has another setting than the one that goes on."""
    for name in names:
        if getattr(new, name) != getattr(saved, name):
            raise DataError(
                f"The saved {experiment} has another {name}: {getattr(saved, name)!r}, not"
                f" {getattr(new, name)!r}",
                "Choose another file with -o.",
            )


@dataclass(frozen=True, eq=False)
class Trials:
    """Distill a static model with one tokenizer after the other.

    Unless `exact`, a model has vectors for the sets' words alone.
    """

    teacher: Teacher
    sets: Sequence[WordSet]
    settings: Distillation
    exact: bool
    seed: int
    progress: Progress | None

    @cached_property
    def words(self) -> list[str]:
        """The words of all sets, in order."""
        return sorted({word for each in self.sets for word in each.words})

    def distill(self, tokenizer: Tokenizer) -> DistilledModel:
        """Distill a static model with a tokenizer."""
        return distill(
            self.teacher,
            tokenizer,
            self.settings,
            words=None if self.exact else self.words,
            seed=self.seed,
            progress=self.progress,
        )

    def single(self, tokenizer: Tokenizer) -> NDArray[np.bool_]:
        """Return a mask of the sets' words that are one token alone."""
        return single_token_words(tokenizer, self.words, "bare")

    def conditions(self, tokenizer: Tokenizer) -> Conditions:
        """Return the conditions of an experiment on a tokenizer."""
        names = tuple(each.source.name for each in self.sets)
        return Conditions(
            tokenizer=tokenizer.origin.spec,
            sha256=tokenizer.origin.sha256,
            teacher=self.teacher.name,
            teacher_sha256=self.teacher.sha256,
            recipe=self.settings.name,
            mode="exact" if self.exact else "fast",
            seed=self.seed,
            environment=environment(),
            sets=names,
            missing_sets=tuple(each.name for each in WORDSIM_SETS if each.name not in names),
        )

"""Distil static models with changed tokenizers, all under the same conditions."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.static_models import Distillation, DistilledModel, distill
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.experiments.conditions import Conditions
from tokstat.tokenizer.single_words import single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.version import __version__
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet


def environment() -> str:
    """Return the versions and the machine that numbers depend on in the last digits."""
    return f"tokstat {__version__}, numpy {np.__version__}, {platform.machine()}"


@dataclass(frozen=True, eq=False)
class Trials:
    """Distil a static model with one tokenizer after the other.

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
        """Distil a static model with a tokenizer."""
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

"""What-if ladders: one tokenizer, changed step by step, under one fixed teacher."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations
from math import factorial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.static_models import Distillation
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.editing.edit import Edit
from tokstat.editing.greedy import can_be_greedy, greedy
from tokstat.editing.interventions import Intervention
from tokstat.editing.steps import make_interventions
from tokstat.errors import DataError
from tokstat.experiments.ladder import Change, Ladder, Measurement, Rung
from tokstat.experiments.trials import Trials
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.evaluation import evaluate_with_resamples
from tokstat.wordsim.sets import ALL_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.statistics import ends_of, percentile_interval
from tokstat.wordsim.store import load_sets

Samples = NDArray[np.float64]


def usual_steps(
    tokenizer: Tokenizer, add_words: str | int | Path, data: Path | None = None
) -> list[Intervention]:
    """Return the changes that a ladder measures; `add_words` is as in `make_interventions`.

    Greedy longest match is the last, where the tokenizer allows it, so that it changes nothing of
    the steps before it.
    """
    steps = make_interventions(
        prefix_space=True, decase=True, drop=["fragment"], add_words=add_words, data=data
    )
    return [*steps, greedy()] if can_be_greedy(tokenizer) else steps


def sets_for_ladders(data: Path | None = None) -> list[WordSet]:
    """Return the seven sets of WordSim, or if one is missing, all sets that are here."""
    sets, missing = load_sets(WORDSIM_SETS, data)
    return load_sets(ALL_SETS, data)[0] if missing else sets


def climb(
    teacher: Teacher,
    tokenizer: Tokenizer,
    steps: Sequence[Intervention],
    sets: Sequence[WordSet],
    *,
    target: Tokenizer | None = None,
    every_order: bool = False,
    exact: bool = False,
    settings: Distillation | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Ladder:
    """Measure a tokenizer as it is, with each change alone, and with one after the other.

    Words are encoded alone, and so are texts, if the sets have texts. All changes are measured on
    the same resamples of these, so that intervals are those of paired differences. With
    `every_order` all combinations are measured, and a step's part is its mean change over all
    orders (Shapley 1953): the sum of the parts is the total change, and no part depends on the
    order. `target` is another, unchanged tokenizer.

    Raises:
        DataError: there is no word-similarity set.
        EditError: a change would break the tokenizer.
    """
    if not sets:
        raise DataError("No word-similarity set is available", "Run: tokstat data fetch.")
    trials = Trials(teacher, sets, settings or Distillation(), exact, seed, progress)
    course = _Course(trials, tokenizer, steps)
    rungs = []
    for place, step in enumerate(steps):
        alone, before, after = (place,), tuple(range(place)), tuple(range(place + 1))
        rungs.append(
            Rung(
                step=step.name,
                title=step.title,
                alone=course.at(alone)[0],
                change_alone=course.change((), alone),
                in_sequence=course.at(after)[0],
                change_in_sequence=course.change(before, after),
                part=course.part(place) if every_order else None,
            )
        )
    return Ladder(
        **vars(trials.conditions(tokenizer)),
        start=course.at(())[0],
        rungs=tuple(rungs),
        texts=all(each.source.texts for each in sets),
        target_tokenizer=None if target is None else target.origin.spec,
        target=None if target is None else course.measure(Edit.nothing(target), ())[0],
    )


class _Course:
    """Measure combinations of steps, each once; a combination is a tuple of step numbers."""

    def __init__(self, trials: Trials, tokenizer: Tokenizer, steps: Sequence[Intervention]) -> None:
        self._trials, self._steps = trials, steps
        self._edits: dict[tuple[int, ...], Edit] = {(): Edit.nothing(tokenizer)}
        self._results: dict[tuple[int, ...], tuple[Measurement, Samples]] = {}

    def at(self, places: tuple[int, ...]) -> tuple[Measurement, Samples]:
        """Return the measurement of a combination of steps, and its resamples."""
        if places not in self._results:
            names = tuple(self._steps[place].name for place in places)
            self._results[places] = self.measure(self._edit(places), names)
        return self._results[places]

    def change(self, before: tuple[int, ...], after: tuple[int, ...]) -> Change:
        """Return the difference between two combinations."""
        (one, one_samples), (other, other_samples) = self.at(before), self.at(after)
        return _change(other.wordsim - one.wordsim, other_samples - one_samples)

    def part(self, place: int) -> Change:
        """Return a step's mean change over all orders of the steps."""
        count = len(self._steps)
        others = [each for each in range(count) if each != place]
        value, samples = 0.0, np.zeros_like(self.at(())[1])
        for chosen in chain.from_iterable(combinations(others, size) for size in range(count)):
            orders = factorial(len(chosen)) * factorial(count - len(chosen) - 1)
            weight = orders / factorial(count)
            before, after = self.at(chosen), self.at(tuple(sorted((*chosen, place))))
            value += weight * (after[0].wordsim - before[0].wordsim)
            samples += weight * (after[1] - before[1])
        return _change(value, samples)

    def measure(self, edit: Edit, names: tuple[str, ...]) -> tuple[Measurement, Samples]:
        """Distill a static model with an edited tokenizer, and score it."""
        trials = self._trials
        model = trials.distill(edit.tokenizer)
        score, samples = evaluate_with_resamples(model, trials.sets, seed=trials.seed)
        measurement = Measurement(
            steps=names,
            wordsim=score.mean,
            interval=_interval(samples),
            rho={each.name: each.rho for each in score.sets},
            words=len(trials.words),
            single=int(trials.single(edit.tokenizer).sum()),
            vocab_size=len(edit.tokenizer.vocabulary),
            removed=edit.removed,
            renamed=len(edit.renamed),
            added=edit.new,
            skipped=len(edit.skipped),
            indispensable=len(edit.indispensable),
            stranded=edit.stranded,
        )
        return measurement, samples

    def _edit(self, places: tuple[int, ...]) -> Edit:
        if places not in self._edits:
            before = self._edit(places[:-1])
            last = self._steps[places[-1]].apply(before.tokenizer)
            self._edits[places] = before.then(last)
        return self._edits[places]


def _change(value: float, samples: Samples) -> Change:
    return Change(value, _interval(samples))


def _interval(samples: Samples) -> tuple[float, float]:
    return ends_of(percentile_interval(samples))

"""Find the fewest words to add that equal the leading space, and the pairs that pay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokstat.distillation.static_models import Distillation, DistilledModel
from tokstat.distillation.teachers import Progress, Teacher
from tokstat.editing.edit import Edit
from tokstat.editing.interventions import add_words, differs_in_text, leading_blank
from tokstat.errors import DataError, EditError
from tokstat.experiments.smallest_fix import FORMS, CauseGain, FixPoint, PairGain, SmallestFix
from tokstat.experiments.trials import Trials
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.contributions import PairScores, score_pairs
from tokstat.wordsim.evaluation import evaluate
from tokstat.wordsim.sets import WordSet
from tokstat.wordsim.statistics import ends_of

SIZES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Numbers of words that are measured, as far as the list has them."""

NEAR = 100
"""The fewest words are found to this many."""

SHOWN = 12
"""The pairs that pay the most, which the result names."""

CAUSES = (
    "both words become one token",
    "one word becomes one token, the other was one",
    "one word becomes one token, the other stays split",
    "both words are one token, before and after",
    "a word stays split, and none becomes one token",
    "a word becomes split",
)
"""How the tokens of a pair change, from the words encoded alone."""

_CONVENTIONS: dict[str, tuple[Convention, ...]] = {
    FORMS[0]: ("bare",),
    FORMS[1]: ("spaced",),
    FORMS[2]: CONVENTIONS,
}

Mask = NDArray[np.bool_]


def find_smallest_fix(
    teacher: Teacher,
    tokenizer: Tokenizer,
    words: Sequence[str],
    sets: Sequence[WordSet],
    *,
    name: str = "words",
    exact: bool = False,
    settings: Distillation | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> SmallestFix:
    """Measure WordSim with the first words of a list added, and find how many equal the space.

    Words are added as the token that they are alone, in text, or both. The fewest words are found
    by bisection between two measured numbers, which takes for granted that more words are no
    worse.

    Raises:
        DataError: there is no word-similarity set, or no word to add.
        EditError: words have the same tokens alone and in text, so that the space changes nothing.
    """
    if not sets or not words:
        raise DataError(
            "There is no word-similarity set, or no word to add",
            "Run: tokstat data fetch, or name a list of words.",
        )
    if not differs_in_text(tokenizer):
        raise EditError(
            f"{tokenizer.origin.spec} encodes words alone as in text: a leading space changes"
            " nothing, and there is nothing to equal",
            "See what other changes bring: tokstat whatif SPEC",
        )
    trials = Trials(teacher, sets, settings or Distillation(), exact, seed, progress)
    search = _Search(trials, tokenizer, words)
    sizes = sorted({min(size, len(words)) for size in SIZES})
    start = search.point("as it is", 0, Edit.nothing(tokenizer))
    space = search.point("leading space", 0, leading_blank().apply(tokenizer))
    points = [search.with_words(form, size) for size in sizes for form in FORMS]
    equal = search.fewest(space.wordsim, sizes) if space.wordsim > start.wordsim else start
    before = search.models["as it is", 0]
    causes, pairs = search.causes(before, search.models["leading space", 0], "leading space")
    if equal is not None and equal.words:
        model = search.models[FORMS[0], equal.words]
        causes += search.causes(before, model, f"{equal.words:,} words added")[0]
    return SmallestFix(
        **vars(trials.conditions(tokenizer)),
        words=name,
        start=start,
        space=space,
        points=tuple(points),
        equal=equal,
        causes=tuple(causes),
        pairs=tuple(pairs),
    )


class _Search:
    """Measure tokenizers with words added, each once."""

    def __init__(self, trials: Trials, tokenizer: Tokenizer, words: Sequence[str]) -> None:
        self._trials, self._tokenizer, self._words = trials, tokenizer, words
        self._points: dict[tuple[str, int], FixPoint] = {}
        self.models: dict[tuple[str, int], DistilledModel] = {}

    def with_words(self, form: str, size: int) -> FixPoint:
        """Return the measurement with the first words of the list added in one form."""
        if (form, size) not in self._points:
            step = add_words(self._words[:size], conventions=_CONVENTIONS[form])
            self._points[form, size] = self.point(form, size, step.apply(self._tokenizer))
        return self._points[form, size]

    def point(self, form: str, size: int, edit: Edit) -> FixPoint:
        """Distill with an edited tokenizer, and score words alone and in text."""
        trials = self._trials
        model = trials.distill(edit.tokenizer)
        self.models[form, size] = model
        score = evaluate(model, trials.sets, seed=trials.seed)
        in_text = evaluate(model.under("spaced"), trials.sets, resamples=0)
        return FixPoint(
            form=form,
            words=size,
            tokens=edit.new,
            wordsim=score.mean,
            interval=ends_of(score.interval),
            wordsim_in_text=in_text.mean,
            single=float(trials.single(edit.tokenizer).mean()),
        )

    def fewest(self, wanted: float, sizes: Sequence[int]) -> FixPoint | None:
        """Return the measurement with the fewest words added alone that reaches a WordSim."""
        alone = FORMS[0]
        enough = [size for size in sizes if self.with_words(alone, size).wordsim >= wanted]
        if not enough:
            return None
        most = enough[0]
        least = max((size for size in sizes if size < most), default=0)
        while most - least > NEAR:
            middle = (least + most) // 2
            if self.with_words(alone, middle).wordsim >= wanted:
                most = middle
            else:
                least = middle
        return self.with_words(alone, most)

    def causes(
        self, before: DistilledModel, after: DistilledModel, fix: str
    ) -> tuple[list[CauseGain], list[PairGain]]:
        """Return the gain by cause, and the pairs whose rank comes nearest to its rating."""
        sets = self._trials.sets
        old, new = score_pairs(before, sets), score_pairs(after, sets)
        cause = _cause_of_pairs(old, *(self._single(each, old) for each in (before, after)))
        gains = new.points - old.points
        found = []
        for number, name in enumerate(CAUSES):
            rows = cause == number
            if rows.any():
                found.append(
                    CauseGain(
                        fix=fix,
                        cause=name,
                        pairs=int(rows.sum()),
                        points=float(gains[rows].sum()),
                        off_before=float(old.off[rows].mean()),
                        off_after=float(new.off[rows].mean()),
                    )
                )
        best = np.argsort(new.off - old.off, kind="stable")[:SHOWN].tolist()
        return found, [
            PairGain(
                set=old.sets[old.set_of[row]],
                first=old.words[old.first[row]],
                second=old.words[old.second[row]],
                cause=CAUSES[cause[row]],
                rating=float(old.wanted[row]),
                before=float(old.rank[row]),
                after=float(new.rank[row]),
            )
            for row in best
        ]

    def _single(self, model: DistilledModel, pairs: PairScores) -> Mask:
        return single_token_words(model.tokenizer, pairs.words, "bare")


def _cause_of_pairs(pairs: PairScores, before: Mask, after: Mask) -> NDArray[np.int64]:
    """Return the place of each pair's cause in `CAUSES`; masks are of words that are one token."""
    gains, stays, lost = ~before & after, ~before & ~after, before & ~after

    def count(mask: Mask) -> NDArray[np.int64]:
        return mask[pairs.first].astype(np.int64) + mask[pairs.second]

    return np.select(
        [
            count(lost) > 0,
            count(gains) == 2,
            (count(gains) == 1) & (count(stays) == 0),
            count(gains) == 1,
            count(stays) > 0,
        ],
        [5, 0, 1, 2, 4],
        3,
    )

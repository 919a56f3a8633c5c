"""WordSim of an embedding model: Spearman's rho between its cosines and human ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import DataError, ModelError
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.single_words import single_token_words
from tokstat.wordsim.models import Model
from tokstat.wordsim.sets import WORDSIM_SETS, WordSet
from tokstat.wordsim.statistics import (
    Interval,
    Resamples,
    pair_counts,
    percentile_interval,
    spearman,
    word_counts,
)

RESAMPLES = 1000

_SETS_KEPT = 8
"""Sets whose resamples are kept for the next model: those of WordSim, 90 MB in all, and one."""

Resampling = Literal["words", "pairs"]
"""What a bootstrap draws. Pairs share words, so that intervals over pairs are too narrow."""


@dataclass(frozen=True)
class SetScore:
    """Hold a model's score on one set.

    `rho` is Spearman's, times 100, with its 95% interval. `single_token_pairs` counts
    the pairs of words that are both one token as the model encodes them, None for a model without
    tokenizer. `unknown_words` counts words with an unknown token or without vector. `zero_vectors`
    counts words with a zero vector, whose cosine counts as 0.
    """

    name: str
    rho: float
    interval: Interval | None
    pairs: int
    words: int
    single_token_pairs: int | None
    single_token_words: int | None
    unknown_words: int | None
    zero_vectors: int


@dataclass(frozen=True)
class ModelScore(Written):
    """Hold a model's scores: one a set, and WordSim, their unweighted mean.

    `wordsim` is None unless all seven sets were scored. `mean` is over the scored sets; its other
    name prevents that a partial mean is taken for WordSim. Intervals are over `resampling`.
    """

    model: str
    wordsim: float | None
    interval: Interval | None
    mean: float
    sets: tuple[SetScore, ...]
    missing_sets: tuple[str, ...]
    resampling: Resampling

    def __repr__(self) -> str:
        name = (
            "WordSim" if self.wordsim is not None else f"mean of {counted(len(self.sets), 'set')}"
        )
        return f"<ModelScore {quoted(self.model)}: {name} {self.mean:.2f}>"

    def to_table(self) -> Table:
        """Return a row for each set, with its interval in two columns."""
        names = [each for each in SetScore.__dataclass_fields__ if each != "interval"]
        plain = Table.of("sets", "Scores by set", self.sets, names)
        ends = {
            end: tuple(getattr(each.interval, end, None) for each in self.sets)
            for end in ("low", "high")
        }
        return Table(plain.name, plain.title, {**plain.columns, **ends})

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, with intervals as [low, high]."""
        data = asdict(self)
        for part in (data, *data["sets"]):
            part["interval"] = list(part["interval"].values()) if part["interval"] else None
        return data


def scores_to_dict(scores: Sequence[ModelScore]) -> dict[str, Any]:
    """Return the data of `tokstat wordsim --json`."""
    return {"schema_version": SCHEMA_VERSION, "models": [score.to_dict() for score in scores]}


def evaluate(
    model: Model,
    sets: Sequence[WordSet],
    *,
    resamples: int = RESAMPLES,
    resampling: Resampling = "words",
    seed: int = 0,
) -> ModelScore:
    """Score a model on sets; every distinct word is encoded once.

    Words are used as they are, without lower-casing or a special case for unknown words. Sets
    other than the seven of WordSim are scored, but are not part of `wordsim`. The bootstrap draws
    words (each is there a Poisson number of times, Hanley and MacGibbon 2006), or pairs.

    Raises:
        ModelError: vectors have different widths, or are not finite.
        DataError: there is no set.
    """
    found = correlate(model, sets, resamples=resamples, resampling=resampling, seed=seed)
    words = _distinct_words(sets)
    facts = _WordFacts(
        found.zero, _single_tokens(model, list(words)), model.unknown_words(list(words))
    )
    wanted = [source.name for source in WORDSIM_SETS]
    missing = tuple(each for each in wanted if each not in {each.source.name for each in sets})
    return ModelScore(
        model=model.name,
        wordsim=None if missing else found.mean,
        interval=found.interval,
        mean=found.mean,
        sets=tuple(
            _set_score(each, rho, samples, _pair_rows(each, words), facts)
            for each, rho, samples in zip(sets, found.rho.values(), found.by_set, strict=True)
        ),
        missing_sets=missing,
        resampling=resampling,
    )


@dataclass(frozen=True, eq=False)
class Correlations:
    """Hold what a model's vectors alone decide: rho by set, times 100, and its resamples.

    `by_set` has those in the order of the sets, shape (sets, resamples). `mean` and `samples`,
    shape (resamples,), are the means over the sets that `counted_sets` returns. `zero` masks the
    distinct words with a zero vector.
    """

    rho: dict[str, float]
    by_set: NDArray[np.float64]
    mean: float
    samples: NDArray[np.float64]
    zero: NDArray[np.bool_]

    @property
    def interval(self) -> Interval | None:
        """The interval of `mean`."""
        return percentile_interval(self.samples)


def correlate(
    model: Model,
    sets: Sequence[WordSet],
    *,
    resamples: int = RESAMPLES,
    resampling: Resampling = "words",
    seed: int = 0,
) -> Correlations:
    """Score a model as `evaluate` does, and leave out the counts of its words and tokens.

    Two models scored with one seed have the same resamples, so that paired differences can be
    computed. Raises as `evaluate`.
    """
    if not sets:
        raise DataError("No word-similarity set is available", "Run: tokstat data fetch.")
    words = _distinct_words(sets)
    units = unit_vectors(model, list(words))
    found: dict[str, float] = {}
    by_set = np.empty((len(sets), resamples))
    for each, samples in zip(sets, by_set, strict=True):
        first, second = _pair_rows(each, words)
        cosines = cosines_of(units[first], units[second])
        drawn = _resamples(each, words, resamples, resampling, seed)
        samples[:] = 100 * drawn.spearman(cosines)
        found[each.source.name] = rho = 100 * spearman(cosines, each.ratings)
        if not np.isfinite(rho):
            raise ModelError(
                f"All cosines of the set {each.source.name} are equal, so there is no correlation",
                "Check that the model returns different vectors for different words.",
            )
    counted = [each.source.name for each in counted_sets(sets)]
    rows = [row for row, name in enumerate(found) if name in counted]
    return Correlations(
        rho=found,
        by_set=by_set,
        mean=float(np.mean([found[name] for name in counted])),
        samples=np.mean(by_set[rows], axis=0),
        zero=np.asarray(~units.any(axis=1)),
    )


def _distinct_words(sets: Sequence[WordSet]) -> tuple[str, ...]:
    return tuple(sorted({word for each in sets for word in each.words}))


@lru_cache(_SETS_KEPT)
def _resamples(
    chosen: WordSet, words: tuple[str, ...], resamples: int, resampling: Resampling, seed: int
) -> Resamples:
    """Draw the resamples of a set, and rank its ratings in each: they are those of every model."""
    if resampling == "words":
        counts = word_counts(_word_times(words, resamples, seed), *_pair_rows(chosen, words))
    else:
        # Each set has its own stream, so that its interval does not depend on other sets.
        generator = np.random.default_rng([seed, *chosen.source.name.encode()])
        counts = pair_counts(len(chosen.first), resamples, generator)
    return Resamples.of(chosen.ratings, counts)


@lru_cache(_SETS_KEPT)
def _pair_rows(
    chosen: WordSet, words: tuple[str, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the first and of the second words of a set's pairs among some words."""
    place = {word: row for row, word in enumerate(words)}
    first, second = (
        np.array([place[word] for word in side]) for side in (chosen.first, chosen.second)
    )
    return first, second


@lru_cache(2)
def _word_times(words: tuple[str, ...], resamples: int, seed: int) -> NDArray[np.uint8]:
    """Draw how often each word is in each resample, shape (resamples, words).

    Each word has its own stream, so that an interval does not depend on the other sets, and sets
    that share words move together.
    """
    times = np.empty((resamples, len(words)), np.uint8)
    for column, word in enumerate(words):
        generator = np.random.default_rng([seed, *word.encode("utf-8", "surrogatepass")])
        times[:, column] = generator.poisson(1.0, resamples)
    return times


@dataclass(frozen=True, eq=False)
class _WordFacts:
    """Hold masks over the distinct words; None if the model does not know."""

    zero: NDArray[np.bool_]
    single: NDArray[np.bool_] | None
    unknown: NDArray[np.bool_] | None


def counted_sets(sets: Sequence[WordSet]) -> list[WordSet]:
    """Return the sets that the mean is over: those of WordSim, or all if there is none of them."""
    names = {source.name for source in WORDSIM_SETS}
    return [each for each in sets if each.source.name in names] or list(sets)


def unit_vectors(model: Model, words: list[str]) -> NDArray[np.float64]:
    """Return the vectors of words at length 1, zero vectors as they are. Raises ModelError."""
    vectors = _vectors(model, words)
    norms = np.linalg.norm(vectors, axis=1)[:, None]
    units: NDArray[np.float64] = np.zeros_like(vectors)
    np.divide(vectors, norms, out=units, where=norms > 0)
    return units


def cosines_of(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cosines of unit vectors, rounded: what differs in the last bits only is a tie."""
    cosines: NDArray[np.float64] = np.einsum("ij,ij->i", one, other).round(12)
    return cosines


def _vectors(model: Model, words: list[str]) -> NDArray[np.float64]:
    vectors = np.asarray(model.embed(words), np.float64)
    if vectors.ndim != 2 or len(vectors) != len(words):
        raise ModelError(
            f"{model.name} returned the shape {vectors.shape} for {counted(len(words), 'word')}",
            "Return one vector a word, all of the same width.",
        )
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(wrong):
        raise ModelError(
            f"{model.name} has NaN or infinite vectors for {len(wrong):,} of {len(words):,} words,"
            f" such as {words[wrong[0]]!r}",
            "Export the model again.",
        )
    return vectors


def _single_tokens(model: Model, words: list[str]) -> NDArray[np.bool_] | None:
    if model.tokenizer is None:
        return None
    return single_token_words(model.tokenizer, words, "bare")


def _set_score(
    words: WordSet,
    rho: float,
    sample: NDArray[np.float64],
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    facts: _WordFacts,
) -> SetScore:
    first, second = pairs
    distinct = np.union1d(first, second)
    single, unknown = facts.single, facts.unknown
    return SetScore(
        name=words.source.name,
        rho=rho,
        interval=percentile_interval(sample),
        pairs=len(first),
        words=len(distinct),
        single_token_pairs=None if single is None else int((single[first] & single[second]).sum()),
        single_token_words=None if single is None else int(single[distinct].sum()),
        unknown_words=None if unknown is None else int(unknown[distinct].sum()),
        zero_vectors=int(facts.zero[distinct].sum()),
    )

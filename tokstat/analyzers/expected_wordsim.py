"""What WordSim to expect of an untrained static model with this tokenizer."""

from __future__ import annotations

from tokstat.analyzers import Metric, MetricType, Result, Subject, Table, analyzer
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, single_token_words
from tokstat.wordsim.expectation import Expectation, best_predictor, expect
from tokstat.wordsim.sets import PACKAGED_SETS
from tokstat.wordsim.store import load_sets
from tokstat.wordsim.study_results import packaged_study

_SOURCE = "a line through the packaged study (tokstat link); jackknife after arXiv 1905.02928"

EXPECTED = {
    "bare": MetricType(
        "expected_wordsim_bare",
        "WordSim",
        "WordSim to expect of an untrained distil that encodes words alone",
        _SOURCE,
    ),
    "spaced": MetricType(
        "expected_wordsim_spaced",
        "WordSim",
        "WordSim to expect of an untrained distil that encodes words after a blank",
        _SOURCE,
    ),
}

PREDICTORS = ("coverage", "wordsim353_coverage")
"""Scores of the study that packaged data gives for any tokenizer, by the convention."""


@analyzer(
    "expected_wordsim",
    title="Expected WordSim",
    needs=("an English lexicon",),
    metrics=tuple(EXPECTED.values()),
)
def expected_wordsim(subject: Subject) -> Result:
    """Predict WordSim under both conventions, from the packaged study alone.

    By a line through the study's rows on the score that did best on tokenizers left out, among
    those that packaged data gives. The interval reaches as far as its errors on tokenizers left
    out (a jackknife). WordSim-353, whose words may be the predictor, overlaps one of the seven.
    Where that score is far from all of the study's there is no number: tokenizers like this one
    were not studied. It holds for untrained static models distilled from the study's teacher, an
    uncased English sentence embedder; training can make up for a tokenizer.
    """
    study = packaged_study()
    predictor = best_predictor(study, PREDICTORS)
    expected = {
        convention: expect(study, predictor, _score(subject, predictor, convention))
        for convention in CONVENTIONS
    }
    found = {convention: each for convention, each in expected.items() if each is not None}
    return Result(
        metrics=tuple(_metric(convention, each) for convention, each in expected.items()),
        tables=(
            Table(
                "basis",
                "What the expectation rests on",
                {
                    "convention": tuple(found),
                    "predictor": tuple(each.predictor for each in found.values()),
                    "teacher": tuple(each.teacher for each in found.values()),
                    "tokenizers": tuple(each.tokenizers for each in found.values()),
                    "confidence": tuple(round(each.confidence, 3) for each in found.values()),
                },
            ),
        ),
    )


def _score(subject: Subject, predictor: str, convention: Convention) -> float:
    if predictor == "coverage":
        (part,) = subject.coverage
        return float((part.bare if convention == "bare" else part.spaced).mean())
    (words,), _ = load_sets(PACKAGED_SETS)
    return float(single_token_words(subject.tokenizer, words.words, convention).mean())


def _metric(convention: Convention, found: Expectation | None) -> Metric:
    kind = EXPECTED[convention]
    if found is None:
        return kind.value(None, scope="not predicted: no tokenizer of the study is like this one")
    return Metric(
        kind.name,
        round(found.value, 1),
        kind.unit,
        kind.definition,
        scope=(
            f"untrained distils of {found.teacher}, {found.confidence:.0%} interval, by"
            f" {found.predictor}"
        ),
        interval=(round(found.interval.low, 1), round(found.interval.high, 1)),
    )

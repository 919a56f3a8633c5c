"""The WordSim to expect of an untrained static model with this tokenizer."""

from __future__ import annotations

from tokstat.analyzers import Metric, MetricType, Result, Subject, Table, analyzer
from tokstat.tokenizer.single_words import CONVENTIONS, Convention, single_token_words
from tokstat.wordsim.expectation import PREDICTORS, Expectation, best_curve, expect
from tokstat.wordsim.sets import PACKAGED_SETS
from tokstat.wordsim.store import load_sets
from tokstat.wordsim.study_results import packaged_study

_SOURCE = "a curve through the packaged study (tokstat link); interval after arXiv 1604.04173"

EXPECTED = {
    "bare": MetricType(
        "expected_wordsim_bare",
        "WordSim",
        "WordSim to expect of an untrained distilled model that encodes words alone",
        _SOURCE,
    ),
    "spaced": MetricType(
        "expected_wordsim_spaced",
        "WordSim",
        "WordSim to expect of an untrained distilled model that encodes words with a leading space",
        _SOURCE,
    ),
}


@analyzer(
    "expected_wordsim",
    title="Expected WordSim",
    needs=("an English lexicon",),
    metrics=tuple(EXPECTED.values()),
)
def expected_wordsim(subject: Subject) -> Result:
    """Predict WordSim from the packaged study, for words alone and with a leading space.

    WordSim is the rank correlation of word-pair similarity with human judgement. The prediction is
    a curve through the study's tokenizers: a line, a square or both. Score and form are those that
    best predict families of tokenizers left out of the fit, among the scores that the packaged data
    allow. The interval is as wide as the errors on families left out are near the score. The
    predictor may use the words of WordSim-353, which overlaps one of the seven sets.

    A tokenizer whose score is far from all studied ones gets no prediction. The prediction holds
    for untrained static models distilled from the study's teacher, an uncased English sentence
    embedder. Training can make up for a tokenizer.
    """
    study = packaged_study()
    curve = best_curve(study, PREDICTORS)
    scores = _scores(subject, curve.score)
    expected = {each: expect(study, curve, score) for each, score in scores.items()}
    found = {convention: each for convention, each in expected.items() if each is not None}
    return Result(
        metrics=tuple(_metric(convention, each) for convention, each in expected.items()),
        tables=(
            Table(
                "basis",
                "Basis of the prediction",
                {
                    "convention": tuple(found),
                    "predictor": tuple(each.predictor for each in found.values()),
                    "form": tuple(each.form for each in found.values()),
                    "teacher": tuple(each.teacher for each in found.values()),
                    "tokenizers": tuple(each.tokenizers for each in found.values()),
                    "confidence": tuple(round(each.confidence, 3) for each in found.values()),
                },
            ),
        ),
    )


def _scores(subject: Subject, predictor: str) -> dict[Convention, float]:
    if predictor == "coverage":
        (part,) = subject.lower_coverage
        masks = {"bare": part.bare, "spaced": part.spaced}
        return {each: float(masks[each].mean()) for each in CONVENTIONS}
    (words,), _ = load_sets(PACKAGED_SETS)
    return {
        each: float(single_token_words(subject.tokenizer, words.words, each).mean())
        for each in CONVENTIONS
    }


def _metric(convention: Convention, found: Expectation | None) -> Metric:
    kind = EXPECTED[convention]
    if found is None:
        return kind.value(None, scope="not predicted: the study has no tokenizer like this one")
    return Metric(
        kind.name,
        round(found.value, 1),
        kind.unit,
        kind.definition,
        scope=(
            f"untrained models distilled from {found.teacher}, {found.confidence:.0%} interval, by"
            f" {found.predictor}"
        ),
        interval=(round(found.interval.low, 1), round(found.interval.high, 1)),
    )

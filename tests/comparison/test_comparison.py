"""Tokenizers side by side: scores as their reports have them, words, labels, and the JSON."""

from __future__ import annotations

import json

import pytest

import tokstat
from tests.conftest import BUNDLED, wrap
from tests.small_tokenizers import SMALL
from tokstat.api.inspection import make_subject
from tokstat.comparison.comparison import Comparison, short_labels
from tokstat.errors import ReportError
from tokstat.results.report import SCHEMA_VERSION
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.examples import is_vulgar


@pytest.fixture(scope="module")
def trio(bert: Tokenizer, modernbert: Tokenizer) -> tuple[Tokenizer, ...]:
    return bert, modernbert, wrap(SMALL["wordpiece"](), "small")


@pytest.fixture(scope="module")
def comparison(trio: tuple[Tokenizer, ...]) -> Comparison:
    return tokstat.compare(*trio)


def value_of(report: tokstat.Report, name: str) -> float | None:
    """Return a metric's value; None where its analyzer was skipped, as merges of no BPE are."""
    metrics = [metric for section in report.sections for metric in section.metrics]
    return next((metric.value for metric in metrics if metric.name == name), None)


def test_scores_are_those_of_the_reports(
    comparison: Comparison,
    trio: tuple[Tokenizer, ...],
    bert_report: tokstat.Report,
    modernbert_report: tokstat.Report,
) -> None:
    reports = [bert_report, modernbert_report, tokstat.inspect(trio[2])]
    assert comparison.tokenizers == tuple(report.tokenizer for report in reports)
    assert len(comparison.scores) >= 30
    for score in comparison.scores:
        values = tuple(value_of(report, score.name) for report in reports)
        assert score.values == values
        for value, change in zip(values, score.changes, strict=True):
            if value is None or values[0] is None:
                assert change is None
            else:
                assert change == value - values[0]
    for found in comparison.findings:
        holders = [
            n
            for n, report in enumerate(reports)
            if found.code in {finding.code for finding in report.findings}
        ]
        assert list(found.tokenizers) == holders
        assert found.title
    assert {found.code for found in comparison.findings} == {
        finding.code for report in reports for finding in report.findings
    }


def test_places_leave_out_the_tokenizer_itself(comparison: Comparison) -> None:
    bert, modernbert, small = comparison.score("whole_word_ratio").ranks
    assert bert is not None
    assert modernbert is not None
    assert small is not None
    assert bert.total == modernbert.total == small.total - 1
    assert bert.lower > modernbert.lower


def test_words_that_only_one_has(comparison: Comparison, trio: tuple[Tokenizer, ...]) -> None:
    subjects = [make_subject(tokenizer) for tokenizer in trio]
    zipf = subjects[0].lexicon.word_lists[0].zipf
    spelled = [
        {
            (subject.vocabulary.texts[row] or "").lower()
            for row in subject.rows_of_class("whole_word").tolist()
        }
        for subject in subjects
    ]
    assert comparison.shared_words == len(spelled[0] & spelled[1] & spelled[2])
    for number, (found, own) in enumerate(zip(comparison.words, spelled, strict=True)):
        others = [each for n, each in enumerate(spelled) if n != number]
        only, lacking = own - others[0] - others[1], (others[0] & others[1]) - own
        assert (found.words, found.only, found.lacking) == (len(own), len(only), len(lacking))
        for examples, words in (
            (found.only_examples, only),
            (found.lacking_examples, lacking),
        ):
            assert set(examples) <= words
            frequencies = [zipf[word] for word in examples]
            assert frequencies == sorted(frequencies, reverse=True)
            shown = (zipf[word] for word in words if not is_vulgar(word))
            assert frequencies == sorted(shown, reverse=True)[:20]


def test_a_trip_through_json_changes_nothing(comparison: Comparison) -> None:
    assert Comparison.from_json(comparison.to_json()) == comparison
    data = json.loads(comparison.to_json())
    assert data["surfaces"]["jaccard"][0][1] == comparison.surfaces.jaccard(0, 1)
    assert data["schema_version"] == SCHEMA_VERSION


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 2}', '{"schema_version": 1}'])
def test_what_is_no_comparison_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        Comparison.from_json(text)


def test_an_unknown_score_is_refused(comparison: Comparison) -> None:
    with pytest.raises(ReportError, match="nothing_such"):
        comparison.score("nothing_such")


@pytest.mark.parametrize(
    ("specs", "labels"),
    [
        ([*BUNDLED.values()], ["ModernBERT-base", "bert-base-uncased"]),
        (["a/x/models/tokenizer.json", "b/y/models/tokenizer.json"], ["x", "y"]),
        (["org/name@v1", "org/name@v2"], ["name@v1", "name@v2"]),
        (["org/name", "other/name"], ["org", "other"]),
        (["a/b", "a/b", "a/b"], ["a/b", "a/b (2)", "a/b (3)"]),
        (["a", "a/b"], ["a", "b"]),
        (["/tmp/x/", "org/y"], ["x", "y"]),
    ],
)
def test_labels_tell_specs_apart(specs: list[str], labels: list[str]) -> None:
    assert list(short_labels(specs)) == labels

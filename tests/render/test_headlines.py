"""Numbers for people, tallies, and the headline scores of a report."""

from __future__ import annotations

import pytest

from tokstat.render.headlines import HEADLINES, identity, number, scores, severities, tally
from tokstat.results.report import Metric, Report, Severity


@pytest.mark.parametrize(
    ("metric", "shown"),
    [
        (Metric("m", None, "ratio", ""), "n/a"),
        (Metric("m", 0.2094, "ratio", ""), "20.9%"),
        (Metric("m", -0.4531, "difference", ""), "-45.3 points"),
        (Metric("m", 1234.0, "tokens", ""), "1,234"),
    ],
)
def test_numbers(metric: Metric, shown: str) -> None:
    assert number(metric) == shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, "no findings"),
        ({"info": 2, "error": 1}, "1 error, 2 info"),
        ({"warning": 1200, "error": 2}, "2 errors, 1,200 warnings"),
        ({"warning": 1, "info": 0}, "1 warning"),
    ],
)
def test_the_worst_are_counted_first(counts: dict[Severity, int], shown: str) -> None:
    assert severities(counts) == shown


def test_the_tally_counts_every_finding(bert_report: Report) -> None:
    numbers = [int(part.split()[0]) for part in tally(bert_report).split(", ")]
    assert sum(numbers) == len(bert_report.findings)


def test_scores_have_the_numbers_of_their_metrics(bert_report: Report) -> None:
    found = scores(bert_report, 3)
    assert [each.label for each in found[:-1]] == [each.label for each in HEADLINES]
    for headline, score in zip(HEADLINES, found, strict=False):
        metric = bert_report.metric(headline.metric)
        assert score.value == number(metric)
        assert len(score.examples) <= 3
        if metric.denominator is not None:
            assert score.fraction == f"{metric.numerator:,} of {metric.denominator:,}"
    assert [len(each.metrics) for each in found] == [1, 1, 1, 3, 2]


def test_a_score_of_nothing_has_no_examples(bert_report: Report) -> None:
    casing = scores(bert_report, 3)[1]
    assert (casing.value, casing.examples) == ("0.0%", ())


def test_a_tokenizer_is_identified(bert_report: Report) -> None:
    labels = dict(identity(bert_report.tokenizer))
    assert labels["sha256"] == bert_report.tokenizer.sha256
    assert f"{bert_report.tokenizer.vocab_size:,}" in labels["tokens"]

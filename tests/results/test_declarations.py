"""Declared metrics and findings become those of a report."""

from __future__ import annotations

import numpy as np

from tokstat.results.declarations import MetricType, Rule

RULE = Rule("TS999", "warning", "title", "rationale", "hint", source="source")


def test_a_metric_has_the_name_unit_and_definition_declared() -> None:
    kind = MetricType("share", "ratio", "some of all", "source")
    metric = kind.ratio(1, 4, "en")
    assert (metric.name, metric.unit, metric.definition) == ("share", "ratio", "some of all")
    assert (metric.value, metric.numerator, metric.denominator) == (0.25, 1, 4)
    assert metric.scope == "en"
    assert kind.ratio(0, 0).value is None


def test_a_count_has_no_fraction() -> None:
    metric = MetricType("tokens", "tokens", "all").value(7)
    assert (metric.value, metric.numerator, metric.denominator) == (7, None, None)
    assert MetricType("tokens", "tokens", "all").value(None).value is None


def test_a_finding_has_the_texts_of_its_rule_and_plain_ids() -> None:
    finding = RULE.found("message", np.array([3, 5]))
    assert (finding.code, finding.severity, finding.hint) == ("TS999", "warning", "hint")
    assert (finding.title, finding.rationale, finding.message) == ("title", "rationale", "message")
    assert finding.token_ids == (3, 5)
    assert {type(each) for each in finding.token_ids} == {int}

"""The verdict: what fails, what is new beside a baseline, and metrics that have no value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models, pre_tokenizers

import tokstat
from tests.conftest import wrap
from tokstat.errors import ReportError
from tokstat.gate.policy import Baseline, Policy, Threshold, make_policy
from tokstat.gate.verdict import GatedReport, JudgedFinding, judge
from tokstat.results.report import SEVERITIES, Finding, Metric, Report, Section, Table
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def report(modernbert: Tokenizer) -> Report:
    """ModernBERT has a warning, TS501, and two of level info, TS301 and TS401."""
    ids = ("composition", "whole_words", "casing", "fragments", "coverage", "wordsim_coverage")
    return tokstat.inspect(modernbert, analyzers=ids)


def with_findings(report: Report, findings: Sequence[Finding]) -> Report:
    return replace(report, sections=(Section("made", "Made", findings=tuple(findings)),))


def finding(code: str, *tokens: int, message: str = "made") -> Finding:
    return Finding(code, "warning", message, "do", tokens)


def judge_against(
    report: Report, now: Sequence[Finding], before: Sequence[Finding]
) -> tuple[JudgedFinding, ...]:
    baseline = Baseline("before.json", with_findings(report, before))
    return judge(with_findings(report, now), Policy(baseline=baseline)).verdict.findings


@pytest.mark.parametrize(
    ("level", "failing"),
    [
        (None, []),
        ("error", []),
        ("warning", ["TS501"]),
        ("info", ["TS501", "TS301", "TS401"]),
    ],
)
def test_findings_of_a_level_fail(report: Report, level: str | None, failing: list[str]) -> None:
    gated = judge(report, make_policy(fail_on=level))
    assert [each.code for each in gated.verdict.findings if each.fails] == failing
    assert gated.passed is not bool(failing)
    assert gated.report == report


def test_what_is_left_out_is_not_reported_and_does_not_fail(report: Report) -> None:
    gated = judge(report, make_policy(ignore=["TS5"], fail_on="warning"))
    assert gated.passed
    assert [each.code for each in gated.report.findings] == ["TS301", "TS401"]
    assert gated.verdict.left_out == ("TS501",)
    assert [s.metrics for s in gated.report.sections] == [s.metrics for s in report.sections]
    only = judge(report, make_policy(select=["TS5"], fail_on="info"))
    assert [each.code for each in only.verdict.findings if each.fails] == ["TS501"]
    assert only.verdict.left_out == ("TS301", "TS401")


@pytest.mark.parametrize(
    ("bound", "limit", "passed"),
    [
        ("min", 22_662 / 43_831, True),
        ("min", 22_663 / 43_831, False),
        ("max", 22_662 / 43_831, True),
        ("max", 22_661 / 43_831, False),
    ],
)
def test_a_limit_itself_passes(report: Report, bound: str, limit: float, passed: bool) -> None:
    side = {"whole_word_ratio": limit}
    policy = make_policy(minimum=side) if bound == "min" else make_policy(maximum=side)
    gated = judge(report, policy)
    (judged,) = gated.verdict.metrics
    assert (gated.passed, judged.passed) == (passed, passed)
    assert (judged.numerator, judged.denominator) == (22_662, 43_831)


def test_every_scope_of_a_metric_must_pass(report: Report) -> None:
    metrics = tuple(Metric("m", value, "ratio", "", scope=str(value)) for value in (0.2, 0.9, 0.4))
    made = replace(report, sections=(Section("made", "Made", metrics=metrics),))
    verdict = judge(made, Policy(thresholds=(Threshold("m", "min", 0.4),))).verdict
    assert not verdict.passed
    assert [(each.scope, each.passed) for each in verdict.metrics] == [
        ("0.2", False),
        ("0.9", True),
        ("0.4", True),
    ]


@pytest.mark.parametrize("bound", ["min", "max"])
@pytest.mark.parametrize(
    ("section", "told"),
    [
        (None, "did not run"),
        (Section("whole_words", "", skipped="no words at all"), "no words at all"),
        (Section("whole_words", ""), "whole_words"),
        (
            Section("whole_words", "", metrics=(Metric.ratio("whole_word_ratio", 0, 0, ""),)),
            "denominator",
        ),
        (
            Section("whole_words", "", metrics=(Metric("whole_word_ratio", None, "ratio", ""),)),
            "no value",
        ),
    ],
)
def test_a_metric_without_a_value_fails_with_the_reason(
    report: Report, section: Section | None, told: str, bound: str
) -> None:
    made = replace(report, sections=(section,) if section else ())
    limits = {"whole_word_ratio": 0.0 if bound == "min" else 1.0}
    policy = make_policy(minimum=limits) if bound == "min" else make_policy(maximum=limits)
    (judged,) = judge(made, policy).verdict.metrics
    assert not judged.passed
    assert judged.value is None
    assert told in (judged.reason or "")


def test_a_metric_that_a_real_tokenizer_cannot_have_fails() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"1": 0, "2": 1}, unk_token="1"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    report = tokstat.inspect(wrap(backend, "digits"))
    gated = judge(report, make_policy(minimum={"whole_word_ratio": 0.0}))
    assert not gated.passed
    assert "no alphabetic tokens" in (gated.verdict.metrics[0].reason or "")


def test_nothing_is_new_beside_itself(report: Report) -> None:
    gated = judge(report, make_policy(baseline=Baseline("same", report)))
    assert gated.passed
    assert gated.verdict.fail_on == "info"
    assert not any(each.is_new for each in gated.verdict.findings)
    assert gated.verdict.notes == gated.verdict.gone == ()


def test_everything_is_new_beside_nothing(report: Report) -> None:
    gated = judge(report, make_policy(baseline=Baseline("none", with_findings(report, []))))
    assert [each.code for each in gated.verdict.findings if each.fails] == [
        "TS501",
        "TS301",
        "TS401",
    ]
    assert len(gated.verdict.notes) == 3  # each names an analyzer that the baseline lacks


def test_new_tokens_of_a_known_finding_fail(report: Report) -> None:
    (judged,) = judge_against(report, [finding("A", 1, 2, 3, 5)], [finding("A", 3, 2, 9)])
    assert judged.fails
    assert (judged.new_token_ids, judged.known_tokens) == ((1, 5), 2)


def test_fewer_tokens_of_a_known_finding_pass(report: Report) -> None:
    (judged,) = judge_against(report, [finding("A", 2)], [finding("A", 3, 2, 9)])
    assert not judged.fails
    assert (judged.new_token_ids, judged.known_tokens) == ((), 1)


def test_tokens_count_for_their_own_code_and_over_all_its_findings(report: Report) -> None:
    first, second, third = judge_against(
        report,
        [finding("A", 1, 3), finding("A", 2), finding("B", 1)],
        [finding("A", 1), finding("A", 2, 3), finding("B", 9)],
    )
    assert (first.is_new, second.is_new, third.is_new) == (False, False, True)


@pytest.mark.parametrize(
    ("now", "before", "new"),
    [
        (["x"], [], [True]),
        (["x"], ["x"], [False]),
        (["x is 2"], ["x is 1"], [False]),
        (["x", "y"], ["y"], [True, False]),
        (["x", "y"], ["z"], [False, True]),
        (["x", "x"], ["x"], [False, True]),
        (["x"], ["x", "y"], [False]),
    ],
)
def test_findings_about_the_whole_are_known_by_their_number(
    report: Report, now: list[str], before: list[str], new: list[bool]
) -> None:
    judged = judge_against(
        report,
        [finding("A", message=each) for each in now],
        [finding("A", message=each) for each in before],
    )
    assert [each.is_new for each in judged] == new


def test_a_baseline_with_tokens_does_not_cover_a_finding_about_the_whole(report: Report) -> None:
    (judged,) = judge_against(report, [finding("A")], [finding("A", 1, 2)])
    assert judged.fails


def test_a_level_holds_for_new_findings_too(report: Report) -> None:
    baseline = Baseline("none", with_findings(report, []))
    verdict = judge(report, make_policy(fail_on="warning", baseline=baseline)).verdict
    assert [each.code for each in verdict.findings if each.fails] == ["TS501"]
    assert len([each for each in verdict.findings if each.is_new]) == 3


def test_what_is_gone_is_named_if_it_was_selected(report: Report) -> None:
    clean = with_findings(report, [])
    baseline = Baseline("before", report)
    assert judge(clean, Policy(baseline=baseline)).verdict.gone == ("TS301", "TS401", "TS501")
    assert judge(clean, Policy(ignore=("TS4",), baseline=baseline)).verdict.gone == (
        "TS301",
        "TS501",
    )


def test_a_baseline_of_another_tokenizer_or_lexicon_is_noted(
    report: Report, bert: Tokenizer
) -> None:
    other = tokstat.inspect(bert, lang="en,de")
    notes = judge(report, Policy(baseline=Baseline("bert", other))).verdict.notes
    assert [key for key in ("model", "vocabulary size", "word list") if key in " ".join(notes)] == [
        "model",
        "vocabulary size",
        "word list",
    ]


ids = st.lists(st.integers(0, 6), max_size=5, unique=True).map(tuple)
findings = st.lists(
    st.builds(finding, st.sampled_from("AB")).flatmap(
        lambda made: ids.map(lambda tokens: replace(made, token_ids=tokens))
    ),
    max_size=5,
)


@given(findings, findings)
def test_new_is_what_the_baseline_has_not(
    report: Report, now: list[Finding], before: list[Finding]
) -> None:
    """Count the long way: pairs of code and token, and findings without tokens by code."""
    judged = judge_against(report, now, before)
    known = {(each.code, token) for each in before for token in each.token_ids}
    for code in "AB":
        here = [each for each in zip(now, judged, strict=True) if each[0].code == code]
        for each, result in here:
            if each.token_ids:
                new = [token for token in each.token_ids if (code, token) not in known]
                assert list(result.new_token_ids) == new
                assert result.is_new is bool(new)
                assert result.known_tokens == len(each.token_ids) - len(new)
        wholes = [result for each, result in here if not each.token_ids]
        spare = sum(1 for each in before if each.code == code and not each.token_ids)
        assert sum(each.is_new for each in wholes) == max(0, len(wholes) - spare)


@given(st.sampled_from(SEVERITIES), st.sampled_from(SEVERITIES))
def test_severities_are_ordered(report: Report, level: str, severity: str) -> None:
    made = with_findings(report, [Finding("A", severity, "", "")])  # type: ignore[arg-type]
    passed = judge(made, make_policy(fail_on=level)).passed
    order = {"info": 0, "warning": 1, "error": 2}
    assert passed is (order[severity] < order[level])


def test_a_verdict_survives_json(report: Report) -> None:
    policy = make_policy(
        ignore=["TS4"],
        fail_on="warning",
        minimum={"whole_word_ratio": 0.6, "coverage_bare": 0.1},
        baseline=Baseline("before", with_findings(report, [finding("TS301", 1, 2)])),
    )
    gated = judge(report, policy)
    again = GatedReport.from_dict(json.loads(gated.to_json()))
    assert again == gated
    assert again.to_json() == gated.to_json()
    assert Report.from_json(gated.to_json()) == gated.report


def test_json_has_the_gate_beside_the_sections(report: Report) -> None:
    data = json.loads(judge(report, make_policy(minimum={"whole_word_ratio": 0.6})).to_json())
    assert {**report.to_dict(), "gate": 0}.keys() == data.keys()
    gate = data["gate"]
    assert gate["passed"] is False
    assert gate["fail_on"] is None
    assert gate["metrics"][0] == {
        "metric": "whole_word_ratio",
        "bound": "min",
        "limit": 0.6,
        "passed": False,
        "value": 22_662 / 43_831,
        "numerator": 22_662,
        "denominator": 43_831,
        "scope": "English",
        "reason": None,
    }


@pytest.mark.parametrize("gate", [None, [], 5, {}, {"findings": 5, "metrics": []}], ids=str)
def test_what_is_no_verdict_is_refused(report: Report, gate: object) -> None:
    with pytest.raises(ReportError):
        GatedReport.from_dict({**report.to_dict(), "gate": gate})


@pytest.mark.parametrize(
    "change", [{"findings": []}, {"passed": 1}, {"notes": [5]}, {"metrics": [{"metric": "x"}]}]
)
def test_a_verdict_of_other_types_is_refused(report: Report, change: dict[str, object]) -> None:
    data = json.loads(judge(report, make_policy(fail_on="info")).to_json())
    assert GatedReport.from_dict(data).passed is False
    with pytest.raises(ReportError):
        GatedReport.from_dict({**data, "gate": {**data["gate"], **change}})


def test_a_table_that_is_no_json_is_refused(report: Report) -> None:
    odd = Table("odd", "Odd", {"column": (object(),)})
    made = replace(report, sections=(Section("made", "Made", tables=(odd,)),))
    with pytest.raises(ReportError, match="JSON"):
        judge(made, Policy()).to_json()

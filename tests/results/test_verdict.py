"""The verdict of a report: what it rests on, and that it names nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokstat
from tokstat.analyzers.registry import get_analyzers
from tokstat.results import verdict
from tokstat.results.declarations import FAILURE, Rule
from tokstat.results.report import Finding, Report
from tokstat.results.verdict import LanguageCoverage, Statement, verdict_of
from tokstat.tokenizer.tokenizer import Tokenizer

RULES = {rule.code: rule for each in get_analyzers() for rule in each.rules} | {
    FAILURE.code: FAILURE
}
PURPOSES = (None, "static", "encoder", "llm")


def table(*rows: tuple[str, int, int, int, float | None]) -> dict[str, Sequence[Any]]:
    names = ("language", "words", "bare", "spaced", "reference_median")
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def codes(statements: Sequence[Statement]) -> list[tuple[str, ...]]:
    return [each.codes for each in statements]


def found(*named: str, severity: str | None = None) -> list[Finding]:
    return [RULES[code].found("", severity=severity) for code in named]  # type: ignore[arg-type]


def check(statements: Sequence[Statement], findings: Sequence[Finding]) -> None:
    """Hold what every verdict must be."""
    assert 1 <= len(statements) <= verdict.MOST_SENTENCES
    for each in statements:
        assert each.sentence.endswith(".")
        assert each.sentence[0].isupper() or each.sentence[0].isdigit()
        assert ". " not in each.sentence.replace("1 more. ", "")
        assert {*each.codes} <= {finding.code for finding in findings}


def test_the_packaged_pair(modernbert_report: Report, bert_report: Report) -> None:
    one, other = modernbert_report, bert_report
    assert codes(one.verdict) == [(), ("TS501",)]
    assert one.verdict[0].sentence.startswith("Fine for English: 74.8%")
    assert codes(other.verdict) == [(), ()]
    assert other.verdict[1].sentence == "No errors and no warnings."
    for report in (one, other):
        check(report.verdict, report.findings)
        names = {metric.name for metric in report.metrics}
        assert all({*each.metrics} <= names for each in report.verdict)


def test_a_purpose_changes_the_verdict(modernbert: Tokenizer) -> None:
    by_purpose = {
        purpose: tokstat.inspect(modernbert, purpose=purpose, analyzers=["coverage"]).verdict
        for purpose in ("static", "encoder", "llm")
    }
    assert by_purpose["static"][0].sentence.startswith("Weak for English: 21.1%")
    assert codes(by_purpose["static"]) == codes(by_purpose["encoder"]) == [(), ("TS501",)]
    assert codes(by_purpose["llm"]) == [(), ()]


def test_it_is_in_the_json_and_computed_again(modernbert: Tokenizer) -> None:
    report = tokstat.inspect(modernbert, analyzers=["coverage"])
    data = json.loads(report.to_json())
    assert [each["codes"] for each in data["verdict"]] == [[], ["TS501"]]
    data["verdict"] = "anything"
    assert Report.from_dict(data).verdict == report.verdict


def test_a_finding_that_is_left_out_is_not_named(modernbert: Tokenizer) -> None:
    report = tokstat.inspect(modernbert, analyzers=["coverage"])
    sections = tuple(replace(each, findings=()) for each in report.sections)
    assert codes(replace(report, sections=sections).verdict) == [(), ()]


@pytest.mark.parametrize(
    ("bare", "spaced", "median", "static", "other"),
    [
        (0.75, 0.75, 0.775, "fine", "fine"),
        (0.20, 0.89, 0.775, "weak", "fine"),
        (0.62, 0.62, 0.775, "average", "average"),
        (0.30, 0.57, 0.775, "weak", "weak"),
        (0.11, 0.33, 0.19, "weak", "fine"),
        (0.17, 0.17, 0.19, "average", "average"),
        (0.09, 0.09, 0.001, "weak", "weak"),
        (0.90, 0.90, None, None, None),
    ],
)
def test_grades(
    bare: float, spaced: float, median: float | None, static: str | None, other: str | None
) -> None:
    language = LanguageCoverage("de", bare, spaced, median)
    assert language.grade("static") == static
    assert {language.grade(purpose) for purpose in (None, "encoder", "llm")} == {other}
    assert replace(language, has_spaces=False).grade(None) is None


def test_several_languages_are_grouped_by_grade() -> None:
    rows = [("en", 100, 80, 80, 0.7), ("de", 100, 40, 40, 0.2), ("fi", 100, 5, 5, 0.05)]
    first, _ = verdict_of([], table(*rows), None, None)
    assert first.sentence == "Fine for English and German; weak for Finnish."


def test_errors_come_first_and_a_failure_before_them() -> None:
    languages = table(("en", 100, 80, 80, 0.7))
    errors = found("TS651", "TS610", "TS604")
    assert codes(verdict_of(errors, languages, None, None))[0] == ("TS651", "TS610", "TS604")
    both = [*found(FAILURE.code), *errors]
    assert codes(verdict_of(both, languages, None, None)) == [
        (FAILURE.code,),
        ("TS651", "TS610", "TS604"),
    ]


def test_low_coverage_is_stated_once() -> None:
    languages = table(("en", 100, 20, 20, 0.7))
    statements = verdict_of(found("TS502"), languages, None, None)
    assert codes(statements) == [("TS502",), ()]


def test_lost_text_is_stated_before_the_languages() -> None:
    languages = table(("en", 100, 80, 80, 0.7))
    statements = verdict_of(found("TS901"), languages, 0.1, None)
    assert statements[0].metrics == ("text_unknown_ratio",)
    assert statements[1].sentence.startswith("Fine for English")
    assert codes(verdict_of(found("TS901"), languages, 0.0, None))[1] == ("TS901",)


def test_a_saved_table_with_other_columns_is_no_coverage() -> None:
    for columns in ({}, {"language": ("en",)}, table(("en", 0, 0, 0, 0.7))):
        assert codes(verdict_of([], columns, None, None)) == [()]


@given(
    chosen=st.lists(st.sampled_from(sorted(RULES)), max_size=8),
    severities=st.lists(st.sampled_from(["info", "warning", "error"]), min_size=8, max_size=8),
    rows=st.lists(
        st.tuples(
            st.sampled_from(["en", "de", "zh", "x-own"]),
            st.integers(0, 50),
            st.integers(0, 50),
            st.integers(0, 50),
            st.none() | st.floats(0, 1),
        ),
        max_size=5,
    ),
    unknown=st.none() | st.floats(0, 1),
    purpose=st.sampled_from(PURPOSES),
)
def test_every_verdict_is_short_and_names_findings_of_the_report(
    chosen: list[str],
    severities: list[str],
    rows: list[tuple[str, int, int, int, float | None]],
    unknown: float | None,
    purpose: str | None,
) -> None:
    findings = [
        replace(each, severity=severity)  # type: ignore[arg-type]
        for each, severity in zip(found(*chosen), severities, strict=False)
    ]
    check(verdict_of(findings, table(*rows) if rows else None, unknown, purpose), findings)


def test_the_codes_of_its_own_rules_exist() -> None:
    own = (verdict.SPLIT_ALONE, verdict.SPLIT_MORE_THAN_USUAL, verdict.FAILED_ANALYZER)
    assert all(isinstance(RULES[code], Rule) for code in own)


@pytest.mark.parametrize(("purpose", "bare"), [(None, 20), ("static", 20), ("static", 5)])
def test_the_share_alone_stands_beside_that_in_text(purpose: str | None, bare: int) -> None:
    columns = table(("de", 100, bare, 10, 0.3))
    sentence = verdict_of([], columns, None, purpose)[0].sentence
    told = [f"{share}.0%" in sentence for share in (bare, 10, 30)]
    assert told == [True, True, True]

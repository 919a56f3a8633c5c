"""The verdict in lines, and findings as annotations: whatever they hold, a line stays a line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokstat
from tokstat.gate.policy import Policy
from tokstat.gate.verdict import GatedReport, JudgedMetric, Verdict, judge
from tokstat.render.verdict import metric_reason, verdict_lines, verdict_markdown, verdict_text
from tokstat.results.report import Finding, Report, Section
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def report(bert: Tokenizer) -> Report:
    return tokstat.inspect(bert, analyzers=["composition"])


def gated(report: Report, message: str, source: str = "nowhere", **policy: object) -> GatedReport:
    finding = Finding("A:1,b", "warning", message, "do\nit")
    made = replace(
        report,
        tokenizer=replace(report.tokenizer, source=source),
        sections=(Section("made", "Made", findings=(finding,)),),
    )
    return judge(made, Policy(fail_on="info", **policy))  # type: ignore[arg-type]


@given(st.text())
def test_every_reason_is_one_line(report: Report, text: str) -> None:
    verdict = gated(report, text).verdict
    lines = verdict_lines(replace(verdict, notes=(text,), baseline=text, gone=(text,)))
    assert all(len(line.splitlines()) == 1 and line.isprintable() for line in lines)
    assert verdict_text(verdict).count("\n") == len(verdict_lines(verdict)) + 1
    assert verdict_markdown(verdict).count("\n- ") == len(verdict_lines(verdict))


def test_nothing_is_said_where_nothing_was_asked() -> None:
    verdict = Verdict(passed=True)
    assert (verdict_lines(verdict), verdict_text(verdict), verdict_markdown(verdict)) == (
        [],
        "",
        "",
    )


@pytest.mark.parametrize(
    ("value", "limit", "told"),
    [
        (0.49373, 0.6, ["0.4937", "0.6"]),
        (0.59999, 0.6, ["0.59999", "0.6"]),
        (0.6 - 1e-12, 0.6, ["0.599999999999", "0.6"]),
        (24572.0, 25000, ["24,572", "25,000"]),
        (24_572, 24_573, ["24,572", "24,573"]),
        (39.49, 40.0, ["39.49", "40"]),
        (0.0, 1, ["0", "1"]),
    ],
)
def test_numbers_are_told_apart(value: float, limit: float, told: list[str]) -> None:
    said = metric_reason(JudgedMetric("m", "min", limit, False, value))
    assert said == f"m is {told[0]}, less than its minimum of {told[1]}"


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_numbers_never_look_alike(value: float, limit: float) -> None:
    said = metric_reason(JudgedMetric("m", "max", limit, False, value))
    first, second = said.removeprefix("m is ").split(", more than its maximum of ")
    assert (first == second) is (value == limit)

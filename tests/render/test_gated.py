"""A judged report is the report, and the verdict with it."""

from __future__ import annotations

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.gate.verdict import GatedReport


@pytest.fixture(scope="module")
def gated() -> GatedReport:
    report = tokstat.inspect(load_known("bert"), analyzers=["composition"])
    return tokstat.check(report, tokstat.make_policy(minimum={"content_tokens": 1_000_000}))


def test_every_form_has_the_verdict(gated: GatedReport) -> None:
    assert not gated.passed
    shown = gated._repr_mimebundle_()
    assert all("gate failed" in text for text in shown.values())
    assert tokstat.render_report(gated.report, width=80) in shown["text/plain"]
    assert gated.to_html() == gated.report.to_html()


def test_without_a_gate_there_is_no_verdict(gated: GatedReport) -> None:
    plain = tokstat.check(gated.report, tokstat.make_policy())
    assert all("gate" not in text for text in plain._repr_mimebundle_().values())

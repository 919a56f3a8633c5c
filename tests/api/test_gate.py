"""Policies of arguments and settings, and a report judged by them."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.hostile import hostile_report
from tokstat.errors import GateError, SettingsError, UnknownNameError
from tokstat.gate.settings import Settings

SETTINGS = Settings(
    source="tokstat.toml",
    ignore=("TS1",),
    fail_on="warning",
    minimum={"whole_word_ratio": 0.5, "coverage_bare": 0.1},
)


def test_settings_fill_in_what_is_not_given() -> None:
    policy = tokstat.make_policy(settings=SETTINGS)
    assert (policy.ignore, policy.fail_on) == (("TS1",), "warning")
    assert {each.metric: each.limit for each in policy.thresholds} == SETTINGS.minimum


def test_arguments_win_metric_by_metric() -> None:
    policy = tokstat.make_policy(
        settings=SETTINGS, select=["TS5"], fail_on="error", minimum={"coverage_bare": 0.2}
    )
    assert (policy.select, policy.ignore, policy.fail_on) == (("TS5",), (), "error")
    found = {each.metric: each.limit for each in policy.thresholds}
    assert found == {"whole_word_ratio": 0.5, "coverage_bare": 0.2}


def test_settings_at_fault_are_named_by_their_file() -> None:
    settings = Settings(source="tokstat.toml", ignore=("TS0",))
    with pytest.raises(SettingsError, match=r"^tokstat\.toml"):
        tokstat.make_policy(settings=settings)
    with pytest.raises(UnknownNameError):
        tokstat.make_policy(ignore=["TS0"])


def test_a_report_passes_beside_itself(tmp_path: Path) -> None:
    report = hostile_report()
    assert report.findings
    saved = tmp_path / "baseline.json"
    saved.write_text(report.to_json())
    for baseline in (report, saved):
        policy = tokstat.make_policy(fail_on="info", baseline=baseline)
        assert tokstat.check(report, policy).passed
    assert not tokstat.check(report, tokstat.make_policy(fail_on="info")).passed


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_what_is_no_baseline_is_refused(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(GateError, match=r"baseline\.json"):
        tokstat.make_policy(baseline=path)

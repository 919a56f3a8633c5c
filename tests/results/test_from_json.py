"""Dataclasses from plain data: every field is held to its annotation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tokstat.results.from_json import build, is_number
from tokstat.results.report import Finding, Metric, Section

METRIC = asdict(Metric("m", 0.5, "ratio", "half", 1, 2, "all", (0.4, 0.6)))


def test_what_was_taken_apart_is_built_again() -> None:
    as_in_json = {**METRIC, "interval": [0.4, 0.6]}
    assert build(Metric, as_in_json) == Metric("m", 0.5, "ratio", "half", 1, 2, "all", (0.4, 0.6))
    finding = {"code": "A", "severity": "info", "message": "", "hint": "", "token_ids": [1, 2]}
    assert build(Finding, finding) == Finding("A", "info", "", "", (1, 2))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 1),
        ("name", None),
        ("value", "0.5"),
        ("value", True),
        ("value", float("nan")),
        ("value", float("inf")),
        ("value", 10**400),
        ("numerator", 1.0),
        ("numerator", True),
        ("denominator", 10**400),
        ("interval", [0.4]),
        ("interval", [0.4, 0.5, 0.6]),
        ("interval", ["0.4", "0.6"]),
        ("interval", 0.4),
        ("scope", {}),
        ("surprise", 1),
    ],
)
def test_a_value_of_another_type_is_refused(field: str, value: Any) -> None:
    with pytest.raises(TypeError, match=field):
        build(Metric, {**METRIC, field: value})


@pytest.mark.parametrize(
    "change", [{"severity": "fatal"}, {"severity": None}, {"token_ids": ["1"]}, {"tokens": "abc"}]
)
def test_a_finding_has_a_known_severity_and_lists_of_tokens(change: dict[str, Any]) -> None:
    good = {"code": "A", "severity": "info", "message": "", "hint": ""}
    build(Finding, good)
    with pytest.raises(TypeError):
        build(Finding, {**good, **change})


SECTION: dict[str, Any] = {"analyzer": "a", "title": "A"}


def test_what_its_fields_hold_is_built_too() -> None:
    table = {"name": "t", "title": "T", "columns": {"id": [1, None, True, "a", 0.5]}}
    section = build(Section, {**SECTION, "metrics": [METRIC], "tables": [table]})
    assert section.metrics == (build(Metric, METRIC),)
    assert section.tables[0].columns == {"id": (1, None, True, "a", 0.5)}


@pytest.mark.parametrize(
    "part",
    [
        {"metrics": [5]},
        {"metrics": [{**METRIC, "numerator": None}]},
        {"tables": [{"name": "t", "title": "T", "columns": {"id": [[1]]}}]},
        {"tables": [{"name": "t", "title": "T", "columns": {"id": 5}}]},
        {"findings": {}},
    ],
    ids=str,
)
def test_what_its_fields_hold_is_checked_too(part: dict[str, Any]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        build(Section, {**SECTION, **part})


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(TypeError, match="title"):
        build(Section, {"analyzer": "a"})


def test_numbers() -> None:
    assert all(map(is_number, (0, -1, 1.5, 2**62)))
    assert not any(map(is_number, (True, "1", None, float("nan"), float("-inf"), 2**70)))

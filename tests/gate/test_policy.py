"""What may be asked of a report: codes by their beginnings, limits that a metric can have."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokstat.analyzers.registry import get_analyzers
from tokstat.errors import GateError, UnknownNameError
from tokstat.gate.policy import Threshold, is_reported, make_policy, parse_limits

CODES = sorted(rule.code for analyzer in get_analyzers() for rule in analyzer.rules)
BEGINNINGS = sorted({code[:end] for code in CODES for end in range(1, 6)})
codes = st.sampled_from(CODES)
beginnings = st.lists(st.sampled_from(BEGINNINGS), max_size=5, unique=True)


@pytest.mark.parametrize(
    ("select", "ignore", "reported"),
    [
        ([], [], True),
        (["TS3"], [], True),
        (["TS301"], [], True),
        (["TS4"], [], False),
        ([], ["TS3"], False),
        ([], ["TS4"], True),
        (["TS"], ["TS3"], False),
        (["TS301"], ["TS3"], True),
        (["TS3"], ["TS301"], False),
        (["TS", "TS301"], ["TS3"], True),
        (["TS4"], ["TS5"], False),
    ],
)
def test_the_longest_beginning_wins(select: list[str], ignore: list[str], reported: bool) -> None:
    assert is_reported("TS301", select, ignore) is reported


@given(codes, beginnings, beginnings)
def test_reported_is_what_the_nearest_beginning_says(
    code: str, select: list[str], ignore: list[str]
) -> None:
    """Walk from the whole code to nothing: the first beginning that either names decides."""
    ignore = [each for each in ignore if each not in select]
    expected = not select
    for end in range(len(code), 0, -1):
        if code[:end] in select or code[:end] in ignore:
            expected = code[:end] in select
            break
    assert is_reported(code, select, ignore) is expected


@given(beginnings)
def test_what_is_selected_is_not_what_is_ignored(some: list[str]) -> None:
    for code in CODES:
        if some:
            assert is_reported(code, some, []) is not is_reported(code, [], some)


def test_a_policy_holds_what_was_asked() -> None:
    policy = make_policy(
        select=["TS3", "TS501", "TS3"],
        ignore=["TS301"],
        fail_on="warning",
        minimum={"whole_word_ratio": 0.6},
        maximum={"partial_tokens": 0},
    )
    assert policy.select == ("TS3", "TS501")
    assert policy.ignore == ("TS301",)
    assert policy.least == "warning"
    assert policy.thresholds == (
        Threshold("whole_word_ratio", "min", 0.6),
        Threshold("partial_tokens", "max", 0),
    )


@pytest.mark.parametrize("code", ["", "TS09", "ts301", "TS3011", "whole_words"])
@pytest.mark.parametrize("option", ["select", "ignore"])
def test_codes_that_are_none_are_refused(option: str, code: str) -> None:
    arguments: dict[str, Any] = {option: [code]}
    with pytest.raises(UnknownNameError):
        make_policy(**arguments)


def test_refusals_name_what_is_near() -> None:
    with pytest.raises(UnknownNameError) as caught:
        make_policy(minimum={"whole_words_ratio": 0.5})
    assert "whole_word_ratio" in caught.value.hint
    with pytest.raises(UnknownNameError) as caught:
        make_policy(select=["ts5"])
    assert {"TS501", "TS502"} <= set(caught.value.hint.rstrip("?").split())


BAD_LIMITS: list[tuple[str, object]] = [
    ("whole_word_ratio", 60),
    ("whole_word_ratio", -0.1),
    ("whole_word_ratio", 1.0000001),
    ("whole_word_ratio", math.nan),
    ("whole_word_ratio", math.inf),
    ("whole_word_ratio", "0.6"),
    ("whole_word_ratio", True),
    ("leading_space_gap", 45),
    ("casing_duplicates", 0.05),
    ("casing_duplicates", -1),
    ("casing_duplicates", math.nan),
    ("expected_wordsim_bare", -math.inf),
    ("expected_wordsim_bare", None),
]


@pytest.mark.parametrize(("metric", "limit"), BAD_LIMITS, ids=map(str, BAD_LIMITS))
@pytest.mark.parametrize("side", ["minimum", "maximum"])
def test_limits_that_a_metric_cannot_have_are_refused(
    side: str, metric: str, limit: object
) -> None:
    arguments: dict[str, Any] = {side: {metric: limit}}
    with pytest.raises(GateError, match=metric):
        make_policy(**arguments)


@pytest.mark.parametrize(
    ("metric", "limit"),
    [
        ("whole_word_ratio", 0),
        ("whole_word_ratio", 1),
        ("leading_space_gap", -0.2),
        ("casing_duplicates", 10_000),
        ("casing_duplicates", 10_000.0),
        ("expected_wordsim_bare", 39.5),
    ],
)
def test_limits_that_a_metric_can_have_are_taken(metric: str, limit: float) -> None:
    (threshold,) = make_policy(maximum={metric: limit}).thresholds
    assert threshold.limit == limit


@pytest.mark.parametrize(
    "arguments",
    [
        {"select": ["TS3"], "ignore": ["TS3"]},
        {"minimum": {"whole_word_ratio": 0.6}, "maximum": {"whole_word_ratio": 0.5}},
        {"fail_on": "fatal"},
    ],
    ids=str,
)
def test_contradictions_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(GateError):
        make_policy(**arguments)


def test_limits_are_read_from_text() -> None:
    texts = ["a=1", "b = 0.5", "a=1.0", "c=-2e-3"]
    assert parse_limits(texts) == {"a": 1.0, "b": 0.5, "c": -0.002}


@pytest.mark.parametrize("text", ["", "a", "a=", "=1", "a=b", "a=1=2", "a=60%", "a>1", "a 1"])
def test_text_that_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(GateError, match="METRIC=NUMBER"):
        parse_limits([text])


def test_two_limits_of_one_metric_on_one_side_are_refused() -> None:
    with pytest.raises(GateError, match="two limits"):
        parse_limits(["a=1", "a=2"])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2, unique=True).map(sorted))
def test_a_minimum_below_a_maximum_is_taken(limits: list[float]) -> None:
    for low, high in pairwise(limits):
        policy = make_policy(minimum={"whole_word_ratio": low}, maximum={"whole_word_ratio": high})
        assert [each.limit for each in policy.thresholds] == [low, high]

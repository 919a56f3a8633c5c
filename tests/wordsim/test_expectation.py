"""The curve of a study, how far it reaches, and how often its intervals hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.studies import make_study
from tokstat.wordsim.expectation import (
    PREDICTORS,
    Curve,
    Expectation,
    best_curve,
    check,
    expect,
)
from tokstat.wordsim.study_results import SCORES, Study, packaged_study

Floats = NDArray[np.float64]

LINE = Curve("coverage", "line", 0.0)


def with_wordsim(function: Callable[[float], float]) -> Study:
    """Return the packaged study with a WordSim that follows from the coverage."""
    study = packaged_study()
    rows = tuple(replace(row, wordsim=function(row.coverage)) for row in study.rows)
    return replace(study, rows=rows)


def found(study: Study, curve: Curve, value: float) -> Expectation:
    expected = expect(study, curve, value)
    assert expected is not None
    return expected


@pytest.mark.parametrize(
    ("form", "function", "middle"),
    [
        ("line", lambda x: 10 + 40 * x, 30),
        ("square", lambda x: 10 + 40 * x**2, 20),
        ("quadratic", lambda x: 10 + 40 * x + 4 * x**2, 31),
    ],
)
def test_rows_on_a_curve_are_predicted_without_error(
    form: str, function: Callable[[float], float], middle: float
) -> None:
    study = with_wordsim(function)
    curve = best_curve(study, SCORES)
    assert curve.error == pytest.approx(0, abs=1e-9)
    assert curve.score == "coverage"
    # A quadratic holds both other forms.
    assert curve.form in {form, "quadratic"}
    expected = found(study, curve, 0.5)
    assert expected.value == pytest.approx(middle)
    assert (expected.interval.low, expected.interval.high) == pytest.approx((middle, middle))
    assert expected.tokenizers == len({row.tokenizer for row in study.rows})


def test_a_form_that_falls_is_left_out() -> None:
    """The best quadratic of these falls where coverage is high."""
    study = with_wordsim(lambda x: 40 * x - 30 * x**2)
    assert best_curve(study, ["coverage"]).form != "quadratic"


def test_a_score_beyond_the_study_has_no_expectation() -> None:
    scores = [row.coverage for row in packaged_study().rows]
    reach = max(scores) - min(scores)
    assert expect(packaged_study(), LINE, max(scores) + 0.09 * reach) is not None
    assert expect(packaged_study(), LINE, max(scores) + 0.11 * reach) is None
    assert expect(packaged_study(), LINE, min(scores) - 0.11 * reach) is None


@pytest.mark.parametrize(("families", "confidence"), [(3, 3 / 4), (10, 10 / 11), (30, 0.95)])
def test_few_families_allow_less_confidence(families: int, confidence: float) -> None:
    generator = np.random.default_rng(0)
    x = generator.random(2 * families)
    study = make_study(x.tolist(), (30 * x + generator.normal(size=len(x))).tolist())
    expected = found(study, LINE, 0.5)
    assert (expected.confidence, expected.tokenizers) == (confidence, families)


def test_the_interval_is_wider_where_errors_are_larger() -> None:
    generator = np.random.default_rng(1)
    x = generator.random(120)
    study = make_study(x.tolist(), (30 * x + x * generator.normal(size=120) * 5).tolist())
    few, many = (found(study, LINE, value).interval for value in (0.1, 0.9))
    assert many.high - many.low > 3 * (few.high - few.low)


@pytest.mark.parametrize("noise", ["even", "growing"])
def test_new_tokenizers_fall_within(noise: str) -> None:
    """Of 300 that the study has not seen, at least about 95 %; both their rows at once."""
    generator = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        x = generator.random(42)
        size = 1.0 if noise == "even" else 0.2 + 2 * x
        y = 10 + 30 * x + size * generator.normal(size=len(x))
        study = make_study(x[:40].tolist(), y[:40].tolist())
        intervals = [expect(study, LINE, value) for value in x[40:]]
        hits += all(
            each is None or each.interval.low <= value <= each.interval.high
            for each, value in zip(intervals, y[40:], strict=True)
        )
    assert hits > 300 * 0.92


def test_the_packaged_study_predicts_families_that_it_has_not_seen() -> None:
    checked = check(packaged_study(), PREDICTORS)
    assert checked.held / checked.rows >= 0.9
    assert checked.low_error is not None
    assert checked.low_error <= 2.5
    assert checked.error <= 2.5


def test_relatives_are_left_out_together() -> None:
    """A tokenizer that is there twice is no evidence for itself."""
    generator = np.random.default_rng(2)
    x = generator.random(20)
    y = 30 * x + 5 * generator.normal(size=20)
    study = make_study(x.tolist(), y.tolist())
    copies = tuple(replace(row, tokenizer=f"{row.tokenizer} again") for row in study.rows)
    twice = replace(study, rows=(*study.rows, *copies))
    one, other = check(study, ["coverage"]), check(twice, ["coverage"])
    assert other.error == pytest.approx(one.error)

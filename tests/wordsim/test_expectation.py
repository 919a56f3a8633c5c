"""The line of a study, and how far it reaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tokstat.wordsim.expectation import best_predictor, expect
from tokstat.wordsim.study_results import SCORES, packaged_study


def test_rows_on_a_line_are_predicted_without_error() -> None:
    study = packaged_study()
    on_line = replace(
        study, rows=tuple(replace(row, wordsim=10 + 40 * row.coverage) for row in study.rows)
    )
    found = expect(on_line, "coverage", 0.5)
    assert found is not None
    assert found.value == pytest.approx(30)
    assert (found.interval.low, found.interval.high) == pytest.approx((30, 30))
    assert found.tokenizers == len({row.tokenizer for row in study.rows})
    assert best_predictor(on_line, SCORES) == "coverage"


def test_a_score_beyond_the_study_has_no_expectation() -> None:
    scores = [row.coverage for row in packaged_study().rows]
    reach = max(scores) - min(scores)
    assert expect(packaged_study(), "coverage", max(scores) + 0.09 * reach) is not None
    assert expect(packaged_study(), "coverage", max(scores) + 0.11 * reach) is None
    assert expect(packaged_study(), "coverage", min(scores) - 0.11 * reach) is None


@pytest.mark.parametrize(("tokenizers", "confidence"), [(3, 3 / 4), (10, 10 / 11)])
def test_few_tokenizers_allow_less_confidence(tokenizers: int, confidence: float) -> None:
    study = packaged_study()
    names = list(dict.fromkeys(row.tokenizer for row in study.rows))[:tokenizers]
    few = replace(study, rows=tuple(row for row in study.rows if row.tokenizer in names))
    found = expect(few, "coverage", few.rows[0].coverage)
    assert found is not None
    assert (found.confidence, found.tokenizers) == (confidence, tokenizers)

"""The stress texts: two hundred, and none twice."""

from __future__ import annotations

from tokstat.comparison.stress_texts import STRESS_TEXTS


def test_the_stress_texts_are_two_hundred() -> None:
    assert len(set(STRESS_TEXTS)) == len(STRESS_TEXTS) == 200

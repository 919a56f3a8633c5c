"""The smallest fix as text."""

from __future__ import annotations

from dataclasses import replace

import tokstat
from tests.experiments.test_smallest_fix import FIX


def test_the_text_has_every_number() -> None:
    text = tokstat.render_report(FIX, width=200)
    for number in ("12.9", "39.1", "41.5", "16,000", "12,000", "15,000", "+26.2", "31.0%", "21.0%"):
        assert number in text
    assert "jail / prison" in text


def test_no_number_of_words_may_be_enough() -> None:
    text = tokstat.render_report(replace(FIX, equal=None), width=200)
    assert "20,000 words" in text
    assert "do not equal it" in text


def test_the_space_may_gain_nothing() -> None:
    assert "gains nothing" in tokstat.render_report(replace(FIX, equal=FIX.start), width=200)


def test_parts_of_wordsim_are_not_called_so() -> None:
    text = tokstat.render_report(replace(FIX, missing_sets=("rw",)), width=200)
    assert "WordSim" not in text.replace("not WordSim", "")

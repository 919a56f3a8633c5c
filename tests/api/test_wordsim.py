"""A model is scored on the packaged set, and the sets are listed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tokstat
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS

NAMES = [source.name for source in WORDSIM_SETS]


@pytest.fixture(autouse=True)
def no_fetched_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKSTAT_DATA", str(tmp_path))


def lengths(words: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Embed a word by its length and its first character."""
    return np.array([(len(word), ord(word[0]), 1) for word in words], np.float32)


def test_a_function_is_scored_on_the_packaged_set() -> None:
    score = tokstat.evaluate_wordsim(lengths, resamples=20)
    assert (score.wordsim, list(score.missing_sets)) == (None, NAMES)
    (each,) = score.sets
    assert (each.name, each.pairs, each.words) == ("wordsim353", 353, 437)
    assert score == tokstat.evaluate_wordsim(lengths, resamples=20)


def test_the_sets_are_listed_with_their_states(tmp_path: Path) -> None:
    columns = tokstat.list_data().columns
    assert columns["set"] == (*NAMES, PACKAGED_SETS[0].name)
    assert columns["state"] == (*["absent"] * 7, "here")
    (tmp_path / WORDSIM_SETS[1].file).write_bytes(b"damaged")
    assert tokstat.list_data().columns["state"] == ("absent", "damaged", *["absent"] * 5, "here")
    assert tokstat.list_data().columns["words"] == (*[None] * 7, 437)

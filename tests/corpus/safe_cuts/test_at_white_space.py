"""Cuts found in bytes are those found in characters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from tests.corpus.adversarial import TEXTS, texts
from tokstat.corpus.safe_cuts.at_white_space import find_white_cuts
from tokstat.corpus.safe_cuts.boundaries import (
    DOCUMENT,
    WHITE_BOUNDARIES,
    Boundaries,
    WhiteBoundary,
    code_points,
    find_cuts,
    utf8_lengths,
)

boundaries = strategies.builds(
    Boundaries,
    white=strategies.frozensets(strategies.sampled_from(WHITE_BOUNDARIES)),
    not_after=strategies.frozensets(strategies.sampled_from("a.é汉🙂")),
    not_before=strategies.frozensets(strategies.sampled_from("<[汉")),
    after_marks=strategies.booleans(),
)


def check(documents: list[str], allowed: Boundaries) -> int:
    """Compare the places with those of the characters; return their number."""
    text = "".join(DOCUMENT + each for each in documents)
    codes = code_points(text)
    before = np.cumsum(utf8_lengths(codes), dtype=np.int64) - utf8_lengths(codes)
    data = np.frombuffer(text.encode(), np.uint8)
    places = find_white_cuts(data, before[codes == ord(DOCUMENT)], allowed)
    assert places.tolist() == before[find_cuts(codes, allowed)].tolist()
    return len(places)


@settings(max_examples=500, deadline=None)
@given(documents=strategies.lists(texts, min_size=1, max_size=4), allowed=boundaries)
def test_any_texts(documents: list[str], allowed: Boundaries) -> None:
    assert check(documents, allowed) >= len(documents)


@pytest.mark.parametrize("kind", WHITE_BOUNDARIES)
def test_each_kind(kind: WhiteBoundary) -> None:
    assert check(list(TEXTS), Boundaries(frozenset({kind}))) > len(TEXTS)


def test_places_are_looked_at_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokstat.corpus.safe_cuts.at_white_space._AT_A_TIME", 3)
    assert check(list(TEXTS), Boundaries(frozenset(WHITE_BOUNDARIES))) > len(TEXTS)

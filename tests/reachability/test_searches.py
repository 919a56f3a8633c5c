"""Searches of one tokenizer: each runs once, and all agree with those called directly."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from tests.conftest import load_known
from tokstat.errors import LimitError
from tokstat.io.background import Background
from tokstat.io.limits import Limits, set_limits
from tokstat.reachability import searches
from tokstat.reachability.round_trip import search_losses
from tokstat.reachability.search import find_reachability
from tokstat.reachability.searches import Searches


def test_each_is_what_it_is_alone() -> None:
    tokenizer = load_known("wordpiece")
    found = Searches(tokenizer)
    found.start()
    assert np.array_equal(found.reachability.states, find_reachability(tokenizer).states)
    assert found.round_trip == search_losses(tokenizer)
    assert len(found.blocks) > 100


def test_each_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(searches, "find_reachability", calls.append)
    found = Searches(load_known("wordpiece"))
    found.start()
    assert [found.reachability, found.reachability] == [None, None]
    assert calls == [found.tokenizer]


def test_whoever_asks_for_a_search_that_was_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also after it has stopped."""
    monkeypatch.setattr("tokstat.io.limits._set", [])
    set_limits(Limits(seconds=1))
    monkeypatch.setattr(searches, "CALLS", 0.1)
    go_on = Event()
    other = Background(go_on.wait)
    monkeypatch.setattr(searches, "find_reachability", lambda _: other.result())
    found = Searches(load_known("wordpiece"))
    for _ in range(2):
        with pytest.raises(LimitError):
            _ = found.reachability
    go_on.set()

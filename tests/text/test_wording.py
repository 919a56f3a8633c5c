"""Counts in sentences."""

from __future__ import annotations

import pytest

from tokstat.text.wording import agreed, counted


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 tokens"), (1, "1 token"), (2, "2 tokens"), (1234, "1,234 tokens")],
)
def test_nouns_agree_with_their_count(count: int, expected: str) -> None:
    assert counted(count, "token") == expected


def test_irregular_plurals_are_given() -> None:
    assert counted(1, "entry", "entries") == "1 entry"
    assert counted(2, "entry", "entries") == "2 entries"


def test_verbs_agree_with_their_count() -> None:
    assert [agreed(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]

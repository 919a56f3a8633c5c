"""A text gets as short as it can while something holds of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokstat.text.delta_debugging import shortest


@given(st.text(max_size=60), st.sampled_from("aé\n 5"))
def test_shortening_keeps_what_holds(text: str, wanted: str) -> None:
    assert shortest(text + wanted + text, lambda shorter: wanted in shorter) == wanted


def test_shortening_ends() -> None:
    assert shortest("x" * 30, lambda shorter: len(shorter) >= 7) == "x" * 7
    assert shortest("ab", lambda shorter: False) == "ab"

"""Rules of a precompiled charsmap, against sentencepiece."""

from __future__ import annotations

from hypothesis import given, settings

from tests.loading.agreement import TEXTS
from tests.loading.conftest import (
    processor_of,
    rules,
)


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_the_rules_are_read_as_sentencepiece_reads_them(text: str) -> None:
    reference = processor_of("unigram")
    prepared = " ".join(part for part in rules().normalize(text).split(" ") if part)
    expected = f"▁{prepared}".replace(" ", "▁").rstrip("▁") if prepared else ""
    assert expected == reference.Normalize(text)

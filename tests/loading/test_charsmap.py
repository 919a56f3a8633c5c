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


def test_rules_are_listed_by_their_length() -> None:
    found = rules().rules_within(5)
    assert found is not None
    assert max(len(text.encode()) for text in found) <= 5
    assert (found["e\u0301"], found["ﬁ"], found["\t"]) == ("é", "fi", " ")
    assert all(rules().rewrite(text) == new for text, new in found.items())

"""One document in a hundred is checked, whoever counts it, and what that proves."""

from __future__ import annotations

import pytest

from tests.corpus.engines.others import Other, Wrong
from tokstat.corpus.engines.checking import SHARE, check, chosen, most_wrong
from tokstat.corpus.engines.engine import EngineDiffersError, Utf8Texts
from tokstat.tokenizer.tokenizer import Tokenizer

TEXTS = [f"document {number}" for number in range(20_000)]


def test_one_in_so_many_is_chosen_by_its_text_alone() -> None:
    numbers = chosen(Utf8Texts.of(TEXTS)).tolist()
    assert len(TEXTS) / SHARE * 0.8 < len(numbers) < len(TEXTS) / SHARE * 1.2
    turned = chosen(Utf8Texts.of(TEXTS[::-1])).tolist()
    assert sorted(len(TEXTS) - 1 - number for number in turned) == numbers
    assert chosen(Utf8Texts.of([])).tolist() == []


def test_other_ids_are_found(byte_level: Tokenizer) -> None:
    documents = Utf8Texts.of(TEXTS[:50])
    right, wrong = Other(byte_level), Wrong(byte_level, 10)
    check(byte_level, right, documents, right.encode(documents))
    with pytest.raises(EngineDiffersError) as caught:
        check(byte_level, wrong, documents, wrong.encode(documents))
    first = next(text for text in TEXTS if wrong.is_wrong(text))
    assert ascii(first) in caught.value.problem
    assert (caught.value.spec, caught.value.label) == ("byte-level", "other 1")


def test_the_bound_is_the_rule_of_three() -> None:
    assert most_wrong(0) is None
    assert most_wrong(2) == 1.0
    assert most_wrong(300) == 0.01
    # So many checks miss a share of this size with a probability of 5 %.
    assert pytest.approx(0.05, abs=0.002) == (1 - 3 / 300) ** 300

"""Tokens that the pre-tokenizer always splits."""

from __future__ import annotations

import pytest
from tokenizers import Regex, pre_tokenizers

from tests.conftest import wrap
from tests.reachability.conftest import (
    GPT_4O,
    cause_of,
    knowing,
)
from tokstat.reachability.search import find_reachability


@pytest.mark.parametrize(
    ("pre_tokenizer", "word", "blamed"),
    [
        (pre_tokenizers.Whitespace(), "a.", "Whitespace"),
        (pre_tokenizers.WhitespaceSplit(), "a.", None),
        (pre_tokenizers.Digits(individual_digits=True), "12", "Digits"),
        (pre_tokenizers.Split(Regex(GPT_4O), "isolated"), "aB", "Split"),
        (pre_tokenizers.Split(Regex(GPT_4O), "isolated"), "Ba", None),
        (
            pre_tokenizers.Sequence(
                [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()]
            ),
            "a.",
            "Punctuation",
        ),
    ],
)
def test_pre_tokenizers(
    pre_tokenizer: pre_tokenizers.PreTokenizer, word: str, blamed: str | None
) -> None:
    backend = knowing(word)
    backend.pre_tokenizer = pre_tokenizer
    expected = None if blamed is None else ("pre-tokenizer", f"pre-tokenizer: {blamed}")
    assert cause_of(backend, word) == expected


def test_what_looks_behind_proves_nothing() -> None:
    backend = knowing("xa")
    backend.pre_tokenizer = pre_tokenizers.Split(Regex("(?<=x)a"), "isolated")
    found = find_reachability(wrap(backend, "made"))
    assert found.rows("not found").tolist() == [1]

"""Duplicates by case, one group of tokens after the other."""

from __future__ import annotations

import pytest

from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.case_duplicates import cased_twins

WORDPIECE = Scheme("WordPiece", continuation="##")


@pytest.mark.parametrize(
    ("tokens", "duplicates"),
    [
        (["the", "The", "THE"], ["The", "THE"]),
        (["The", "the", "cat"], ["The"]),
        (["THE", "The"], ["The"]),
        (["the", "##the", "##The"], ["##The"]),
        (["the", "cat", "1", "!"], []),
        ([], []),
    ],
)
def test_all_but_the_lower_cased_token_are_duplicates(
    tokens: list[str], duplicates: list[str]
) -> None:
    ids = {token: number for number, token in enumerate(tokens)}
    vocabulary = Vocabulary.of(StoredTokens.from_ids(ids, {}), WORDPIECE)
    assert [vocabulary.tokens[row] for row in cased_twins(vocabulary)] == duplicates

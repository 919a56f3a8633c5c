"""Stored tokens come in the order of ids, one for each; `test_vocabulary` has their decoding."""

from __future__ import annotations

import tokenizers
from tokenizers import AddedToken, models, normalizers

from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.tokenizer import Tokenizer


def test_they_are_those_of_the_vocabulary(tokenizer: Tokenizer) -> None:
    stored, vocabulary = tokenizer.stored_tokens, tokenizer.vocabulary
    assert stored.ids.tolist() == vocabulary.ids.tolist()
    assert stored.tokens == vocabulary.tokens
    assert stored.is_added.tolist() == (vocabulary.ranks < 0).tolist()


def test_added_tokens_are_as_written() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}, "a"))
    backend.normalizer = normalizers.Lowercase()
    backend.add_tokens([AddedToken("[PAD]", normalized=True)])
    stored = StoredTokens.from_backend(backend)
    assert (stored.tokens, stored.added) == (["a", "[PAD]"], {1: ("[PAD]", False)})


def test_of_several_tokens_with_one_id_the_added_one_stays() -> None:
    stored = StoredTokens.from_ids({"a": 2, "b": 2, "c": 0, "d": 5, "e": 5}, {2: ("a", True)})
    assert (stored.ids.tolist(), stored.tokens) == ([0, 2, 5], ["c", "a", "e"])
    assert stored.shared_ids == (2, 5)

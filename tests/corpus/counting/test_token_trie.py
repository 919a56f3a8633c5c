"""Beginnings of tokens are found for many texts at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from tests.conftest import load_known
from tokstat.corpus.counting.token_trie import TokenTrie
from tokstat.corpus.safe_cuts.boundaries import code_points


@settings(max_examples=100, deadline=None)
@given(tokens=strategies.lists(strategies.text("ab\U0010ffffc", max_size=5), max_size=30))
def test_each_text_has_the_node_of_the_tokens_that_begin_with_it(tokens: list[str]) -> None:
    trie = TokenTrie(tokens)
    begun = {token[:end] for token in tokens for end in range(len(token) + 1)}
    last = {token: number for number, token in enumerate(tokens)}
    for text in {*begun, "", "a", "ca", "\U0010ffff"}:
        node = trie.node_of(text)
        assert (node > 0) == (text in begun or not text)
        assert node == 0 or trie.tokens[node] == last.get(text, -1)


@pytest.mark.parametrize("name", ["wordpiece", "unigram"])
def test_every_token_of_a_vocabulary_is_found(name: str) -> None:
    tokens = load_known(name).vocabulary.tokens
    trie = TokenTrie(tokens)
    assert [int(trie.tokens[trie.node_of(token)]) for token in tokens] == list(range(len(tokens)))


def test_a_character_leads_nowhere_from_no_node() -> None:
    trie = TokenTrie(["a"])
    assert trie.follow(np.zeros(1, np.int32), code_points("a")).tolist() == [0]
    assert trie.begin(code_points("ab")).tolist() == [2, 0]

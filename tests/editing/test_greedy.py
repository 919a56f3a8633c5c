"""Greedy longest match: the same tokens, and words split from the left into the longest."""

from __future__ import annotations

import json

import pytest

from tests.conftest import load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.editing.greedy import can_be_greedy, greedy
from tokstat.tokenizer.encoding import normalize, pre_tokenize
from tokstat.tokenizer.tokenizer import Tokenizer

WORDS = ("tiger", " tiger", "unhappiness", " encephalitis", "naïve", "Привет")


def longest_match(tokenizer: Tokenizer, text: str) -> list[str]:
    """Split a text by hand."""
    vocabulary = json.loads(tokenizer.to_json())["model"]["vocab"]
    names = {each if isinstance(each, str) else each[0] for each in vocabulary}
    found = []
    for piece in pre_tokenize(tokenizer.backend, normalize(tokenizer.backend, text)):
        start = 0
        while start < len(piece):
            end = next((e for e in range(len(piece), start, -1) if piece[start:e] in names), None)
            if end is None:
                return []
            found.append(piece[start:end])
            start = end
    return found


@pytest.mark.parametrize("kind", ["byte-level", "metaspace", "unigram"])
def test_words_are_split_into_the_longest_tokens(kind: str) -> None:
    tokenizer = wrap(SMALL[kind](), kind)
    assert can_be_greedy(tokenizer)
    edit = greedy().apply(tokenizer)
    assert (edit.removed, edit.new, edit.renamed) == (0, 0, frozenset())
    assert edit.tokenizer.vocabulary.tokens == tokenizer.vocabulary.tokens
    assert edit.tokenizer.vocabulary.texts == tokenizer.vocabulary.texts
    assert edit.tokenizer.scheme == tokenizer.scheme
    checked = 0
    for word in WORDS:
        expected = longest_match(tokenizer, word)
        if expected:
            checked += 1
            split = edit.tokenizer.backend.encode(word, add_special_tokens=False).tokens
            assert split == expected
    assert checked >= 4


def test_modernbert() -> None:
    """`tiger` is `t|iger` by its merges, and the longest token from the left is `tig`."""
    tokenizer = load_known("modernbert")
    split = greedy().apply(tokenizer).tokenizer.backend.encode("tiger", add_special_tokens=False)
    assert split.tokens == ["tig", "er"]


def test_what_is_greedy_already_stays() -> None:
    tokenizer = wrap(SMALL["wordpiece"](), "wordpiece")
    assert can_be_greedy(tokenizer)
    assert greedy().apply(tokenizer).tokenizer is tokenizer


def test_where_it_cannot_be() -> None:
    """A mark on the last piece of a word is beyond a search from the left."""
    kinds = [kind for kind in SMALL if wrap(SMALL[kind](), kind).scheme.end]
    assert kinds
    assert not any(can_be_greedy(wrap(SMALL[kind](), kind)) for kind in kinds)

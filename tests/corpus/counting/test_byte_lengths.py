"""Offsets from the bytes of tokens are those that the tokenizers library gives."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import is_normalized

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from tests.corpus.adversarial import TEXTS, texts
from tokstat.corpus.counting.byte_lengths import _surface_sizes, character_offsets
from tokstat.corpus.safe_cuts.derivation import Cut, derive_cut
from tokstat.tokenizer.tokenizer import Tokenizer


@lru_cache
def cut_of(tokenizer: Tokenizer) -> Cut:
    return derive_cut(tokenizer)


def check(tokenizer: Tokenizer, documents: list[str]) -> bool:
    """Compare offsets with the library's; return whether there were any."""
    cut = cut_of(tokenizer)
    if cut.inner is None or cut.byte_lengths is None:
        pytest.skip("its tokens do not spell texts byte by byte")
    encoded = [(text, cut.inner.encode(text, add_special_tokens=False)) for text in documents]
    encoded = [(text, each) for text, each in encoded if len(each) > 0]
    if not encoded or not all(is_normalized("NFC", text) for text, _ in encoded):
        return False
    ids = np.array([token for _, each in encoded for token in each.ids], np.int32)
    tokens = np.array([len(each) for _, each in encoded])
    found = character_offsets([text for text, _ in encoded], tokens, ids, cut.byte_lengths)
    if found is None:
        return False
    expected = [offset for _, each in encoded for offset in each.offsets]
    assert list(zip(*map(np.ndarray.tolist, found), strict=True)) == expected
    return True


def test_odd_texts(tokenizer: Tokenizer) -> None:
    held = [check(tokenizer, [text]) for text in TEXTS]
    assert sum(held) > len(TEXTS) // 2


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents=strategies.lists(texts, min_size=1, max_size=3))
def test_random_texts(tokenizer: Tokenizer, documents: list[str]) -> None:
    check(tokenizer, documents)


def test_sizes_of_surfaces() -> None:
    tokens = ["▁a", "", "é▁▁", "<0x0A>", "<0x", "<0xxxx", "a▁<0x0A>", "🙂", "▁"]
    characters = np.array([len(token) for token in tokens])
    expected = [len(token.replace("▁", " ").encode()) for token in tokens]
    expected[3] = expected[5] = 1
    assert _surface_sizes(tokens, characters).tolist() == expected

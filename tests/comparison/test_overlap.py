"""What sets share, against Python's own sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.comparison.overlap import TextCodes, membership, overlap
from tokstat.tokenizer.tokenizer import Tokenizer


@given(st.lists(st.frozensets(st.integers(0, 30)), min_size=1, max_size=6))
def test_counts_agree_with_sets(sets: list[frozenset[int]]) -> None:
    found = overlap([np.array(sorted(each), np.int64) for each in sets])
    assert found.sizes == tuple(map(len, sets))
    assert found.common == len(frozenset.intersection(*sets))
    for first, one in enumerate(sets):
        others = frozenset().union(*(each for n, each in enumerate(sets) if n != first))
        assert found.exclusive[first] == len(one - others)
        for second, other in enumerate(sets):
            assert found.shared[first][second] == len(one & other)
            assert found.share(first, second) == (len(one & other) / len(one) if one else None)
            either = one | other
            expected = len(one & other) / len(either) if either else None
            assert found.jaccard(first, second) == expected


def test_surfaces_compare_across_families(bert: Tokenizer, modernbert: Tokenizer) -> None:
    tokenizers = [
        bert,
        modernbert,
        *(wrap(SMALL[name](), name) for name in ("unigram", "metaspace")),
    ]
    codes = TextCodes()
    found = [codes.of_tokens(tokenizer.vocabulary) for tokenizer in tokenizers]
    plain = [
        {(token.text, token.starts_word) for token in tokenizer.vocabulary if token.kind == "text"}
        for tokenizer in tokenizers
    ]
    surfaces = overlap([each[0] for each in found])
    texts = overlap([each[1] for each in found])
    assert surfaces.sizes == tuple(map(len, plain))
    assert texts.sizes == tuple(len({text for text, _ in each}) for each in plain)
    for first in range(4):
        for second in range(4):
            assert surfaces.shared[first][second] == len(plain[first] & plain[second])
    assert ("the", True) in plain[0] & plain[1]
    assert surfaces.shared[0][1] > 17_000


def test_texts_are_numbered_as_they_come() -> None:
    codes = TextCodes()
    assert codes.of(["b", "a", "b"]).tolist() == [0, 1, 0]
    assert codes.of(["c", "a"]).tolist() == [2, 1]
    assert codes.of([]).dtype == np.int64
    assert codes.texts() == ["b", "a", "c"]
    assert len(codes) == 3


def test_membership_reaches_to_the_highest_number() -> None:
    mask = membership([np.array([0, 2]), np.array([], np.int64), np.array([1])])
    assert mask.tolist() == [[True, False, True], [False] * 3, [False, True, False]]
    assert membership([np.array([], np.int64)]).shape == (1, 0)
    assert membership([]).shape == (0, 0)

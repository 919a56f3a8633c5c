"""Tokens of texts are gathered by the number of the text, joined and inserted."""

from __future__ import annotations

import numpy as np

from tests.conftest import load_known
from tokstat.corpus.counting.encoded import Encoded, gather, insert, join
from tokstat.corpus.counting.encoding import encode_whole

TEXTS = ["the people", "", "of the wörld", " a"]


def test_texts_are_gathered_by_number() -> None:
    tokenizer = load_known("byte-level")
    whole = encode_whole(tokenizer, TEXTS)
    found = gather(whole, np.array([2, 0, 2], np.int32))
    ids = [tokenizer.backend.encode(TEXTS[n], add_special_tokens=False).ids for n in (2, 0, 2)]
    assert found.ids.tolist() == [token for each in ids for token in each]
    assert found.lengths.tolist() == [len(each) for each in ids]


def same(one: Encoded, other: Encoded) -> bool:
    columns = ("ids", "starts", "ends", "bounds")
    return all(np.array_equal(getattr(one, each), getattr(other, each)) for each in columns)


def test_parts_are_joined_in_order() -> None:
    tokenizer = load_known("byte-level")
    parts = [encode_whole(tokenizer, some) for some in (TEXTS[:1], TEXTS[1:])]
    assert same(join(parts), encode_whole(tokenizer, TEXTS))
    assert join([]).lengths.tolist() == []


def test_other_texts_are_inserted_where_there_is_nothing() -> None:
    tokenizer = load_known("byte-level")
    found = encode_whole(tokenizer, ["the people", "", "", " a"])
    other = encode_whole(tokenizer, ["of the wörld"])
    assert same(insert(found, other, np.array([2])), encode_whole(tokenizer, TEXTS))

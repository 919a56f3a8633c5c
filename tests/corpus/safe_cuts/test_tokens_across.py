"""Tokens that a cut would divide, of the model and added."""

from __future__ import annotations

from typing import Any

import pytest
import tokenizers
from tokenizers import AddedToken, models, normalizers

from tests.conftest import wrap
from tokstat.corpus.safe_cuts.boundaries import PAIRS, WHITE_BOUNDARIES, Boundaries
from tokstat.corpus.safe_cuts.normalizers import read_normalizer
from tokstat.corpus.safe_cuts.pre_tokenizers import Split
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.corpus.safe_cuts.tokens_across import (
    AddedTokenLimits,
    restrict_by_added_tokens,
    restrict_by_model,
)

ALL = Boundaries(frozenset(WHITE_BOUNDARIES), frozenset(PAIRS))


def limits_of(*tokens: AddedToken, normalizer: Any = None) -> AddedTokenLimits:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0}, unk_token="a"))
    if normalizer is not None:
        backend.normalizer = normalizer
    backend.add_tokens(list(tokens))
    return restrict_by_added_tokens(ALL, backend, read_normalizer(backend), changes_start=False)


def test_no_added_tokens_forbid_nothing() -> None:
    assert limits_of() == AddedTokenLimits(ALL, (), ())


def test_a_token_with_pairs_inside_is_searched_for() -> None:
    found = limits_of(AddedToken("<x1>", normalized=False))
    assert found.whole_strings == ("<x1>",)
    assert found.boundaries.pairs == ALL.pairs
    assert found.boundaries.not_before == {"<"}


def test_a_token_of_whole_words_leaves_no_cut_inside_words() -> None:
    found = limits_of(AddedToken("word", single_word=True, normalized=False))
    assert found.boundaries.pairs == frozenset()


def test_a_token_that_takes_the_space_after_it_is_encoded_whole() -> None:
    (whole,) = limits_of(AddedToken("<x>", rstrip=True, normalized=False)).whole_texts
    assert [whole.is_in(text) for text in ("a <x> b", "a < x>")] == [True, False]


@pytest.mark.parametrize("flag", ["lstrip", "rstrip", "single_word"])
def test_a_rare_token_takes_no_cut_from_other_texts(flag: str) -> None:
    token = AddedToken("[MASK]", normalized=False, **{flag: True})
    found = limits_of(token)
    assert (found.boundaries.white, found.boundaries.pairs) == (ALL.white, ALL.pairs)
    (whole,) = found.whole_texts
    assert [whole.is_in(text) for text in ("a [MASK]b", "a [ MASK]b")] == [True, False]


def test_more_rare_tokens_than_can_be_searched_for_take_cuts() -> None:
    tokens = [AddedToken(f"[{n}]", lstrip=True, normalized=False) for n in range(300)]
    found = limits_of(*tokens)
    assert found.boundaries.white == {"space", "line"}
    assert len(found.whole_texts) == 256


def test_a_normalized_token_is_searched_for_in_the_normalized_text() -> None:
    token = AddedToken("<x>", rstrip=True, normalized=True)
    (whole,) = limits_of(token, normalizer=normalizers.Lowercase()).whole_texts
    assert whole.is_in("a <X> b")


def bpe(*merges: tuple[str, str], **settings: Any) -> Boundaries:
    tokens = ["a", "b", "▁", "\n", *map("".join, merges)]
    model = models.BPE(
        {token: number for number, token in enumerate(tokens)}, list(merges), **settings
    )
    split = Split(Boundaries(), ALL)
    tokenizer = wrap(tokenizers.Tokenizer(model), "made")
    return restrict_by_model(tokenizer, split, tokenizer.scheme.space or " ")


def test_dropout_is_refused() -> None:
    with pytest.raises(UnsafeError):
        bpe(("a", "b"), dropout=0.1)


def test_a_model_that_minds_the_ends_of_pieces_allows_nothing_more() -> None:
    assert bpe(("a", "b"), end_of_word_suffix="</w>").white == frozenset()

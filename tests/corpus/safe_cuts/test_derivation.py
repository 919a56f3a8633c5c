"""Where a text is cut, its tokens are those of the parts in order, and cuts are frequent."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.corpus.adversarial import TEXTS, texts
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, code_points, cut_outside, find_cuts
from tokstat.corpus.safe_cuts.derivation import Cut, derive_cut
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="session")
def cut(tokenizer: Tokenizer) -> Cut:
    return derive_cut(tokenizer)


def whole(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.backend.encode(text, add_special_tokens=False).ids


def in_parts(tokenizer: Tokenizer, cut: Cut, text: str) -> list[int]:
    """Encode a text part by part, at the places of its cut."""
    assert cut.inner is not None
    if any(each.is_in(text) for each in cut.whole_texts):
        return whole(tokenizer, text)
    laid_out = DOCUMENT + text
    mask = find_cuts(code_points(laid_out), cut.boundaries)
    cut_outside(mask, laid_out, cut.whole_strings)
    places = [place for place in mask.nonzero()[0].tolist() if place > 0] + [len(laid_out)]
    parts = [laid_out[start:end] for start, end in zip([0, *places], places, strict=False)]
    ids = whole(tokenizer, parts[0][1:])
    for part in parts[1:]:
        ids += cut.inner.encode(part, add_special_tokens=False).ids
    return ids


def test_tokens_of_parts_are_those_of_the_whole(tokenizer: Tokenizer, cut: Cut) -> None:
    if cut.refused is None:
        differ = [
            text for text in TEXTS if in_parts(tokenizer, cut, text) != whole(tokenizer, text)
        ]
        assert differ == []


def test_tokens_of_parts_of_all_texts_together(tokenizer: Tokenizer, cut: Cut) -> None:
    if cut.refused is None:
        for joint in ("", " ", "\n", "  ", "\n\n", ".", "a"):
            text = joint.join(TEXTS)
            assert in_parts(tokenizer, cut, text) == whole(tokenizer, text)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(text=texts)
def test_tokens_of_parts_of_random_texts(tokenizer: Tokenizer, cut: Cut, text: str) -> None:
    if cut.refused is None:
        assert in_parts(tokenizer, cut, text) == whole(tokenizer, text)

"""Pieces are encoded as in the whole text, with their places."""

from __future__ import annotations

import pytest

from tests.conftest import load_known
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.encoding import encode_pieces, encode_whole
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT
from tokstat.corpus.safe_cuts.derivation import derive_cut

TEXTS = ["the people", "", "of the wörld", " a"]


@pytest.mark.parametrize("name", ["byte-level", "wordpiece", "unigram"])
def test_whole_texts_have_the_ids_and_places_of_the_library(name: str) -> None:
    tokenizer = load_known(name)
    found = encode_whole(tokenizer, TEXTS)
    alone = [tokenizer.backend.encode(text, add_special_tokens=False) for text in TEXTS]
    assert found.ids.tolist() == [token for each in alone for token in each.ids]
    assert found.lengths.tolist() == [len(each) for each in alone]
    places = [place for each in alone for place in each.offsets]
    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == places


@pytest.mark.parametrize("name", ["byte-level", "wordpiece"])
def test_pieces_together_are_the_text(name: str) -> None:
    tokenizer = load_known(name)
    pieces = [f"{DOCUMENT}the", " people", " of"]
    found = encode_pieces(tokenizer, derive_cut(tokenizer), Names(pieces))
    whole = tokenizer.backend.encode("the people of", add_special_tokens=False)
    assert found.ids.tolist() == whole.ids
    assert found.starts[0] == len(DOCUMENT)

"""Chunks that an engine encodes are counted like those of the judge, to the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from tokenizers import AddedToken, normalizers

from tests.conftest import wrap
from tests.corpus.adversarial import TEXTS, texts
from tests.corpus.conftest import DOCUMENTS
from tests.corpus.engines.others import Other, Wrong
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.chunk_blocks import Utf8Chunks
from tokstat.corpus.counting.chunks_by_engine import can_place, encode_chunks, may_follow
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.encoding import encode_pieces
from tokstat.corpus.counting.state import Counts
from tokstat.corpus.counting.window import Document
from tokstat.corpus.counting.word_definitions import WORDS
from tokstat.corpus.engines.engine import EngineDiffersError
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Boundaries
from tokstat.corpus.safe_cuts.derivation import derive_cut
from tokstat.tokenizer.tokenizer import Tokenizer


def composing() -> Tokenizer:
    """A tokenizer as ModernBERT's: it composes texts, and has added tokens that take spaces."""
    backend = SMALL["byte-level"]()
    backend.normalizer = normalizers.NFC()
    backend.add_tokens([AddedToken("[MASK]", lstrip=True), AddedToken("  ", normalized=False)])
    return wrap(backend, "composing")


def made(name: str) -> Tokenizer:
    return composing() if name == "composing" else wrap(SMALL[name](), name)


TOKENIZERS = (*SMALL, "composing")

PLACED = ("byte-level", "composing", "metaspace", "metaspace-prefix")
"""Those whose tokens spell the text, or the text after a space."""


def without_engines(counts: Counts) -> dict[str, Any]:
    return {**counts.to_dict(), "engines": []}


def counted(tokenizer: Tokenizer, words: str, documents: Sequence[Document]) -> list[Counts]:
    """Count with the judge alone, and with an engine."""
    plan = Plan.of([tokenizer], words, Reading())
    plans = [plan, replace(plan, engines=[Other(tokenizer)])]
    return [each.count(iter(documents)) for each in plans]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("name", TOKENIZERS)
def test_counts_are_the_judges(name: str, words: str) -> None:
    tokenizer = made(name)
    judged, found = counted(tokenizer, words, DOCUMENTS)
    assert without_engines(found) == judged.to_dict()
    placed = can_place(derive_cut(tokenizer))
    assert placed == (name in PLACED)
    uses = [{label: use.documents for label, use in each.items()} for each in found.engines]
    assert uses == ([{"other 1": len(DOCUMENTS)}] if placed else [])


@settings(max_examples=20, deadline=None)
@given(some=strategies.lists(texts, max_size=6))
def test_random_texts(some: list[str]) -> None:
    documents = [Document(text) for text in some]
    for name in PLACED:
        judged, found = counted(made(name), "unicode", documents)
        assert without_engines(found) == judged.to_dict()


@pytest.mark.parametrize("name", PLACED)
def test_ids_and_places_are_those_of_pieces(name: str) -> None:
    tokenizer = made(name)
    cut = derive_cut(tokenizer)
    pieces = Names([*(DOCUMENT + text for text in TEXTS), *filter(None, TEXTS)])
    chunks = Utf8Chunks(*pieces.utf8())
    follows = may_follow(chunks, cut.boundaries)
    found = encode_chunks(tokenizer, cut, Other(tokenizer), chunks, follows)
    expected = encode_pieces(tokenizer, cut, pieces)
    assert np.array_equal(found.ids, expected.ids)
    assert np.array_equal(found.bounds, expected.bounds)
    # The judge's places count characters of each piece, and the engine's bytes of all pieces.
    data, starts = pieces.utf8()
    for number, piece in enumerate(pieces.texts()):
        for token in range(*found.bounds[number : number + 2].tolist()):
            low, high = found.starts[token], found.ends[token]
            text = data[starts[number] : low].tobytes().decode("utf-8", "ignore")
            assert len(text) == expected.starts[token]
            text = data[starts[number] : high].tobytes().decode("utf-8", "replace")
            assert len(text) == expected.ends[token], piece


@pytest.mark.parametrize("name", PLACED)
def test_an_engine_that_is_often_wrong_is_caught(name: str) -> None:
    tokenizer = made(name)
    plan = Plan.of([tokenizer], "unicode", Reading())
    documents = [Document(f"the number {number}\nof many") for number in range(3_000)]
    (use,) = replace(plan, engines=[Other(tokenizer)]).count(documents).engines[0].values()
    assert use.checked > 0
    with pytest.raises(EngineDiffersError):
        replace(plan, engines=[Wrong(tokenizer, 20)]).count(documents)


def test_a_chunk_may_follow_where_the_text_would_be_cut() -> None:
    chunks = Utf8Chunks(*Names([DOCUMENT + "the", " people", "s", " of", DOCUMENT + "it"]).utf8())
    spaces = Boundaries(frozenset({"space"}))
    assert may_follow(chunks, spaces).tolist() == [False, True, False, True, False]
    assert not may_follow(chunks, Boundaries()).any()

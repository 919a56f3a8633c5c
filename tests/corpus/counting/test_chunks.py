"""Words of chunks, and the tokens of chunks and words."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import load_known
from tokstat.corpus.counting import chunks as module
from tokstat.corpus.counting.chunks import Chunks
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.word_definitions import words_named
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, Boundaries
from tokstat.corpus.safe_cuts.derivation import derive_cut

TEXTS = ["the people ", "of", " the indecipherable world", "!"]


def made() -> Chunks:
    names = Names([DOCUMENT + text for text in TEXTS])
    return Chunks(names, words_named("whitespace"), Boundaries())


@pytest.mark.parametrize("step", [1, 1 << 20])
def test_words_belong_to_their_chunk(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STEP", step)
    chunks = made()
    assert chunks.count == len(TEXTS)
    assert chunks.words_per_chunk.tolist() == [len(text.split()) for text in TEXTS]
    named = [chunks.names[n] for block in chunks._blocks for n in block.names.tolist()]
    assert [name.strip(DOCUMENT) for name in named] == " ".join(TEXTS).split()
    assert (len(chunks._blocks) == 1) == (step > 1)


@pytest.mark.parametrize("step", [1, 1 << 20])
@pytest.mark.parametrize("name", ["byte-level", "wordpiece"])
def test_tokens_are_those_of_each_chunk_alone(
    name: str, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEP", step)
    tokenizer = load_known(name)
    found = made().encode(tokenizer, derive_cut(tokenizer))
    alone = [tokenizer.backend.encode(text, add_special_tokens=False).ids for text in TEXTS]
    ids = np.concatenate([block.ids for block in found.blocks])
    assert ids.tolist() == [token for each in alone for token in each]
    assert found.lengths.tolist() == [len(ids) for ids in alone]
    assert np.all(found.word_tokens <= np.array(found.lengths))

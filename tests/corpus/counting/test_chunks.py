"""Words of chunks, and the tokens of chunks and words."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies

from tests.conftest import load_known
from tokstat.corpus.counting import chunks as module
from tokstat.corpus.counting.chunks import Chunks, _first_and_after, _tallied
from tokstat.corpus.counting.distinct_pieces import Names
from tokstat.corpus.counting.encoded import Encoded
from tokstat.corpus.counting.occurrences import Occurrences
from tokstat.corpus.counting.word_definitions import Spans, words_named
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


PLACES = strategies.lists(strategies.integers(0, 40), max_size=20)


@settings(max_examples=500, deadline=None)
@given(starts=PLACES, sizes=PLACES, bounds=PLACES, is_apart=strategies.booleans())
@example(starts=[], sizes=[], bounds=[1, 2], is_apart=True)
@example(starts=[5], sizes=[2], bounds=[1, 2, 9, 10], is_apart=True)
def test_tokens_of_words_are_those_that_overlap(
    starts: list[int], sizes: list[int], bounds: list[int], is_apart: bool
) -> None:
    spans = [(start, start + size) for start, size in zip(sorted(starts), sizes, strict=False)]
    if is_apart:
        stops = [start for start, _ in spans[1:]]
        spans[:-1] = [(low, min(end, stop)) for (low, end), stop in zip(spans, stops, strict=False)]
    own = np.array(spans, np.int64).reshape(-1, 2)
    tokens = Encoded(np.zeros(len(own), np.int32), own[:, 0], own[:, 1], np.array([0, len(own)]))
    edges = sorted(set(bounds))
    words = Spans(np.array(edges[:-1:2], np.int32), np.array(edges[1::2], np.int32))
    first, after = _first_and_after(tokens, words)
    assert first.tolist() == [sum(end <= low for _, end in spans) for low in words.starts.tolist()]
    assert after.tolist() == [sum(low < end for low, _ in spans) for end in words.ends.tolist()]


@given(data=strategies.data())
def test_values_are_counted_for_each_group(data: strategies.DataObject) -> None:
    lengths = data.draw(strategies.lists(strategies.integers(0, 3), min_size=1, max_size=6))
    values = data.draw(
        strategies.lists(strategies.integers(0, 9), min_size=sum(lengths), max_size=sum(lengths))
    )
    pairs = strategies.tuples(strategies.integers(0, len(lengths) - 1), strategies.integers(0, 2))
    given_times = data.draw(
        strategies.dictionaries(pairs, strategies.integers(1, 9))
        | strategies.just({(row, 0): row + 1 for row in range(len(lengths))})
    )
    rows = sorted(given_times)
    chunks, cells = (np.array([row[n] for row in rows], np.int32) for n in (0, 1))
    times = np.array([given_times[row] for row in rows], np.int64)
    found = _tallied(
        np.array(values, np.int32),
        np.array(lengths, np.int32),
        Occurrences(cells, chunks, times),
        10,
    )
    expected: Counter[int] = Counter()
    for (chunk, cell), count in given_times.items():
        first = sum(lengths[:chunk])
        for value in values[first : first + lengths[chunk]]:
            expected[cell * 10 + value] += count
    assert dict(zip(found.keys.tolist(), found.times.tolist(), strict=True)) == expected

"""BPE, replayed against the library on merges drawn at random."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models

from tokstat.errors import EncodingError
from tokstat.splitting.replay.bpe import BPEModel

LETTERS = "abc"


@st.composite
def drawn(draw: st.DrawFn) -> tuple[models.BPE, BPEModel]:
    """Draw a model: letters that it knows, merges of what there is, and every setting."""
    continuation = draw(st.sampled_from(["", "##"]))
    end = draw(st.sampled_from(["", "</w>"]))
    known = draw(st.sampled_from(["abc", "ab"]))
    tokens = ["<unk>", *(f"<0x{byte:02X}>" for byte in (*b"c", *"é".encode()))]
    letters = [
        start + letter + stop
        for letter in known
        for start in dict.fromkeys(("", continuation))
        for stop in dict.fromkeys(("", end))
    ]
    tokens += letters
    merges = []
    for _ in range(draw(st.integers(0, 8))):
        left, right = draw(st.sampled_from(tokens[4:])), draw(st.sampled_from(tokens[4:]))
        if continuation and not right.startswith(continuation):
            continue
        joined = left + right[len(continuation) :]
        merges.append((left, right))
        if joined not in tokens:
            tokens.append(joined)
    vocabulary = {token: number for number, token in enumerate(tokens)}
    unknown = draw(st.sampled_from([None, "<unk>"]))
    fuses, falls_back, ignores = (draw(st.booleans()) for _ in range(3))
    library = models.BPE(
        vocabulary,
        merges,
        **({} if unknown is None else {"unk_token": unknown}),
        continuing_subword_prefix=continuation,
        end_of_word_suffix=end,
        fuse_unk=fuses,
        byte_fallback=falls_back,
        ignore_merges=ignores,
    )
    replayed = BPEModel(vocabulary, merges, unknown, continuation, end, fuses, falls_back, ignores)
    return library, replayed


@given(drawn(), st.text(LETTERS + "é", min_size=1, max_size=12))
def test_it_splits_as_the_library(both: tuple[models.BPE, BPEModel], piece: str) -> None:
    library, replayed = both
    trace = replayed.trace(piece)
    assert list(trace.ids) == [token.id for token in library.tokenize(piece)]
    states = [trace.first, *trace.states()]
    assert len(states) == len(trace.merges) + 1
    assert states[-1] == trace.tokens
    for merge, (before, after) in zip(trace.merges, pairwise(states), strict=True):
        assert (merge.left, merge.right) in [*pairwise(before)]
        assert merge.joined in after
        assert replayed.merges[merge.rank] == (merge.left, merge.right)


def test_of_equal_ranks_the_leftmost_is_merged_first() -> None:
    model = BPEModel({"a": 0, "b": 1, "aa": 2}, [("a", "a")])
    trace = model.trace("aaaba")
    assert [merge.start for merge in trace.merges] == [0]
    assert trace.tokens == ("aa", "a", "b", "a")


def test_of_a_merge_that_is_listed_twice_the_later_rank_counts() -> None:
    vocabulary = {"a": 0, "b": 1, "c": 2, "ab": 3, "bc": 4}
    merges = [("a", "b"), ("b", "c"), ("a", "b")]
    assert BPEModel(vocabulary, merges).trace("abc").tokens == ("a", "bc")
    assert [token.id for token in models.BPE(vocabulary, merges).tokenize("abc")] == [0, 4]


def test_a_long_piece_takes_time_in_proportion() -> None:
    model = BPEModel({"a" * 2**power: power for power in range(10)}, _doubling(9))
    start = time.process_time()
    trace = model.trace("a" * 100_000)
    assert len(trace.merges) == 100_000 - len(trace.tokens)
    assert time.process_time() - start < 10


def _doubling(powers: int) -> list[tuple[str, str]]:
    return [("a" * 2**power, "a" * 2**power) for power in range(powers)]


def test_an_unknown_token_that_the_vocabulary_lacks_is_refused() -> None:
    with pytest.raises(EncodingError, match="'<unk>'"):
        BPEModel({"a": 0}, [], unknown="<unk>").trace("b")

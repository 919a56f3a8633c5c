"""Places where a pre-tokenizer always splits."""

from __future__ import annotations

from typing import Any

import pytest
import tokenizers
from tokenizers import Regex, models, pre_tokenizers

from tokstat.corpus.safe_cuts.boundaries import PAIRS, WHITE_BOUNDARIES, Boundaries
from tokstat.corpus.safe_cuts.normalizers import read_normalizer
from tokstat.corpus.safe_cuts.pre_tokenizers import Split, follow
from tokstat.corpus.safe_cuts.refusal import UnsafeError
from tokstat.tokenizer.decoding import components

ALL = Boundaries(frozenset(WHITE_BOUNDARIES), frozenset(PAIRS))


def split_of(*steps: Any) -> Split:
    backend = tokenizers.Tokenizer(models.BPE())
    if steps:
        backend.pre_tokenizer = pre_tokenizers.Sequence(list(steps))
    return follow(ALL, components(backend, "pre_tokenizer"), read_normalizer(backend))


def test_without_one_nothing_is_split_and_all_stays_open() -> None:
    found = split_of()
    assert (found.split.white, found.split.pairs) == (frozenset(), frozenset())
    assert found.open == ALL
    assert (found.prefixes, found.divided) == (False, False)


def test_white_space_is_always_split() -> None:
    found = split_of(pre_tokenizers.WhitespaceSplit())
    assert found.split.white == ALL.white
    assert found.split.pairs == frozenset()
    assert found.divided


def test_digits_and_punctuation_split_inside_words() -> None:
    digits = split_of(pre_tokenizers.Digits()).split.pairs
    assert digits == {pair for pair in PAIRS if "number" in pair}
    marks = split_of(pre_tokenizers.Punctuation()).split.pairs
    assert marks == {pair for pair in PAIRS if "punctuation" in pair}


@pytest.mark.parametrize("adds", [True, False])
def test_a_byte_level_one_splits_before_single_spaces(adds: bool) -> None:
    found = split_of(pre_tokenizers.ByteLevel(add_prefix_space=adds))
    assert "space" in found.split.white
    assert found.prefixes == adds


@pytest.mark.parametrize(
    "steps",
    [
        [pre_tokenizers.Punctuation("merged_with_previous")],
        [pre_tokenizers.Digits(), pre_tokenizers.ByteLevel(add_prefix_space=True)],
        [pre_tokenizers.Split(Regex(r"(?<=a)b"), "isolated")],
        [pre_tokenizers.CharDelimiterSplit("x")],
    ],
    ids=["merged punctuation", "a space before every piece", "looks behind", "unknown"],
)
def test_what_is_not_known_to_be_safe_is_refused(steps: list[Any]) -> None:
    with pytest.raises(UnsafeError):
        split_of(*steps)

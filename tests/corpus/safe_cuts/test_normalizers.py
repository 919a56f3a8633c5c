"""Facts about normalizers, and the cuts that they leave."""

from __future__ import annotations

from typing import Any

import pytest
import tokenizers
from tokenizers import Regex, models, normalizers

from tokstat.corpus.safe_cuts.boundaries import PAIRS, WHITE_BOUNDARIES, Boundaries
from tokstat.corpus.safe_cuts.normalizers import read_normalizer, restrict
from tokstat.corpus.safe_cuts.refusal import UnsafeError

ALL = Boundaries(frozenset(WHITE_BOUNDARIES), frozenset(PAIRS))


def backend(*steps: Any) -> tokenizers.Tokenizer:
    made = tokenizers.Tokenizer(models.BPE())
    if steps:
        made.normalizer = normalizers.Sequence(list(steps))
    return made


def test_facts() -> None:
    plain = read_normalizer(backend())
    assert (plain.parts, plain.space, plain.prepends, plain.changes_letters) == (
        (),
        " ",
        False,
        False,
    )
    llama = read_normalizer(backend(normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")))
    assert (llama.space, llama.prepends, llama.changes_letters) == ("▁", True, False)
    uncased = read_normalizer(backend(normalizers.BertNormalizer()))
    assert (uncased.adds_spaces, uncased.drops_marks, uncased("É")) == (True, True, "e")


@pytest.mark.parametrize(
    ("step", "pairs"), [(normalizers.NFC(), True), (normalizers.NFD(), False)], ids=["NFC", "NFD"]
)
def test_marks_leave_no_cut_inside_words(step: Any, pairs: bool) -> None:
    left = restrict(ALL, read_normalizer(backend(step)))
    assert left.white == ALL.white
    assert bool(left.pairs) == pairs


def test_stripping_at_the_end_leaves_cuts_before_single_spaces() -> None:
    left = restrict(ALL, read_normalizer(backend(normalizers.Strip(left=False))))
    assert left.white == {"space"}
    with pytest.raises(UnsafeError):
        restrict(ALL, read_normalizer(backend(normalizers.Strip(right=False))))


@pytest.mark.parametrize("step", [normalizers.Replace(" ", ""), normalizers.Replace("a", "b")])
def test_what_changes_spaces_or_letters_is_refused(step: Any) -> None:
    with pytest.raises(UnsafeError):
        read_normalizer(backend(step))


def test_a_pattern_of_several_spaces_keeps_cuts_at_one() -> None:
    left = restrict(ALL, read_normalizer(backend(normalizers.Replace(Regex(" {2,}"), " "))))
    assert "space" in left.white
    assert "last_space" not in left.white

"""Causes keep what undoes them: the part, its place, and the merges."""

from __future__ import annotations

from tokstat.splitting import causes
from tokstat.splitting.forms import Form

TIGER = Form("tiger", "tiger", 7)


def test_a_merge_is_shown_with_its_rank() -> None:
    assert str(causes.Merge(1234, "t", "iger")) == "merge 1,234 `t iger`"


def test_causes_keep_their_part_and_its_place() -> None:
    found = [
        causes.added_token("er", 5),
        causes.normalizer("NFD", 2, "é", "e", None),
        causes.spacing("Replace", 1, "axb"),
        causes.pre_tokenizer("Split", 3, "l", "'"),
    ]
    assert [(each.kind, each.part, each.number) for each in found] == [
        ("added_token", "er", -1),
        ("normalizer", "NFD", 2),
        ("normalizer", "Replace", 1),
        ("pre_tokenizer", "Split", 3),
    ]


def test_sentences_state_ids_scores_and_lengths() -> None:
    assert "`tiger` (7)" in causes.no_merges(TIGER, ("t", "iger")).sentence
    path = causes.better_path(TIGER, -9, ("tig", "er"), -2.5)
    assert "-2.50" in path.sentence
    assert "-9.00" in path.sentence
    assert "1,001" in causes.too_long(1001, 100).remedy


def test_the_merges_of_a_cause_keep_their_order() -> None:
    merges = (("g", "e"), ("ge", "r"))
    first, needed = causes.Merge(0, "t", "i"), causes.Merge(3, "t", "iger")
    assert causes.merge_order(TIGER, first, needed, merges).merges == merges

"""Edits count what they keep, and one after the other is one edit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.conftest import load_known
from tokstat.editing.edit import NEW, Edit


def test_nothing_keeps_everything() -> None:
    tokenizer = load_known("wordpiece")
    edit = Edit.nothing(tokenizer)
    size = len(tokenizer.vocabulary)
    assert (edit.before, edit.kept, edit.new, edit.removed) == (size, size, 0, 0)


def test_two_edits_are_one_from_the_first_vocabulary_to_the_last() -> None:
    tokenizer = load_known("wordpiece")
    none = Edit.nothing(tokenizer)
    new = NEW
    first = replace(none, before=5, sources=np.array([4, 2, new, 0]), renamed=frozenset({1}))
    second = replace(none, before=4, sources=np.array([3, 1, 2, new]), added=("word",))
    both = first.then(second)
    assert both.before == 5
    assert both.sources.tolist() == [0, 2, new, new]
    assert (both.kept, both.removed) == (2, 3)
    assert both.added == ("word",)

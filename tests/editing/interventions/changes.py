"""What a change made of a tokenizer, read from outside."""

from __future__ import annotations

from functools import cache

import numpy as np
from tokenizers import normalizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.editing.edit import NEW, Edit
from tokstat.tokenizer.tokenizer import Tokenizer

EDITABLE = [kind for kind in SMALL if kind != "continuation"]

LOWER = normalizers.Lowercase()

TEXT = "The tiger crossed the River, and TIGERS (e-mail: naïve café) slept. Привет!"


@cache
def make(kind: str) -> Tokenizer:
    return wrap(SMALL[kind](), kind)


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    found: list[str] = tokenizer.backend.encode(text, add_special_tokens=False).tokens
    return found


def ids(tokenizer: Tokenizer, text: str) -> list[int]:
    found: list[int] = tokenizer.backend.encode(text, add_special_tokens=False).ids
    return found


def kept_surfaces(before: Tokenizer, edit: Edit) -> list[tuple[bytes, bytes]]:
    """Pair what the kept tokens stood for with what they stand for."""
    old, new = before.vocabulary, edit.tokenizer.vocabulary
    rows = np.searchsorted(old.ids, edit.sources).tolist()
    return [
        (old.surface(row), new.surface(index))
        for index, row in enumerate(rows)
        if edit.sources[index] != NEW
    ]


def changed_ids(before: Tokenizer, edit: Edit) -> frozenset[int]:
    """New ids of the kept tokens that do not stand for the same bytes any more."""
    kept = np.flatnonzero(edit.sources != NEW).tolist()
    pairs = zip(kept, kept_surfaces(before, edit), strict=True)
    return frozenset(index for index, (was, is_) in pairs if was != is_)


def texts_of(tokenizer: Tokenizer) -> list[tuple[bool, str]]:
    """Texts of the content tokens of the model, with whether they carry the boundary."""
    vocabulary = tokenizer.vocabulary
    rows = np.flatnonzero(vocabulary.content & (vocabulary.ranks >= 0)).tolist()
    return [(bool(vocabulary.starts_word[row]), vocabulary.texts[row] or "") for row in rows]

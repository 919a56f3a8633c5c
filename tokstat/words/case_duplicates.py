"""Duplicates by case."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.vocabulary import Vocabulary


def cased_twins(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return the rows of the duplicates by case, in order.

    Tokens that differ only in case form a group. All of a group but its lower-cased token, or else
    its first, are duplicates. An uncased vocabulary keeps exactly the other rows.
    """
    rows = vocabulary.alphabetic_rows
    is_cased = ~vocabulary.properties.lowercase[rows]
    group = 2 * vocabulary.word_codes + vocabulary.starts_word[rows]
    order = np.argsort(2 * group + is_cased, kind="stable")
    again = group[order][1:] == group[order][:-1]
    return np.sort(rows[order[1:][again]])

"""Tokens that stand for one word again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.tokenizer.vocabulary import Vocabulary


def cased_twins(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Rows that repeat another but for case: all but the lower-cased token, or the first, of each.

    An uncased vocabulary keeps exactly the other rows.
    """
    rows = vocabulary.alphabetic_rows
    is_cased = ~vocabulary.properties.lowercase[rows]
    group = 2 * vocabulary.word_codes + vocabulary.starts_word[rows]
    order = np.argsort(2 * group + is_cased, kind="stable")
    again = group[order][1:] == group[order][:-1]
    return np.sort(rows[order[1:][again]])

"""Facts that analyzers share."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tokstat.analyzers.subject import Subject, highest
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


@given(
    arrays.arrays(np.float32, st.integers(0, 40), elements=st.integers(0, 5).map(float)),
    st.integers(1, 50),
)
def test_the_highest_are_those_that_sorting_everything_gives(
    values: np.ndarray[tuple[int], np.dtype[np.float32]], count: int
) -> None:
    expected = sorted(range(len(values)), key=lambda index: (-values[index], index))[:count]
    assert highest(values, count).tolist() == expected


def test_frequencies_agree_by_row_and_by_word(modernbert: Tokenizer, english: Lexicon) -> None:
    subject = Subject(modernbert, english)
    vocabulary = subject.vocabulary
    zipf = english.word_lists[0].zipf
    assert subject.word_frequencies.tolist() == [
        np.float32(zipf.get(word, 0.0)) for word in vocabulary.words
    ]
    assert {word: vocabulary.words[code] for word, code in vocabulary.word_index.items()} == {
        word: word for word in vocabulary.words
    }
    frequent = subject.most_frequent(vocabulary.alphabetic_rows, 3)
    assert {(vocabulary.texts[row] or "").lower() for row in frequent.tolist()} == {"the"}
    assert frequent.tolist() == sorted(frequent.tolist())

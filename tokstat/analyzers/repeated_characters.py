"""Tokens of one repeated character: rulers, separators, dots and dashes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers.registry import MetricType, Result, analyzer
from tokstat.results import Table
from tokstat.subject import Subject
from tokstat.unicode import visible

FEWEST = 3
"""So many at least: `ll` and `ss` are spelling, and `==` is an operator."""

REPEATED = MetricType(
    "repeated_character_tokens",
    "tokens",
    f"content tokens of one character, {FEWEST} times or more, other than white space and digits",
)
LONGEST = MetricType(
    "longest_repetition", "characters", "length of the longest token of one repeated character"
)

_TABLE_ROWS = 20


@analyzer(
    "repeated_characters",
    title="Tokens of one repeated character",
    needs=("content tokens",),
    metrics=(REPEATED, LONGEST),
)
def repeated_characters(subject: Subject) -> Result:
    """Count tokens that are one character over and over, and list the characters.

    Rulers, separators and leaders of the training text. Runs of white space indent and have a
    section of their own; so have numbers.
    """
    vocabulary = subject.vocabulary
    rows = _rows(subject)
    lengths = vocabulary.properties.lengths[rows]
    firsts = vocabulary.properties.firsts[rows]
    characters, tokens = np.unique(firsts, return_counts=True)
    order = np.argsort(-tokens, kind="stable")[:_TABLE_ROWS].tolist()
    longest = [int(lengths[firsts == characters[index]].max()) for index in order]
    return Result(
        metrics=(
            REPEATED.value(len(rows)),
            LONGEST.value(int(lengths.max(initial=0))),
        ),
        tables=(
            Table(
                "characters",
                "Characters with most tokens of their repetition",
                {
                    "character": tuple(visible(chr(characters[index])) for index in order),
                    "tokens": tuple(int(tokens[index]) for index in order),
                    "longest": tuple(longest),
                },
            ),
        ),
    )


def repeats_one_character(text: str) -> bool:
    """Tell whether a text is one character, `FEWEST` times or more."""
    return len(text) >= FEWEST and text[0] == text[-1] and text == text[0] * len(text)


def _rows(subject: Subject) -> NDArray[np.int64]:
    """Rows of the tokens, in the order of ids."""
    vocabulary = subject.vocabulary
    properties = vocabulary.properties
    candidates = vocabulary.content & (properties.lengths >= FEWEST)
    candidates &= ~properties.blank & ~properties.numeric
    texts = vocabulary.texts
    return np.array(
        [
            row
            for row in np.flatnonzero(candidates).tolist()
            if (text := texts[row])
            and text[0] == text[-1] == text[1]
            and text == text[0] * len(text)
        ],
        np.int64,
    )

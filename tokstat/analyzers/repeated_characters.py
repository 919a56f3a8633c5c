"""Tokens of one repeated character: rulers, separators, dots and dashes."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, MetricType, Result, Subject, Table, analyzer
from tokstat.text.visible import visible
from tokstat.tokenizer.vocabulary import Vocabulary

FEWEST = 3
"""Fewest repetitions that count: `ll` and `ss` are spelling, and `==` is an operator."""

REPEATED = MetricType(
    "repeated_character_tokens",
    "tokens",
    f"content tokens of one character {FEWEST} times or more, white space and digits left out",
    source=OWN,
)
LONGEST = MetricType(
    "longest_repetition",
    "characters",
    "length of the longest token of one repeated character",
    source=OWN,
)

_TABLE_ROWS = 20


@analyzer(
    "repeated_characters",
    title="Tokens of one repeated character",
    needs=("content tokens",),
    metrics=(REPEATED, LONGEST),
)
def repeated_characters(subject: Subject) -> Result:
    """Count the tokens of one repeated character, and list the characters.

    They come from rulers, separators and leaders in the training text. Runs of white space and
    numbers have sections of their own.
    """
    vocabulary = subject.vocabulary
    rows = np.flatnonzero(_mask(subject.vocabulary))
    lengths = vocabulary.properties.lengths[rows]
    families: dict[int, list[int]] = defaultdict(list)
    for first, length in zip(
        vocabulary.properties.firsts[rows].tolist(), lengths.tolist(), strict=True
    ):
        families[first].append(length)
    largest = sorted(families.items(), key=lambda family: -len(family[1]))[:_TABLE_ROWS]
    return Result(
        metrics=(
            REPEATED.value(len(rows)),
            LONGEST.value(int(lengths.max(initial=0))),
        ),
        tables=(
            Table(
                "characters",
                "Characters with the most tokens that repeat them",
                {
                    "character": tuple(visible(chr(first)) for first, _ in largest),
                    "tokens": tuple(len(family) for _, family in largest),
                    "longest": tuple(max(family) for _, family in largest),
                },
            ),
        ),
    )


def _mask(vocabulary: Vocabulary) -> NDArray[np.bool_]:
    properties = vocabulary.properties
    return (
        vocabulary.content
        & properties.uniform
        & (properties.lengths >= FEWEST)
        & ~properties.blank
        & ~properties.numeric
    )

"""Tokens that near duplicates take: by case, leading space and plural."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, MetricType, Result, Subject, Table, analyzer
from tokstat.analyzers.subject import highest
from tokstat.words.plurals import plural_pairs
from tokstat.words.word_classes import WORD_CLASSES

PLURAL_DUPLICATES = MetricType(
    "plural_duplicates",
    "words",
    "lower-cased words with a token whose singular has one too; regular English plurals only",
    source=OWN,
)
FAMILY_DUPLICATES = MetricType(
    "family_duplicates",
    "tokens",
    "alphabetic tokens beyond the first of each family (one word up to case, space, plural)",
    "arXiv 2404.06508, with plurals added",
)
FAMILY_DUPLICATE_RATIO = MetricType(
    "family_duplicate_ratio",
    "ratio",
    "alphabetic tokens beyond the first of each family, over content tokens",
    source=OWN,
)

_WHOLE = WORD_CLASSES.index("whole_word")
_EXAMPLES = 6

Pairs = dict[int, int]
"""Maps the index of a plural to that of its singular, both in `Vocabulary.words`."""


@analyzer(
    "redundancy",
    title="Near duplicates by case, leading space and plural",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(PLURAL_DUPLICATES, FAMILY_DUPLICATES, FAMILY_DUPLICATE_RATIO),
)
def redundancy(subject: Subject) -> Result:
    """Count the tokens that near duplicates take: by case, then leading space, then plural.

    The three counts add up to the total. Tokens that differ only in case come first. Then come
    those left that differ only in the leading space, and then plurals left beside their singular.
    Plurals are found by spelling and frequency (see `tokstat.words.plurals`), for English only, and
    both forms must be whole words. Not all duplicates are waste: models whose near duplicates were
    merged did worse (arXiv 2404.06508).
    """
    vocabulary = subject.vocabulary
    content, alphabetic = int(vocabulary.content.sum()), len(vocabulary.alphabetic_rows)
    english = subject.lexicon.languages == ("en",)
    pairs = _plural_pairs(subject) if english else {}
    by_case = len(subject.cased_twins)
    by_space = alphabetic - by_case - len(vocabulary.words)
    every = by_case + by_space + len(pairs)
    scope = None if english else "case and leading space only: plurals are known for English only"
    slots = {"case": by_case, "space": by_space, "plural": len(pairs), "all": every}
    examples = (*_case_and_space_examples(subject), _plural_examples(subject, pairs), "")
    return Result(
        metrics=(
            PLURAL_DUPLICATES.value(len(pairs) if english else None),
            FAMILY_DUPLICATES.value(every, scope),
            FAMILY_DUPLICATE_RATIO.ratio(every, content, scope),
        ),
        tables=(
            Table(
                "axes",
                "Tokens that near duplicates take, by difference",
                {
                    "axis": tuple(slots),
                    "slots": tuple(slots.values()),
                    "of_content": tuple(round(cost / content, 4) for cost in slots.values()),
                    "examples": examples,
                },
            ),
        ),
    )


def _plural_pairs(subject: Subject) -> Pairs:
    """Find the plurals among the words that some token spells whole."""
    vocabulary = subject.vocabulary
    rows, lasts = vocabulary.alphabetic_rows, vocabulary.properties.lasts
    is_whole = np.zeros(len(vocabulary.words), np.bool_)
    is_whole[vocabulary.word_codes[subject.word_classes[rows] == _WHOLE]] = True
    ends_in_s = np.zeros(len(vocabulary.words), np.bool_)
    ends_in_s[vocabulary.word_codes[(lasts[rows] == ord("s")) | (lasts[rows] == ord("S"))]] = True
    frequencies = (subject.word_frequencies * is_whole).tolist()
    index = vocabulary.word_index

    def frequency(word: str) -> float:
        code = index.get(word)
        return 0.0 if code is None else frequencies[code]

    candidates = np.flatnonzero(is_whole & ends_in_s).tolist()
    pairs = plural_pairs([vocabulary.words[code] for code in candidates], frequency)
    return {index[plural]: index[singular] for plural, singular in pairs.items()}


def _case_and_space_examples(subject: Subject) -> tuple[str, str]:
    """Show the most frequent words that have duplicates by case, and by leading space."""
    vocabulary = subject.vocabulary
    codes, starts = vocabulary.word_codes, vocabulary.starts_word[vocabulary.alphabetic_rows]
    sides = np.zeros((2, len(vocabulary.words)), np.int64)
    for side, of_side in enumerate((~starts, starts)):
        sides[side] = np.bincount(codes[of_side], minlength=len(vocabulary.words))
    cased = _most_frequent(subject, np.flatnonzero(sides[1] > 1))
    spaced = _most_frequent(subject, np.flatnonzero((sides > 0).all(axis=0)))
    lower = vocabulary.properties.lowercase[vocabulary.alphabetic_rows]
    return (
        " ".join(_members(subject, (codes == code) & starts) for code in cased),
        " ".join(_members(subject, (codes == code) & lower) for code in spaced),
    )


def _plural_examples(subject: Subject, pairs: Pairs) -> str:
    words = subject.vocabulary.words
    chosen = _most_frequent(subject, np.fromiter(pairs, np.int64, len(pairs)))
    return " ".join(f"{words[pairs[code]]}|{words[code]}" for code in chosen)


def _most_frequent(subject: Subject, codes: NDArray[np.int64]) -> list[int]:
    best = codes[highest(subject.word_frequencies[codes], _EXAMPLES)]
    return [int(code) for code in best]


def _members(subject: Subject, chosen: NDArray[np.bool_]) -> str:
    rows = subject.vocabulary.alphabetic_rows[chosen]
    return "|".join(subject.vocabulary.displays(rows))

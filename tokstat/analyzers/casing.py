"""Tokens that duplicate a word by case, by leading space, or by both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import (
    OWN,
    Finding,
    Metric,
    MetricType,
    Result,
    Rule,
    Subject,
    Table,
    analyzer,
)
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.vocabulary import Vocabulary

CASING_DUPLICATES = MetricType(
    "casing_duplicates",
    "tokens",
    "alphabetic tokens beyond the first of each (word boundary, lower-cased text)",
    OWN,
)
CASING_DUPLICATE_RATIO = MetricType(
    "casing_duplicate_ratio",
    "ratio",
    "alphabetic tokens that differ from another only by case, over content tokens",
    OWN,
)
SPACE_DUPLICATES = MetricType(
    "space_duplicates",
    "tokens",
    "alphabetic texts that have a token with the word boundary and one without",
    OWN,
)
NEAR_DUPLICATES = MetricType(
    "near_duplicates",
    "tokens",
    "alphabetic tokens beyond the first of each lower-cased text (by case, leading space or both)",
    "arXiv 2404.06508",
)

MANY = 0.05

DUPLICATES = Rule(
    "TS301",
    "info",
    "Duplicates by case",
    "Each duplicate takes an id and an embedding row for a word that another token spells too. "
    "Not all of it is waste, as the tokens differ in use: language models whose near duplicates "
    "were merged did worse (arXiv 2404.06508).",
    "Merge the duplicates only for tasks without case: `tokstat repair SPEC --decase -o FOLDER`. "
    "Otherwise leave them.",
    f"arXiv 2404.06508; tokstat's own threshold, {MANY:.0%} of the content tokens",
)

_TABLE_ROWS = 20
_SHORT = 4
"""Words with fewer letters are short."""


@analyzer(
    "casing",
    title="Duplicates by case and leading space",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(CASING_DUPLICATES, CASING_DUPLICATE_RATIO, SPACE_DUPLICATES, NEAR_DUPLICATES),
    rules=(DUPLICATES,),
)
def casing(subject: Subject) -> Result:
    """Count the tokens that differ from another only by case or by the word boundary.

    `str.lower` folds the case of the decoded text. Stored tokens are not folded: the letters of
    their byte alphabet have a case of their own. Near duplicates include the other two kinds
    (Schäfer et al. 2024, arXiv 2404.06508).
    """
    vocabulary = subject.vocabulary
    duplicates = subject.cased_twins
    content = int(vocabulary.content.sum())
    near_duplicates = len(vocabulary.alphabetic_rows) - len(vocabulary.words)
    return Result(
        metrics=(
            CASING_DUPLICATES.value(len(duplicates)),
            casing_duplicate_ratio(subject),
            SPACE_DUPLICATES.value(_space_duplicates(vocabulary)),
            NEAR_DUPLICATES.value(near_duplicates),
        ),
        tables=(_largest_families(subject),),
        findings=tuple(_findings(vocabulary, duplicates, content)),
    )


def casing_duplicate_ratio(subject: Subject) -> Metric:
    """Count the duplicates by case, over the content tokens."""
    content = int(subject.vocabulary.content.sum())
    return CASING_DUPLICATE_RATIO.ratio(len(subject.cased_twins), content)


def _space_duplicates(vocabulary: Vocabulary) -> int:
    rows, codes = vocabulary.alphabetic_rows, vocabulary.word_codes
    starts, lower = vocabulary.starts_word[rows], vocabulary.properties.lowercase[rows]

    def on_both_sides(some: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return a mask of the words that have tokens with the boundary and without."""
        has_word = np.zeros((2, len(vocabulary.words)), np.bool_)
        has_word[0, codes[some & starts]] = has_word[1, codes[some & ~starts]] = True
        both: NDArray[np.bool_] = has_word[0] & has_word[1]
        return both

    # A lower-cased token's word is its text. Other texts need a word that is on both sides.
    candidates = ~lower & on_both_sides(~lower)[codes]
    with_boundary = {vocabulary.texts[row] for row in rows[candidates & starts].tolist()}
    without = (vocabulary.texts[row] for row in rows[candidates & ~starts].tolist())
    return int(on_both_sides(lower).sum()) + len(with_boundary.intersection(without))


def _largest_families(subject: Subject) -> Table:
    """List the words with the most tokens; of equals, the most frequent come first.

    Short strings have most tokens, as abbreviations of many things, and come last.
    """
    vocabulary = subject.vocabulary
    rows, codes = vocabulary.alphabetic_rows, vocabulary.word_codes
    sizes = np.bincount(codes, minlength=len(vocabulary.words))
    lengths = np.fromiter(map(len, vocabulary.words), np.int64, len(vocabulary.words))
    keys = (-subject.word_frequencies, -sizes, lengths < _SHORT, sizes < 2)
    order = np.lexsort(keys)[:_TABLE_ROWS].tolist()
    largest = [
        word for word in order if sizes[word] > 1 and subject.may_show(vocabulary.words[word])
    ]
    members = [rows[np.flatnonzero(codes == word)] for word in largest]
    return Table(
        "duplicate_families",
        "Words with the most tokens, short ones last",
        {
            "word": tuple(vocabulary.words[word] for word in largest),
            "tokens": tuple(len(family) for family in members),
            "members": tuple("|".join(vocabulary.displays(family)) for family in members),
        },
    )


def _findings(vocabulary: Vocabulary, duplicates: NDArray[np.int64], content: int) -> list[Finding]:
    count = len(duplicates)
    if count < MANY * content:
        return []
    message = (
        f"{count:,} of {counted(content, 'content token')} ({count / content:.1%}) "
        f"{agreed(count, 'spells', 'spell')} a word that another token spells in another case."
    )
    return [DUPLICATES.found(message, vocabulary.ids[duplicates].tolist())]

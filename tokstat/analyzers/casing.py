"""Slots that hold one word more than once: by case, by blank, or both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
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
    "alphabetic tokens that repeat another but for case, over content tokens",
    OWN,
)
SPACE_DUPLICATES = MetricType(
    "space_duplicates",
    "tokens",
    "alphabetic texts that exist both with and without the word boundary",
    OWN,
)
NEAR_DUPLICATES = MetricType(
    "near_duplicates",
    "tokens",
    "alphabetic tokens beyond the first of each lower-cased text (case, blank or both)",
    "arXiv 2404.06508",
)

MANY = 0.05

CASED_TWINS = Rule(
    "TS301",
    "info",
    "Slots that hold a word again in another case",
    "Each takes a slot, and an embedding of its own, for a word that another token spells too. "
    "That is not pure waste: language models whose near duplicates were merged did worse (arXiv "
    "2404.06508), as the tokens differ in use.",
    "For uncased tasks, lower-case the vocabulary and merge the twins; otherwise leave them.",
    f"arXiv 2404.06508; tokstat's own threshold, {MANY:.0%} of the content tokens",
)

_TABLE_ROWS = 20


@analyzer(
    "casing",
    title="Casing and space duplicates",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(CASING_DUPLICATES, CASING_DUPLICATE_RATIO, SPACE_DUPLICATES, NEAR_DUPLICATES),
    rules=(CASED_TWINS,),
)
def casing(subject: Subject) -> Result:
    """Count the tokens that repeat another but for case or the word boundary.

    Case is folded on the decoded text with `str.lower`, never on stored tokens, whose byte
    alphabet has cases of its own. Near duplicates include the other two (Schäfer et al. 2024,
    arXiv 2404.06508).
    """
    vocabulary = subject.vocabulary
    twins = subject.cased_twins
    content = int(vocabulary.content.sum())
    near_duplicates = len(vocabulary.alphabetic_rows) - len(vocabulary.words)
    return Result(
        metrics=(
            CASING_DUPLICATES.value(len(twins)),
            CASING_DUPLICATE_RATIO.ratio(len(twins), content),
            SPACE_DUPLICATES.value(_space_duplicates(vocabulary)),
            NEAR_DUPLICATES.value(near_duplicates),
        ),
        tables=(_largest_families(subject),),
        findings=tuple(_findings(vocabulary, twins, content)),
    )


def _space_duplicates(vocabulary: Vocabulary) -> int:
    rows, codes = vocabulary.alphabetic_rows, vocabulary.word_codes
    starts, lower = vocabulary.starts_word[rows], vocabulary.properties.lowercase[rows]

    def on_both_sides(some: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mask of the words that some tokens spell with the boundary, and others without."""
        has_word = np.zeros((2, len(vocabulary.words)), np.bool_)
        has_word[0, codes[some & starts]] = has_word[1, codes[some & ~starts]] = True
        both: NDArray[np.bool_] = has_word[0] & has_word[1]
        return both

    # In lower case the word is the text. Of the others only words on both sides can have one.
    candidates = ~lower & on_both_sides(~lower)[codes]
    with_boundary = {vocabulary.texts[row] for row in rows[candidates & starts].tolist()}
    without = (vocabulary.texts[row] for row in rows[candidates & ~starts].tolist())
    return int(on_both_sides(lower).sum()) + len(with_boundary.intersection(without))


def _largest_families(subject: Subject) -> Table:
    """List the words with most tokens, the most frequent ones first among equals."""
    vocabulary = subject.vocabulary
    rows, codes = vocabulary.alphabetic_rows, vocabulary.word_codes
    sizes = np.bincount(codes, minlength=len(vocabulary.words))
    order = np.lexsort((-subject.word_frequencies, -sizes))[:_TABLE_ROWS]
    largest = [int(word) for word in order if sizes[word] > 1]
    members = [rows[np.flatnonzero(codes == word)] for word in largest]
    return Table(
        "duplicate_families",
        "Largest families of one word in several tokens",
        {
            "word": tuple(vocabulary.words[word] for word in largest),
            "tokens": tuple(len(family) for family in members),
            "members": tuple("|".join(vocabulary.displays(family)) for family in members),
        },
    )


def _findings(vocabulary: Vocabulary, twins: NDArray[np.int64], content: int) -> list[Finding]:
    if len(twins) < MANY * content:
        return []
    message = (
        f"{len(twins):,} of {content:,} content tokens ({len(twins) / content:.1%}) spell a word "
        "that another token spells in another case."
    )
    return [CASED_TWINS.found(message, vocabulary.ids[twins].tolist())]

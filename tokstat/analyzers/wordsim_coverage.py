"""How many words of the word-similarity sets are one token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tokstat.analyzers import MetricType, Result, Subject, Table, analyzer
from tokstat.tokenizer.single_words import single_token_words
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.store import load_sets

_SOURCE = "single-token retention rate, arXiv 2510.09947"

COVERAGE_BARE = MetricType(
    "wordsim_coverage_bare",
    "ratio",
    "distinct words of the word-similarity sets that are one token alone",
    _SOURCE,
)
COVERAGE_SPACED = MetricType(
    "wordsim_coverage_spaced",
    "ratio",
    "distinct words of the word-similarity sets that are one token in text",
    _SOURCE,
)


@analyzer(
    "wordsim_coverage",
    title="Single-token coverage of word-similarity sets",
    metrics=(COVERAGE_BARE, COVERAGE_SPACED),
)
def wordsim_coverage(subject: Subject) -> Result:
    """Encode the distinct words of the word-similarity sets, alone and in text.

    The metrics cover the seven sets of WordSim if all their files are present, otherwise the
    packaged sets; their scope names the sets. `tokstat data fetch` downloads the seven.
    """
    seven, missing = load_sets(WORDSIM_SETS)
    packaged, _ = load_sets(PACKAGED_SETS)
    whole = packaged if missing else seven
    words = sorted({word for each in (*seven, *packaged) for word in each.words})
    rows = {word: row for row, word in enumerate(words)}
    bare = single_token_words(subject.tokenizer, words, "bare")
    spaced = single_token_words(subject.tokenizer, words, "spaced")

    def counts(sets: Sequence[WordSet]) -> tuple[int, int, int]:
        chosen = np.array(sorted({rows[word] for each in sets for word in each.words}))
        return len(chosen), int(bare[chosen].sum()), int(spaced[chosen].sum())

    total, one_bare, one_spaced = counts(whole)
    scope = ", ".join(each.source.name for each in whole)
    each_set = [(each.source.name, *counts([each])) for each in (*seven, *packaged)]
    columns = zip(*each_set, strict=True)
    return Result(
        metrics=(
            COVERAGE_BARE.ratio(one_bare, total, scope),
            COVERAGE_SPACED.ratio(one_spaced, total, scope),
        ),
        tables=(
            Table(
                "sets",
                "Words that are one token, by set",
                dict(zip(("set", "words", "bare", "spaced"), columns, strict=True)),
            ),
        ),
    )

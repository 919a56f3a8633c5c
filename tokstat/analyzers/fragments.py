"""Pieces of words that mean nothing by themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers.registry import MetricType, Result, Rule, analyzer
from tokstat.results import Table
from tokstat.subject import Subject

IN_SCRIPT = MetricType(
    "in_script_tokens",
    "tokens",
    "alphabetic tokens in the scripts that the lexicon's languages are written in",
)
FRAGMENT_RATIO = MetricType(
    "fragment_ratio",
    "ratio",
    "pieces of two letters or more that are no word and no affix, over in-script tokens",
)

MANY_FRAGMENTS = Rule(
    "TS401",
    "info",
    "Many tokens are pieces of words",
    "A piece that belongs to many unrelated words has no meaning that a static embedding could "
    "hold. Names, rare words, code and words of other languages in the same script count as pieces "
    "too: the lexicon does not know them.",
    "If the text is in other languages too, name them all (--lang en,de,fr or --lang auto) before "
    "you judge; then look at the coverage of the words that you care about.",
)

MANY = 0.25
_TABLE_ROWS = 20


@analyzer(
    "fragments",
    title="Fragments",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(IN_SCRIPT, FRAGMENT_RATIO),
    rules=(MANY_FRAGMENTS,),
)
def fragments(subject: Subject) -> Result:
    """Count the tokens that are pieces of words without being a word or an affix.

    Only alphabetic tokens in the scripts of the lexicon's languages are judged: a token of another
    script is no fragment for that. A natural affix is a productive one, learned from the lexicon
    (see `tokstat.affixes`).
    """
    vocabulary = subject.vocabulary
    rows = subject.rows_of_class("fragment")
    others = len(subject.rows_of_class("other_script"))
    in_script = int(vocabulary.alphabetic.sum()) - others
    ratio = FRAGMENT_RATIO.ratio(len(rows), in_script, scope=", ".join(subject.lexicon.languages))
    findings = []
    if ratio.value is not None and ratio.value >= MANY:
        findings.append(
            MANY_FRAGMENTS.found(
                f"{ratio.value:.1%} of the alphabetic tokens in the lexicon's scripts are pieces "
                f"of words ({ratio.numerator:,} of {ratio.denominator:,}).",
                vocabulary.ids[rows].tolist(),
            )
        )
    return Result(
        metrics=(IN_SCRIPT.value(in_script), ratio),
        tables=(_longest(subject, rows), _affixes(subject)),
        findings=tuple(findings),
    )


def _longest(subject: Subject, rows: NDArray[np.int64]) -> Table:
    lengths = subject.vocabulary.properties.lengths[rows]
    longest = rows[np.argsort(-lengths, kind="stable")[:_TABLE_ROWS]]
    return Table(
        "longest_fragments",
        "Fragments with the longest text",
        {
            "token": tuple(subject.vocabulary.displays(longest)),
            "id": tuple(subject.vocabulary.ids[longest].tolist()),
            "characters": tuple(subject.vocabulary.properties.lengths[longest].tolist()),
        },
    )


def _affixes(subject: Subject) -> Table:
    rows = subject.rows_of_class("affix")
    return Table(
        "affixes",
        "Tokens that are a productive affix",
        {
            "token": tuple(subject.vocabulary.displays(rows)),
            "id": tuple(subject.vocabulary.ids[rows].tolist()),
        },
    )

"""Fragments: tokens that are neither words nor affixes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.analyzers.subject import evenly_spread
from tokstat.words.lexicon import KNOWN_ZIPF
from tokstat.words.word_classes import in_script_mask

IN_SCRIPT = MetricType(
    "in_script_tokens",
    "tokens",
    "alphabetic tokens in the scripts of the lexicon's languages",
    OWN,
)
FRAGMENT_RATIO = MetricType(
    "fragment_ratio",
    "ratio",
    "tokens of two letters or more that are neither word nor affix, over in-script tokens",
    "tokstat's own definition, with affixes learned as in docs/definitions.md",
)
KNOWN_FRAGMENTS = MetricType(
    "known_fragments",
    "tokens",
    "fragments that the lexicon knows and the vocabulary never has with a word boundary",
    OWN,
)

MANY = 0.25

MANY_FRAGMENTS = Rule(
    "TS401",
    "info",
    "Many tokens are neither words nor affixes",
    "A piece that many unrelated words share has no meaning of its own, so a static embedding "
    "cannot hold one. Names, rare words, identifiers and words of other languages in the same "
    "script count too, because the lexicon does not know them.",
    "Name every language of your text: `tokstat inspect SPEC --lang en,de,fr` (auto takes one "
    "language per script). Then compare the coverage of frequent words.",
    f"tokstat's own threshold, {MANY:.0%} of the in-script tokens",
)

_TABLE_ROWS = 20
_RANK_BANDS = 10


@analyzer(
    "fragments",
    title="Fragments",
    needs=("content tokens", "alphabetic tokens"),
    metrics=(IN_SCRIPT, FRAGMENT_RATIO, KNOWN_FRAGMENTS),
    rules=(MANY_FRAGMENTS,),
)
def fragments(subject: Subject) -> Result:
    """Count the tokens that are neither a word nor an affix.

    Only in-script tokens are classified: alphabetic tokens in the scripts of the lexicon's
    languages. An affix is a productive one, learned from the lexicon (see `tokstat.words.affixes`).
    A known word without the word boundary counts as a word only if the vocabulary also has it with
    the boundary. `known_fragments` counts the others.
    """
    vocabulary = subject.vocabulary
    rows = subject.rows_of_class("fragment")
    in_script = int(in_script_mask(vocabulary, subject.lexicon).sum())
    ratio = FRAGMENT_RATIO.ratio(len(rows), in_script, scope=", ".join(subject.lexicon.languages))
    known = int((subject.row_frequencies[rows] >= KNOWN_ZIPF).sum())
    findings = []
    if ratio.value is not None and ratio.value >= MANY:
        findings.append(
            MANY_FRAGMENTS.found(
                f"{ratio.value:.1%} of the in-script tokens are neither words of {ratio.scope} nor "
                f"affixes ({ratio.numerator:,} of {ratio.denominator:,}).",
                vocabulary.ids[rows].tolist(),
            )
        )
    return Result(
        metrics=(IN_SCRIPT.value(in_script), ratio, KNOWN_FRAGMENTS.value(known)),
        tables=(_longest(subject, rows), _by_rank(subject, rows), _affixes(subject)),
        findings=tuple(findings),
    )


def _longest(subject: Subject, rows: NDArray[np.int64]) -> Table:
    lengths = subject.vocabulary.properties.lengths[rows]
    longest = rows[np.argsort(-lengths, kind="stable")[:_TABLE_ROWS]]
    return Table(
        "longest_fragments",
        "Longest fragments",
        {
            "token": tuple(subject.vocabulary.displays(longest)),
            "id": tuple(subject.vocabulary.ids[longest].tolist()),
            "characters": tuple(subject.vocabulary.properties.lengths[longest].tolist()),
        },
    )


def _by_rank(subject: Subject, fragments: NDArray[np.int64]) -> Table:
    """Count in-script tokens and fragments in each tenth of the model's own tokens."""
    vocabulary = subject.vocabulary
    in_script = vocabulary.alphabetic_rows[in_script_mask(vocabulary, subject.lexicon)]
    own = int(vocabulary.ranks.max()) + 1
    edges = evenly_spread(own, _RANK_BANDS + 1)
    tokens, _ = np.histogram(vocabulary.ranks[in_script], edges)
    found, _ = np.histogram(vocabulary.ranks[fragments], edges)
    return Table(
        "rank_bands",
        "Fragments by rank in the vocabulary",
        {
            "from_rank": tuple((edges[:-1] + 1).tolist()),
            "to_rank": tuple(edges[1:].tolist()),
            "tokens": tuple(tokens.tolist()),
            "fragments": tuple(found.tolist()),
        },
    )


def _affixes(subject: Subject) -> Table:
    rows = subject.rows_of_class("affix")
    return Table(
        "affixes",
        "Tokens that are productive affixes",
        {
            "token": tuple(subject.vocabulary.displays(rows)),
            "id": tuple(subject.vocabulary.ids[rows].tolist()),
        },
    )

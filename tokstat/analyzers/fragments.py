"""Tokens that are neither words nor affixes: pieces, names, rare words, identifiers."""

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
    "alphabetic tokens in the scripts that the lexicon's languages are written in",
    OWN,
)
FRAGMENT_RATIO = MetricType(
    "fragment_ratio",
    "ratio",
    "tokens of two letters or more, no word and no affix, over in-script tokens",
    "tokstat's own definition, with affixes learned as docs/definitions.md says",
)
KNOWN_FRAGMENTS = MetricType(
    "known_fragments",
    "tokens",
    "fragments that the lexicon knows, but the vocabulary never stores with a word boundary",
    OWN,
)

MANY = 0.25

MANY_FRAGMENTS = Rule(
    "TS401",
    "info",
    "Many tokens are neither words nor affixes",
    "Pieces that belong to many unrelated words have no meaning that a static embedding could "
    "hold. Names, rare words, identifiers of code, and words of other languages in the same script "
    "count too: the lexicon does not know them.",
    "If the text is in other languages of the same script, name them all (--lang en,de,fr): auto "
    "takes one language a script. Then look at the coverage of the words that you care about.",
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

    Only alphabetic tokens in the scripts of the lexicon's languages are judged: a token of another
    script is no fragment for that. A natural affix is a productive one, learned from the lexicon
    (see `tokstat.words.affixes`). A known word without a boundary counts as a word only if the
    vocabulary holds it with the boundary, too; `known_fragments` are those for which it does not.
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
                f"{ratio.value:.1%} of the alphabetic tokens in the lexicon's scripts are neither "
                f"words of {ratio.scope} nor affixes ({ratio.numerator:,} of "
                f"{ratio.denominator:,}).",
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
        "Fragments with the longest text",
        {
            "token": tuple(subject.vocabulary.displays(longest)),
            "id": tuple(subject.vocabulary.ids[longest].tolist()),
            "characters": tuple(subject.vocabulary.properties.lengths[longest].tolist()),
        },
    )


def _by_rank(subject: Subject, fragments: NDArray[np.int64]) -> Table:
    """Count the in-script tokens and the fragments in tenths of the model's own tokens."""
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
        "Tokens that are a productive affix",
        {
            "token": tuple(subject.vocabulary.displays(rows)),
            "id": tuple(subject.vocabulary.ids[rows].tolist()),
        },
    )

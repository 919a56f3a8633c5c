"""Tokens that are pieces of addresses, markup and code."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.analyzers.repeated_characters import FEWEST
from tokstat.text.wording import agreed, counted
from tokstat.words.lexicon import KNOWN_ZIPF

DEBRIS = MetricType(
    "debris_ratio",
    "ratio",
    "content tokens whose text shows a piece of an address, markup or code, over content tokens",
    source=OWN,
)

MUCH_DEBRIS = Rule(
    "TS904",
    "info",
    "Many tokens are pieces of addresses, markup and code",
    "Prose hardly uses them, so their embeddings are idle there. They are often under-trained: "
    "their source is filtered out of the model's training text after the vocabulary is built "
    "(arXiv 2405.05417). A vocabulary for code should have them.",
    "For prose, count how often your text uses them: `tokstat corpus SPEC FILE`. Before you train "
    "a vocabulary, clean its text as you clean the model's.",
    source="Land and Bartolo 2024, arXiv 2405.05417",
)

MANY = 0.05

PATTERNS = {
    # A scheme, a host's first label, a path, and endings of hosts and files.
    "address": r"://|\bwww\.|\.(?:com|org|net|edu|gov|html?|php|aspx?|jsp|jpe?g|png|gif|pdf|css)\b",
    # Tags, comments, entities and attributes of HTML and XML; commands of LaTeX.
    "markup": r"</|/>|<[A-Za-z!?]|-->|&(?:[a-z]+|#\d+);|[a-z]=[\"']|\\[A-Za-z]{2,}",
    # camelCase (but not McX), PascalCase and snake_case, and pieces of them.
    "identifier": r"[a-z](?<!\bMc)[A-Z]|[A-Za-z0-9]_|_[A-Za-z0-9]",
    # Empty and closing brackets of calls and blocks, operators of several characters, comments.
    "operator": r"\(\)|\[\]|\{\}|[)\]}];|\)\{|->|=>|::|[=!<>+*/%&|^-]=|&&|\|\||/\*|\*/|//|\+\+",
}
"""One pattern per class; a token counts in the first class whose pattern it matches."""

_SEPARATOR = "\0"
_EXAMPLES = 8


@analyzer(
    "debris",
    title="Pieces of addresses, markup and code",
    metrics=(DEBRIS,),
    needs=("content tokens",),
    rules=(MUCH_DEBRIS,),
)
def debris(subject: Subject) -> Result:
    """Count the tokens whose text shows a piece of an address, markup or code.

    Only the token's own text is matched (`PATTERNS`), so the count is a lower bound: `href` and
    `printf` are letters, and do not count. Words that the lexicon knows are not identifiers,
    whatever their case (`YouTube`). Rulers (`====`) are not operators.
    """
    vocabulary = subject.vocabulary
    classes = _classes(subject)
    content = int(vocabulary.content.sum())
    found = np.concatenate([np.zeros(0, np.int64), *classes.values()])
    ratio = DEBRIS.ratio(len(found), content)
    return Result(
        metrics=(ratio,),
        tables=(
            Table(
                "classes",
                "Pieces of addresses, markup and code, by class",
                {
                    "of": tuple(classes),
                    "tokens": tuple(len(rows) for rows in classes.values()),
                    "examples": tuple(
                        " ".join(vocabulary.displays(rows[:_EXAMPLES])) for rows in classes.values()
                    ),
                },
            ),
        ),
        findings=tuple(_findings(subject, np.sort(found), content)),
    )


def _classes(subject: Subject) -> dict[str, NDArray[np.int64]]:
    """Return the rows of each class, in the order of ids."""
    properties = subject.vocabulary.properties
    unknown_case = ~properties.lowercase & (subject.row_frequencies < KNOWN_ZIPF)
    candidates = subject.vocabulary.content & ~properties.blank & ~properties.numeric
    candidates &= ~properties.uniform | (properties.lengths < FEWEST)
    rows = np.flatnonzero(candidates & (~properties.alphabetic | unknown_case))
    texts = subject.vocabulary.texts
    # No pattern matches the separator, so one search covers all tokens and no match spans two.
    joined = _SEPARATOR.join([texts[row] or "" for row in rows.tolist()])
    ends = np.cumsum(properties.lengths[rows] + 1)
    free = np.ones(len(rows), np.bool_)
    classes = {}
    for name, pattern in PATTERNS.items():
        places = [match.start() for match in re.finditer(pattern, joined)]
        hit = np.zeros(len(rows), np.bool_)
        hit[np.searchsorted(ends, places, side="right")] = True
        classes[name] = rows[hit & free]
        free &= ~hit
    return classes


def _findings(subject: Subject, rows: NDArray[np.int64], content: int) -> list[Finding]:
    if len(rows) < MANY * content:
        return []
    message = (
        f"{len(rows):,} of {counted(content, 'content token')} ({len(rows) / content:.1%}) "
        f"{agreed(len(rows), 'is a piece', 'are pieces')} of addresses, markup or code."
    )
    return [MUCH_DEBRIS.found(message, subject.vocabulary.ids[rows].tolist())]

"""Slots that hold one word more than once: by case, by blank, or both."""

from __future__ import annotations

from collections import defaultdict

from tokstat.analyzers.registry import MetricType, Result, Rule, analyzer
from tokstat.results import Finding, Table
from tokstat.subject import Subject
from tokstat.vocabulary import Vocabulary

CASING_DUPLICATES = MetricType(
    "casing_duplicates",
    "tokens",
    "alphabetic tokens beyond the first of each (word boundary, lower-cased text)",
)
CASING_DUPLICATE_RATIO = MetricType(
    "casing_duplicate_ratio", "ratio", "casing duplicates over all content tokens"
)
SPACE_DUPLICATES = MetricType(
    "space_duplicates",
    "tokens",
    "alphabetic texts that exist both with and without the word boundary",
)
NEAR_DUPLICATES = MetricType(
    "near_duplicates",
    "tokens",
    "alphabetic tokens beyond the first of each lower-cased text (case, blank or both)",
    "arXiv 2404.06508",
)

CASED_TWINS = Rule(
    "TS301",
    "info",
    "Slots that hold a word again in another case",
    "Each holds an embedding of its own for a word that another token spells too. That is not pure "
    "waste: models learn to treat such tokens nearly alike, and lose little by it (arXiv "
    "2404.06508); in an untrained static model they split what one vector could hold.",
    "For uncased tasks, lower-case the vocabulary and merge the twins; otherwise leave them.",
)

MANY = 0.05
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
    twins = _cased_twins(vocabulary)
    content = int(vocabulary.content.sum())
    families = _families(vocabulary)
    return Result(
        metrics=(
            CASING_DUPLICATES.value(len(twins)),
            CASING_DUPLICATE_RATIO.ratio(len(twins), content),
            SPACE_DUPLICATES.value(_space_duplicates(vocabulary)),
            NEAR_DUPLICATES.value(len(vocabulary.folded) - len(families)),
        ),
        tables=(_largest_families(subject, families),),
        findings=tuple(_findings(vocabulary, twins, content)),
    )


def _cased_twins(vocabulary: Vocabulary) -> list[int]:
    """Rows that repeat another but for case: all but the lower-cased token, or the first, of each.

    An uncased vocabulary keeps exactly the other rows.
    """
    rows = vocabulary.alphabetic_rows.tolist()
    starts = vocabulary.starts_word[vocabulary.alphabetic_rows].tolist()
    kept: dict[tuple[bool, str], int] = {}
    twins = []
    for row, start, folded in zip(rows, starts, vocabulary.folded, strict=True):
        first = kept.setdefault((start, folded), row)
        if first == row:
            continue
        if vocabulary.texts[row] == folded:
            kept[start, folded] = row
            twins.append(first)
        else:
            twins.append(row)
    return twins


def _space_duplicates(vocabulary: Vocabulary) -> int:
    texts: tuple[set[str | None], set[str | None]] = (set(), set())
    rows = vocabulary.alphabetic_rows
    for row, start in zip(rows.tolist(), vocabulary.starts_word[rows].tolist(), strict=True):
        texts[start].add(vocabulary.texts[row])
    return len(texts[False] & texts[True])


def _families(vocabulary: Vocabulary) -> dict[str, list[int]]:
    """Group the rows of alphabetic tokens by lower-cased text."""
    families: dict[str, list[int]] = defaultdict(list)
    for row, folded in zip(vocabulary.alphabetic_rows.tolist(), vocabulary.folded, strict=True):
        families[folded].append(row)
    return families


def _largest_families(subject: Subject, families: dict[str, list[int]]) -> Table:
    """List the families with most tokens, the most frequent words first among equals."""
    vocabulary, frequencies = subject.vocabulary, subject.row_frequencies
    largest = sorted(
        (rows for rows in families.values() if len(rows) > 1),
        key=lambda rows: (-len(rows), -frequencies[rows[0]], rows[0]),
    )[:_TABLE_ROWS]
    return Table(
        "duplicate_families",
        "Largest families of one word in several tokens",
        {
            "word": tuple((vocabulary.texts[rows[0]] or "").lower() for rows in largest),
            "tokens": tuple(len(rows) for rows in largest),
            "members": tuple("|".join(vocabulary.displays(rows)) for rows in largest),
        },
    )


def _findings(vocabulary: Vocabulary, twins: list[int], content: int) -> list[Finding]:
    if len(twins) < MANY * content:
        return []
    message = (
        f"{len(twins):,} of {content:,} content tokens ({len(twins) / content:.1%}) spell a word "
        "that another token spells in another case."
    )
    return [CASED_TWINS.found(message, sorted(vocabulary.ids[twins].tolist()))]

"""How many frequent words are one token, alone and in text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tokstat.analyzers import Finding, Metric, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.analyzers.subject import FREQUENT_WORDS
from tokstat.text.wording import counted
from tokstat.tokenizer.single_words import Convention, Coverage, join_coverage, split_words

_SOURCE = "single-token retention rate, arXiv 2510.09947"

COVERAGE_BARE = MetricType(
    "coverage_bare",
    "ratio",
    "frequent words, in lower case, that are one token alone",
    _SOURCE,
)
COVERAGE_SPACED = MetricType(
    "coverage_spaced",
    "ratio",
    "frequent words, in lower case, that are one token in text",
    _SOURCE,
)
LEADING_SPACE_GAP = MetricType(
    "leading_space_gap",
    "difference",
    "share of frequent words that are one token in text, minus the share that are one alone",
    "tokstat's own difference of two single-token retention rates (arXiv 2510.09947)",
)

WIDE_GAP = 0.10
LOW = 0.5

GAP = Rule(
    "TS501",
    "warning",
    "Words are split when encoded alone",
    "The vocabulary stores most words with their leading space, and this tokenizer adds no space "
    "before the first word of a text. Whatever embeds words alone then gets pieces instead of the "
    "word's token: distilled models, word similarity, label names, prompts.",
    "Encode with a leading space: `tokstat distill TEACHER --prefix-space -o FOLDER`, or "
    "`tokstat repair SPEC --prefix-space -o FOLDER` for the tokenizer itself.",
    f"measured: tokstat link; tokstat's own threshold, {WIDE_GAP:.0%} of the frequent words",
    by_purpose={"llm": "info"},
)
LOW_COVERAGE = Rule(
    "TS502",
    "warning",
    "Most frequent words are split",
    "A word of several tokens costs more time and context. In a static model its vector is a mean "
    "over pieces.",
    "Choose a tokenizer trained on that language, or add its frequent words as tokens: "
    "`tokstat repair SPEC --add-words 20000 -o FOLDER`.",
    f"{_SOURCE}; tokstat's own threshold, {LOW:.0%} of a language's frequent words",
    by_purpose={"llm": "info"},
)

_TABLE_ROWS = 20
_BANDS = (1_000, 2_000, 5_000, 10_000, FREQUENT_WORDS)


@analyzer(
    "coverage",
    title="Single-token coverage of frequent words",
    metrics=(COVERAGE_BARE, COVERAGE_SPACED, LEADING_SPACE_GAP),
    rules=(GAP, LOW_COVERAGE),
)
def coverage(subject: Subject) -> Result:
    """Encode the lexicon's 20,000 most frequent words, alone and in text.

    A word is covered if it is exactly one token, and not the unknown one. "In text" means after
    another word and a space. Each language has 20,000 words of its own, or as many as its list has.
    All are in lower case, so a cased vocabulary may hold `American` and not `american`. Languages
    written without spaces (Chinese, Japanese) have no leading space: ignore the gap for them.
    """
    by_language = subject.coverage
    everything = join_coverage(by_language)
    scope = ", ".join(
        f"{counted(len(part.words), 'word')} of {part.language}" for part in by_language
    )
    total = len(everything.words)
    bare = COVERAGE_BARE.ratio(int(everything.bare.sum()), total, scope)
    spaced = COVERAGE_SPACED.ratio(int(everything.spaced.sum()), total, scope)
    gap = LEADING_SPACE_GAP.value(
        None if bare.value is None or spaced.value is None else spaced.value - bare.value, scope
    )
    return Result(
        metrics=(bare, spaced, gap),
        tables=(
            _languages(by_language),
            _bands(by_language),
            _lost(subject, everything),
            _split(subject, everything),
        ),
        findings=(*_gap(bare, spaced, gap), *_low_coverage(by_language)),
    )


def _languages(by_language: Sequence[Coverage]) -> Table:
    return Table(
        "languages",
        "Coverage by language",
        {
            "language": tuple(part.language for part in by_language),
            "words": tuple(len(part.words) for part in by_language),
            "bare": tuple(int(part.bare.sum()) for part in by_language),
            "spaced": tuple(int(part.spaced.sum()) for part in by_language),
        },
    )


def _bands(by_language: Sequence[Coverage]) -> Table:
    rows = [
        (part, slice(first, min(last, len(part.words))))
        for part in by_language
        for first, last in zip((0, *_BANDS), _BANDS, strict=False)
        if first < len(part.words)
    ]
    return Table(
        "frequency_bands",
        "Coverage by frequency rank",
        {
            "language": tuple(part.language for part, _ in rows),
            "from_rank": tuple(band.start + 1 for _, band in rows),
            "to_rank": tuple(band.stop for _, band in rows),
            "bare": tuple(int(part.bare[band].sum()) for part, band in rows),
            "spaced": tuple(int(part.spaced[band].sum()) for part, band in rows),
        },
    )


def _pieces(subject: Subject, words: list[str], convention: Convention) -> tuple[str, ...]:
    vocabulary = subject.vocabulary
    split = split_words(subject.tokenizer, words, convention)
    return tuple("|".join(vocabulary[token].display for token in ids) for ids in split)


def _lost(subject: Subject, covered: Coverage) -> Table:
    rows = np.flatnonzero(covered.spaced & ~covered.bare)[:_TABLE_ROWS].tolist()
    words = [covered.words[row] for row in rows]
    return Table(
        "lost_alone",
        "Most frequent words that are one token in text and split alone",
        {
            "word": tuple(words),
            "alone": _pieces(subject, words, "bare"),
            "after_a_word": _pieces(subject, words, "spaced"),
        },
    )


def _split(subject: Subject, covered: Coverage) -> Table:
    rows = np.flatnonzero(~covered.spaced & ~covered.bare).tolist()
    # Nearly every tokenizer splits contractions (it's, don't), which would fill the table.
    words = [covered.words[row] for row in rows if covered.words[row].isalpha()][:_TABLE_ROWS]
    return Table(
        "always_split",
        "Most frequent words that are split alone and in text",
        {"word": tuple(words), "pieces": _pieces(subject, words, "spaced")},
    )


def _gap(bare: Metric, spaced: Metric, gap: Metric) -> list[Finding]:
    if bare.value is None or spaced.value is None or gap.value is None or gap.value < WIDE_GAP:
        return []
    message = (
        f"{bare.value:.1%} of the frequent words stay one token alone, {spaced.value:.1%} in text: "
        f"a gap of {gap.value * 100:.1f} percentage points."
    )
    return [GAP.found(message)]


def _low_coverage(by_language: Sequence[Coverage]) -> list[Finding]:
    """Report each language whose coverage is low both alone and in text."""
    found = []
    for part in by_language:
        share = max(part.bare.mean(), part.spaced.mean()) if part.words else 1.0
        if share < LOW:
            message = f"Only {share:.1%} of the frequent words of {part.language} are one token."
            found.append(LOW_COVERAGE.found(message))
    return found

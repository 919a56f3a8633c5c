"""How many frequent words are one token, alone and in text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from tokstat.analyzers import (
    OWN,
    Finding,
    MetricType,
    Result,
    Rule,
    Subject,
    Table,
    analyzer,
)
from tokstat.analyzers.subject import FREQUENT_WORDS
from tokstat.results.language_names import named
from tokstat.results.references import usual_coverage
from tokstat.text.wording import counted
from tokstat.tokenizer.single_words import Convention, Coverage, join_coverage, split_words

_SOURCE = "single-token retention rate, arXiv 2510.09947"

COVERAGE_BARE = MetricType(
    "coverage_bare",
    "ratio",
    "frequent words, in their usual case, that are one token alone",
    _SOURCE,
)
COVERAGE_SPACED = MetricType(
    "coverage_spaced",
    "ratio",
    "frequent words, in their usual case, that are one token in text",
    _SOURCE,
)
COVERAGE_BARE_LOWER = MetricType(
    "coverage_bare_lower",
    "ratio",
    "frequent words, in lower case, that are one token alone",
    _SOURCE,
)
COVERAGE_SPACED_LOWER = MetricType(
    "coverage_spaced_lower",
    "ratio",
    "frequent words, in lower case, that are one token in text",
    _SOURCE,
)
UNKNOWN_WORDS = MetricType(
    "unknown_words", "words", "frequent words that have the unknown token in text", OWN
)
CHANGED_WORDS = MetricType(
    "changed_words",
    "words",
    "frequent words that the normalizer changes in more than case, such as their accents",
    OWN,
)
LEADING_SPACE_GAP = MetricType(
    "leading_space_gap",
    "difference",
    "share of frequent words that are one token in text, minus the share that are one alone",
    "tokstat's own difference of two single-token retention rates (arXiv 2510.09947)",
)

WIDE_GAP = 0.10
LOW = 0.75
"""A coverage is low below this share of the reference tokenizers' median for the language."""

GAP = Rule(
    "TS501",
    "warning",
    "Words are split when encoded alone",
    "The vocabulary stores most words with their leading space, and this tokenizer adds no space "
    "before the first word of a text. Whatever embeds words alone then gets pieces instead of the "
    "word's token: distilled models, word similarity, label names, prompts.",
    "Encode with a leading space: `tokstat distill TEACHER --prefix-space -o FOLDER`, or "
    "`tokstat repair SPEC --prefix-space -o FOLDER` before you train a model.",
    f"measured: tokstat link; tokstat's own threshold, {WIDE_GAP:.0%} of the frequent words",
    by_purpose={"llm": "info"},
)
LOW_COVERAGE = Rule(
    "TS502",
    "warning",
    "Frequent words are split more than usual",
    "A word of several tokens costs more time and context. In a static model its vector is a mean "
    "over pieces.",
    "Choose a tokenizer trained on that language, or add its frequent words as tokens: "
    "`tokstat repair SPEC --add-words 20000 --lang CODE -o FOLDER`.",
    f"{_SOURCE}; tokstat's own threshold, {LOW:.0%} of the median of the reference tokenizers",
    by_purpose={"llm": "info"},
)

_TABLE_ROWS = 20
_BANDS = (1_000, 2_000, 5_000, 10_000, FREQUENT_WORDS)


@analyzer(
    "coverage",
    title="Single-token coverage of frequent words",
    metrics=(
        COVERAGE_BARE,
        COVERAGE_SPACED,
        LEADING_SPACE_GAP,
        COVERAGE_BARE_LOWER,
        COVERAGE_SPACED_LOWER,
        UNKNOWN_WORDS,
        CHANGED_WORDS,
    ),
    rules=(GAP, LOW_COVERAGE),
)
def coverage(subject: Subject) -> Result:
    """Encode the lexicon's 20,000 most frequent words, alone and in text.

    A word is covered if it is exactly one token and nothing of it is lost: it has no unknown token,
    and the normalizer changes nothing but its case and compatible characters. "In text" means after
    another word and a space. Each language has 20,000 words of its own, or as many as its list has.

    Words are in their usual case: London, Haus, I. That is the most frequent form in cased word
    frequencies, packaged for English, German, Greek and Spanish (spacy-lookups-data, MIT). For
    other languages, and a list of your own, it is lower case.

    Languages written without spaces (Chinese, Japanese) have no leading space. Their words have one
    coverage, which stands for both alone and in text, and the gap is not applicable.
    """
    by_language = subject.coverage
    everything = join_coverage(by_language)
    lower = join_coverage(subject.lower_coverage)
    scope = ", ".join(
        f"{counted(len(part.words), 'word')} of {named(part.language)}" for part in by_language
    )
    total = len(everything.words)
    bare = COVERAGE_BARE.ratio(int(everything.bare.sum()), total, scope)
    spaced = COVERAGE_SPACED.ratio(int(everything.spaced.sum()), total, scope)
    gap = LEADING_SPACE_GAP.value(_difference(everything), scope)
    return Result(
        metrics=(
            bare,
            spaced,
            gap,
            COVERAGE_BARE_LOWER.ratio(int(lower.bare.sum()), total, scope),
            COVERAGE_SPACED_LOWER.ratio(int(lower.spaced.sum()), total, scope),
            UNKNOWN_WORDS.value(subject.unknown_words, scope),
            CHANGED_WORDS.value(subject.changed_words, scope),
        ),
        tables=(
            _languages(by_language),
            _bands(by_language),
            _lost(subject, everything),
            _split(subject, everything),
        ),
        findings=(*_gap(by_language), *_low_coverage(by_language)),
    )


def _difference(part: Coverage) -> float | None:
    """Return the leading-space gap; None without words, or where words have no leading space."""
    if not part.words or not part.is_spaced:
        return None
    return float(part.spaced.mean()) - float(part.bare.mean())


def _languages(by_language: Sequence[Coverage]) -> Table:
    return Table(
        "languages",
        "Coverage by language",
        {
            "language": tuple(part.language for part in by_language),
            "words": tuple(len(part.words) for part in by_language),
            "bare": tuple(int(part.bare.sum()) for part in by_language),
            "spaced": tuple(int(part.spaced.sum()) for part in by_language),
            "reference_median": tuple(_usual(part) for part in by_language),
            "has_spaces": tuple(part.is_spaced for part in by_language),
        },
    )


def _usual(part: Coverage) -> float | None:
    usual = usual_coverage(part.language)
    return None if usual is None else round(usual, 4)


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


def _examples(subject: Subject, words: Iterable[str]) -> list[str]:
    return list(islice(filter(subject.may_show, words), _TABLE_ROWS))


def _lost(subject: Subject, covered: Coverage) -> Table:
    rows = np.flatnonzero(covered.spaced & ~covered.bare).tolist()
    words = _examples(subject, (covered.words[row] for row in rows))
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
    words = _examples(subject, (covered.words[row] for row in rows if covered.words[row].isalpha()))
    return Table(
        "always_split",
        "Most frequent words that are split alone and in text",
        {"word": tuple(words), "pieces": _pieces(subject, words, "spaced")},
    )


def _gap(by_language: Sequence[Coverage]) -> list[Finding]:
    """Report the languages with a wide gap, in one finding."""
    found = [part for part in by_language if (_difference(part) or 0.0) >= WIDE_GAP]
    if not found:
        return []
    widest = max(found, key=lambda part: _difference(part) or 0.0)
    bare, spaced = widest.bare.mean(), widest.spaced.mean()
    message = (
        f"{bare:.1%} of the frequent words of {named(widest.language)} stay one token alone, "
        f"{spaced:.1%} in text: a gap of {(spaced - bare) * 100:.1f} percentage points."
    )
    others = [
        f"{named(part.language)} {(_difference(part) or 0.0) * 100:.1f}"
        for part in found
        if part is not widest
    ]
    if others:
        message += f" Other languages: {', '.join(others)}."
    return [GAP.found(message)]


def _low_coverage(by_language: Sequence[Coverage]) -> list[Finding]:
    """Report the languages whose coverage is low both alone and in text, in one finding.

    A language for which no reference tokenizer was measured is not judged.
    """
    low = []
    for part in by_language:
        usual = usual_coverage(part.language)
        if usual is None or not part.words:
            continue
        share = float(max(part.bare.mean(), part.spaced.mean()))
        if share < LOW * usual:
            low.append((share, f"{named(part.language)} {share:.1%} (median {usual:.1%})"))
    if not low:
        return []
    parts = ", ".join(text for _, text in sorted(low))
    message = f"Frequent words that are one token, beside the reference tokenizers: {parts}."
    return [LOW_COVERAGE.found(message)]

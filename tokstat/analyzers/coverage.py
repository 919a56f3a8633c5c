"""How many frequent words are one token, alone and inside a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers.registry import MetricType, Result, Rule, analyzer
from tokstat.results import Finding, Metric, Table
from tokstat.segmentation import Convention, single_token_words, split_word
from tokstat.subject import Subject

WORDS = 20_000
"""How many of a language's most frequent words are tried."""

_SOURCE = "single-token retention rate, arXiv 2510.09947"

COVERAGE_BARE = MetricType(
    "coverage_bare", "ratio", "frequent words that are one token when encoded alone", _SOURCE
)
COVERAGE_SPACED = MetricType(
    "coverage_spaced",
    "ratio",
    "frequent words that are one token when they stand after another word",
    _SOURCE,
)
LEADING_SPACE_GAP = MetricType(
    "leading_space_gap",
    "difference",
    "coverage_spaced minus coverage_bare: what words lose when they are encoded alone",
)

GAP = Rule(
    "TS501",
    "warning",
    "Words encoded alone lose their token",
    "The vocabulary stores most words with the blank before them, and this tokenizer puts none "
    "before a text's first word. Whatever embeds words alone (static distillation, word "
    "similarity, label names, prompts) then gets pieces instead of the word's token.",
    "Encode single words with a blank before them: set add_prefix_space in the pre-tokenizer, or "
    "put the blank there yourself.",
)
LOW_COVERAGE = Rule(
    "TS502",
    "warning",
    "Most frequent words are split",
    "A word of several tokens costs more time and context, and in a static model its vector is a "
    "mean over pieces.",
    "Choose a tokenizer trained on this language, or add its frequent words as tokens.",
)

WIDE_GAP = 0.10
LOW = 0.5
_TABLE_ROWS = 20
_BANDS = (1_000, 2_000, 5_000, 10_000, WORDS)


@analyzer(
    "coverage",
    title="Single-token coverage of frequent words",
    metrics=(COVERAGE_BARE, COVERAGE_SPACED, LEADING_SPACE_GAP),
    rules=(GAP, LOW_COVERAGE),
)
def coverage(subject: Subject) -> Result:
    """Encode the lexicon's 20,000 most frequent words, alone and after another word.

    A word is covered if it becomes exactly one token that is not the unknown one. With several
    languages each brings its own 20,000 words. Several lists of fewer words are taken whole.
    """
    by_language = {
        words.language: _Covered.measure(subject, words.top(WORDS))
        for words in subject.lexicon.word_lists
    }
    everything = _Covered.join(list(by_language.values()))
    scope = ", ".join(
        f"{len(covered.words):,} words of {language}" for language, covered in by_language.items()
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
        findings=tuple(_findings(bare, spaced, gap)),
    )


class _Covered:
    """Words with whether each is one token bare and spaced."""

    def __init__(
        self, words: list[str], bare: NDArray[np.bool_], spaced: NDArray[np.bool_]
    ) -> None:
        self.words = words
        self.bare = bare
        self.spaced = spaced

    @classmethod
    def measure(cls, subject: Subject, words: list[str]) -> _Covered:
        bare = single_token_words(subject.tokenizer, words, "bare")
        return cls(words, bare, single_token_words(subject.tokenizer, words, "spaced"))

    @classmethod
    def join(cls, parts: list[_Covered]) -> _Covered:
        return cls(
            [word for part in parts for word in part.words],
            np.concatenate([part.bare for part in parts]),
            np.concatenate([part.spaced for part in parts]),
        )


def _languages(by_language: dict[str, _Covered]) -> Table:
    return Table(
        "languages",
        "Coverage by language",
        {
            "language": tuple(by_language),
            "words": tuple(len(covered.words) for covered in by_language.values()),
            "bare": tuple(int(covered.bare.sum()) for covered in by_language.values()),
            "spaced": tuple(int(covered.spaced.sum()) for covered in by_language.values()),
        },
    )


def _bands(by_language: dict[str, _Covered]) -> Table:
    rows = [
        (language, first + 1, min(last, len(covered.words)), covered)
        for language, covered in by_language.items()
        for first, last in zip((0, *_BANDS), _BANDS, strict=False)
        if first < len(covered.words)
    ]
    return Table(
        "frequency_bands",
        "Coverage by frequency rank of the words",
        {
            "language": tuple(language for language, *_ in rows),
            "from_rank": tuple(first for _, first, _, _ in rows),
            "to_rank": tuple(last for _, _, last, _ in rows),
            "bare": tuple(int(part.bare[first - 1 : last].sum()) for _, first, last, part in rows),
            "spaced": tuple(
                int(part.spaced[first - 1 : last].sum()) for _, first, last, part in rows
            ),
        },
    )


def _pieces(subject: Subject, word: str, convention: Convention) -> str:
    vocabulary = subject.vocabulary
    ids = split_word(subject.tokenizer, word, convention)
    return "|".join(vocabulary[token].display for token in ids)


def _lost(subject: Subject, covered: _Covered) -> Table:
    rows = np.flatnonzero(covered.spaced & ~covered.bare)[:_TABLE_ROWS].tolist()
    words = [covered.words[row] for row in rows]
    return Table(
        "lost_alone",
        "Most frequent words that are one token after a word, several alone",
        {
            "word": tuple(words),
            "alone": tuple(_pieces(subject, word, "bare") for word in words),
            "after_a_word": tuple(_pieces(subject, word, "spaced") for word in words),
        },
    )


def _split(subject: Subject, covered: _Covered) -> Table:
    rows = np.flatnonzero(~covered.spaced & ~covered.bare)[:_TABLE_ROWS].tolist()
    words = [covered.words[row] for row in rows]
    return Table(
        "always_split",
        "Most frequent words that are never one token",
        {"word": tuple(words), "pieces": tuple(_pieces(subject, w, "spaced") for w in words)},
    )


def _findings(bare: Metric, spaced: Metric, gap: Metric) -> list[Finding]:
    if bare.value is None or spaced.value is None or gap.value is None:
        return []
    found = []
    if gap.value >= WIDE_GAP:
        found.append(
            GAP.found(
                f"{spaced.value:.1%} of the frequent words are one token after another word, "
                f"{bare.value:.1%} alone: {gap.value * 100:.1f} points lost."
            )
        )
    if max(bare.value, spaced.value) < LOW:
        found.append(
            LOW_COVERAGE.found(
                f"Only {max(bare.value, spaced.value):.1%} of the frequent words are one token."
            )
        )
    return found

"""Compute corpus metrics from counts; each metric has a definition and a source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.counting.state import Counts, Group, TokenCounts
from tokstat.results.declarations import OWN, MetricType
from tokstat.results.report import Metric
from tokstat.tokenizer.tokenizer import Tokenizer

ABOUT = """\
Encode each document separately, without special tokens, and count the tokens.

A token takes part in a word if it stands for at least one of its characters. A token that spans two
words takes part in both."""

ALPHA = 2.5
"""The order of Rényi entropy that best predicts translation quality (arXiv 2306.16842)."""

_RUST = "Rust et al. 2021, arXiv 2012.15613"
_ZOUHAR = "Zouhar et al. 2023, arXiv 2306.16842"
_GOWDA = "Gowda and May 2020, arXiv 2004.02334"

TOKENS = MetricType(
    "tokens", "tokens", "number of tokens in all documents, without special tokens", OWN
)
FERTILITY = MetricType(
    "fertility_micro",
    "tokens per word",
    "mean number of tokens that take part in a word, over all word occurrences; tokens outside "
    "words, such as punctuation, do not count",
    _RUST,
)
FERTILITY_MACRO = MetricType(
    "fertility_macro",
    "tokens per word",
    "mean of the fertility of each group, or of each file if there is only one group",
    _RUST,
)
TOKENS_PER_WORD = MetricType(
    "tokens_per_word",
    "tokens per word",
    "number of all tokens, including punctuation and white space, divided by the number of words",
    OWN,
)
BYTES_PER_TOKEN = MetricType(
    "bytes_per_token",
    "bytes per token",
    "number of UTF-8 bytes in the documents, divided by the number of tokens",
    OWN,
)
CHARACTERS_PER_TOKEN = MetricType(
    "characters_per_token",
    "characters per token",
    "number of code points in the documents, divided by the number of tokens",
    OWN,
)
CONTINUED_WORDS = MetricType(
    "continued_word_ratio", "ratio", "share of word occurrences with two or more tokens", _RUST
)
SINGLE_TOKEN_WORDS = MetricType(
    "single_token_word_ratio",
    "ratio",
    "share of word occurrences in which exactly one token takes part",
    "arXiv 2510.09947, applied to word occurrences",
)
UTILISATION = MetricType(
    "vocabulary_utilisation", "ratio", "share of the vocabulary's tokens that occur", _GOWDA
)
DEAD_TOKENS = MetricType(
    "dead_tokens",
    "tokens",
    "number of tokens in the vocabulary that never occur, not counting added tokens",
    OWN,
)
ENTROPY = MetricType(
    "entropy",
    "bits per token",
    "Shannon entropy of the token frequencies",
    "Shannon 1948, as measured in arXiv 2306.16842",
)
RENYI_OBSERVED = MetricType(
    "renyi_efficiency_observed",
    "ratio",
    "Rényi entropy of order 2.5 of the token frequencies, divided by the logarithm of the number "
    "of distinct tokens that occur",
    _ZOUHAR,
)
RENYI_NOMINAL = MetricType(
    "renyi_efficiency_nominal",
    "ratio",
    "Rényi entropy of order 2.5 of the token frequencies, divided by the logarithm of the "
    "vocabulary size",
    _ZOUHAR,
)
UNKNOWN = MetricType(
    "unknown_token_ratio", "ratio", "share of all tokens that are the unknown token", OWN
)
DROPPED_WORDS = MetricType(
    "dropped_word_ratio",
    "ratio",
    "share of word occurrences in which no token takes part: the tokenizer drops them",
    OWN,
)
BYTE_TOKENS = MetricType(
    "byte_token_ratio",
    "ratio",
    "share of all tokens that stand for a single byte and not for a character (byte fallback)",
    OWN,
)
NORMALIZED_LENGTH = MetricType(
    "normalized_sequence_length",
    "tokens per token",
    "number of tokens, divided by that of the first tokenizer on the same documents",
    "Dagan et al. 2024, arXiv 2402.01035",
)

CORPUS_METRICS = (
    TOKENS,
    FERTILITY,
    FERTILITY_MACRO,
    TOKENS_PER_WORD,
    BYTES_PER_TOKEN,
    CHARACTERS_PER_TOKEN,
    CONTINUED_WORDS,
    SINGLE_TOKEN_WORDS,
    UTILISATION,
    DEAD_TOKENS,
    ENTROPY,
    RENYI_OBSERVED,
    RENYI_NOMINAL,
    UNKNOWN,
    DROPPED_WORDS,
    BYTE_TOKENS,
    NORMALIZED_LENGTH,
)
"""Every metric that `tokstat corpus` reports for a tokenizer, in the report's order."""


@dataclass(frozen=True, eq=False)
class CountedVocabulary:
    """Hold the facts about a vocabulary that the metrics need.

    `model` and `bytes` are masks over ids, shape (highest id + 1,): tokens that are not added, and
    tokens of one byte that is not a character. `size` counts all tokens; `unknown` is the id of
    the unknown token.
    """

    size: int
    model: NDArray[np.bool_]
    bytes: NDArray[np.bool_]
    unknown: int | None

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> CountedVocabulary:
        """Collect the facts from a tokenizer."""
        ids = tokenizer.ids
        top = int(ids.max(initial=-1)) + 1
        model, single = np.zeros(top, np.bool_), np.zeros(top, np.bool_)
        model[ids] = True
        model[list(tokenizer.added_ids)] = False
        single[tokenizer.token_texts.byte_ids] = True
        return cls(len(ids), model, single, tokenizer.unknown_id)


OF_WORDS = (
    FERTILITY,
    FERTILITY_MACRO,
    TOKENS_PER_WORD,
    CONTINUED_WORDS,
    SINGLE_TOKEN_WORDS,
    DROPPED_WORDS,
)
"""Metrics that are about words."""

SHARES_LOST = (UNKNOWN.name, DROPPED_WORDS.name)
"""Metrics of the text that a tokenizer loses."""

_NOTICEABLE = 0.001
"""The share of tokens or words from which a loss makes the number of tokens too low to compare."""


def loses_text(*shares: float | None) -> bool:
    """Whether one of the shares of `SHARES_LOST` is noticeable: one in a thousand, or more."""
    return any(share is not None and share >= _NOTICEABLE for share in shares)


@dataclass(frozen=True)
class TextLoss:
    """Count the unknown tokens among all tokens, and the words without tokens among all words."""

    unknown: int
    tokens: int
    dropped: int
    words: int

    @property
    def unknown_share(self) -> float | None:
        """The share of tokens that are unknown."""
        return self.unknown / self.tokens if self.tokens else None

    @property
    def dropped_share(self) -> float | None:
        """The share of words without tokens."""
        return self.dropped / self.words if self.words else None


def loss(counts: TokenCounts, vocabulary: CountedVocabulary) -> TextLoss:
    """Count what a tokenizer loses of a group of texts."""
    used, unknown = counts.tokens, vocabulary.unknown
    lost = 0 if unknown is None else int(used.times[used.keys == unknown].sum())
    dropped = int(counts.words[0]) if len(counts.words) else 0
    return TextLoss(lost, used.total, dropped, int(counts.words.sum()))


def corpus_metrics(counts: Counts, vocabularies: Sequence[CountedVocabulary]) -> list[list[Metric]]:
    """Return the metrics of each tokenizer over all texts, in the order of `vocabularies`."""
    total = counts.total
    first = total.tokenizers[0].tokens.total if total.tokenizers else 0
    return [
        [*group_metrics(total, number, vocabulary, _macro(counts, number)), _length(each, first)]
        for number, (each, vocabulary) in enumerate(
            zip(total.tokenizers, vocabularies, strict=True)
        )
    ]


def _length(counts: TokenCounts, first: int) -> Metric:
    tokens = counts.tokens.total
    return NORMALIZED_LENGTH.value(tokens / first if first else None)


def _macro(counts: Counts, number: int) -> float | None:
    if len(counts.groups) > 1:
        values = [fertility(each.tokenizers[number]) for each in counts.groups.values()]
    else:
        values = [
            each.word_tokens[number] / each.text.words if each.text.words else None
            for each in counts.files.values()
        ]
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None


def fertility(counts: TokenCounts) -> float | None:
    """Return the mean number of tokens per word, None without words."""
    words = int(counts.words.sum())
    return int(counts.words @ np.arange(len(counts.words))) / words if words else None


def group_metrics(
    group: Group, number: int, vocabulary: CountedVocabulary, macro: float | None
) -> list[Metric]:
    """Return the metrics of one tokenizer over one group of texts."""
    counts, text = group.tokenizers[number], group.text
    used = counts.tokens
    tokens, words = used.total, text.words
    word_tokens = int(counts.words @ np.arange(len(counts.words)))
    single = int(counts.words[1]) if len(counts.words) > 1 else 0
    lost = loss(counts, vocabulary)
    single_bytes = int(used.times[vocabulary.bytes[used.keys]].sum())
    dead = vocabulary.model.copy()
    dead[used.keys] = False
    return [
        TOKENS.value(tokens),
        _rate(FERTILITY, word_tokens, words),
        FERTILITY_MACRO.value(macro),
        _rate(TOKENS_PER_WORD, tokens, words),
        _rate(BYTES_PER_TOKEN, text.bytes, tokens),
        _rate(CHARACTERS_PER_TOKEN, text.characters, tokens),
        CONTINUED_WORDS.ratio(int(counts.words[2:].sum()), words),
        SINGLE_TOKEN_WORDS.ratio(single, words),
        UTILISATION.ratio(len(used), vocabulary.size),
        DEAD_TOKENS.value(int(dead.sum())),
        ENTROPY.value(entropy(used.times)),
        RENYI_OBSERVED.value(renyi_efficiency(used.times, len(used))),
        RENYI_NOMINAL.value(renyi_efficiency(used.times, vocabulary.size)),
        UNKNOWN.ratio(lost.unknown, tokens),
        DROPPED_WORDS.ratio(lost.dropped, words),
        BYTE_TOKENS.ratio(single_bytes, tokens),
    ]


def _rate(kind: MetricType, numerator: int, denominator: int) -> Metric:
    value = numerator / denominator if denominator else None
    return Metric(kind.name, value, kind.unit, kind.definition, numerator, denominator)


def entropy(counts: NDArray[np.int64]) -> float | None:
    """Return the Shannon entropy in bits of the distribution of `counts`, None without counts."""
    seen = counts[counts > 0].astype(np.float64)
    if not len(seen):
        return None
    shares = seen / seen.sum()
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def renyi_efficiency(counts: NDArray[np.int64], size: int, alpha: float = ALPHA) -> float | None:
    """Return the Rényi entropy of the distribution of `counts`, divided by the log of `size`.

    Return None where this is undefined: without counts, or for a size below 2. Source: Zouhar et
    al. 2023, arXiv 2306.16842.
    """
    seen = counts[counts > 0].astype(np.float64)
    if not len(seen) or size < 2:
        return None
    shares = seen / seen.sum()
    return math.log(float((shares**alpha).sum())) / (1 - alpha) / math.log(size) + 0.0


def gini(values: Sequence[float]) -> float | None:
    """Return the Gini coefficient of values: 0 if all are equal, None if all are 0 or none exist.

    Applied to the tokens of the same text in several languages, it measures how unevenly a
    tokenizer treats them. Source: Foroutan et al. 2025, arXiv 2508.04796.
    """
    ordered = sorted(values)
    total = math.fsum(ordered)
    if not ordered or not total:
        return None
    ranks = range(1, len(ordered) + 1)
    weighted = math.fsum(rank * value for rank, value in zip(ranks, ordered, strict=True))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)

"""How many tokens the same text takes in several languages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tokstat.corpus.counting.encoding import encode_whole
from tokstat.corpus.metrics import gini
from tokstat.errors import CorpusError
from tokstat.results.declarations import OWN, MetricType
from tokstat.results.report import Metric
from tokstat.tokenizer.tokenizer import Tokenizer

_PETROV = "Petrov et al. 2023, arXiv 2305.15425"

PARITY = MetricType(
    "parity",
    "ratio of lengths",
    "mean over line-aligned sentences of the tokens in a language over those in the first one, "
    "sentences without tokens in the first left out",
    _PETROV,
)
PARITY_TOTAL = MetricType(
    "parity_total", "ratio of lengths", "all tokens in a language over all in the first one", OWN
)
GINI = MetricType(
    "gini",
    "0 to 1",
    "Gini coefficient of the languages' tokens for the same lines: 0 where all take as many",
    "Foroutan et al. 2025, arXiv 2508.04796",
)
PARITY_METRICS = (PARITY, PARITY_TOTAL, GINI)


@dataclass(frozen=True)
class Language:
    """Hold the lines of a language: line i of each says the same."""

    name: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Parity:
    """Hold what one tokenizer makes of each language, compared with the first."""

    tokens: tuple[int, ...]
    parity: tuple[float | None, ...]
    total: tuple[float | None, ...]
    gini: float | None

    def metrics(self, languages: Sequence[str]) -> list[Metric]:
        """Return the numbers as metrics, those of a language with it as their scope."""
        by_language = [
            metric
            for name, mean, total in zip(languages, self.parity, self.total, strict=True)
            for metric in (PARITY.value(mean, name), PARITY_TOTAL.value(total, name))
        ]
        return [*by_language, GINI.value(self.gini)]


def measure_parity(tokenizer: Tokenizer, languages: Sequence[Language]) -> Parity:
    """Encode every line, and compare languages line by line.

    Raises:
        CorpusError: the languages have different numbers of lines.
        EncodingError: the tokenizer fails.
    """
    first = languages[0]
    for other in languages[1:]:
        if len(other.lines) != len(first.lines):
            raise CorpusError(
                f"{first.name} has {len(first.lines):,} lines and {other.name} has "
                f"{len(other.lines):,}",
                "Line-aligned files say the same thing in the same line.",
            )
    lengths = [encode_whole(tokenizer, each.lines).lengths.tolist() for each in languages]
    totals = [sum(each) for each in lengths]
    return Parity(
        tuple(totals),
        tuple(_mean_ratio(each, lengths[0]) for each in lengths),
        tuple(total / totals[0] if totals[0] else None for total in totals),
        gini(totals),
    )


def _mean_ratio(lengths: Sequence[int], reference: Sequence[int]) -> float | None:
    ratios = [one / other for one, other in zip(lengths, reference, strict=True) if other]
    return math.fsum(ratios) / len(ratios) if ratios else None

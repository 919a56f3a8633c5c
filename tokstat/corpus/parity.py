"""Compare the number of tokens that the same text needs in several languages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokstat.corpus.engines.checking import check_some
from tokstat.corpus.engines.engine import Engine, EngineError, Utf8Texts
from tokstat.corpus.engines.judge import Judge
from tokstat.corpus.metrics import gini
from tokstat.errors import CorpusError
from tokstat.results.declarations import OWN, MetricType
from tokstat.results.report import Metric
from tokstat.tokenizer.tokenizer import Tokenizer

_PETROV = "Petrov et al. 2023, arXiv 2305.15425"

PARITY = MetricType(
    "parity",
    "ratio of lengths",
    "mean over aligned lines of the number of tokens, divided by that in the first language; "
    "lines without tokens in the first language do not count",
    _PETROV,
)
PARITY_TOTAL = MetricType(
    "parity_total",
    "ratio of lengths",
    "number of tokens of all lines, divided by that in the first language",
    OWN,
)
GINI = MetricType(
    "gini",
    "0 to 1",
    "Gini coefficient of the languages' token counts for the same lines; 0 means equal counts",
    "Foroutan et al. 2025, arXiv 2508.04796",
)
PARITY_METRICS = (PARITY, PARITY_TOTAL, GINI)


@dataclass(frozen=True)
class Language:
    """Hold the lines of a language; line i has the same meaning in every language."""

    name: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Parity:
    """Hold one tokenizer's token counts by language, and their ratios to the first language."""

    tokens: tuple[int, ...]
    parity: tuple[float | None, ...]
    total: tuple[float | None, ...]
    gini: float | None

    def metrics(self, languages: Sequence[str]) -> list[Metric]:
        """Return the numbers as metrics; the scope of a metric is its language."""
        by_language = [
            metric
            for name, mean, total in zip(languages, self.parity, self.total, strict=True)
            for metric in (PARITY.value(mean, name), PARITY_TOTAL.value(total, name))
        ]
        return [*by_language, GINI.value(self.gini)]


def measure_parity(
    tokenizer: Tokenizer, languages: Sequence[Language], engine: Engine | None = None
) -> Parity:
    """Encode every line, with an engine if one is given, and compare the languages line by line.

    Raises:
        CorpusError: the languages have different numbers of lines.
        EncodingError: the tokenizer fails on a line.
    """
    first = languages[0]
    for other in languages[1:]:
        if len(other.lines) != len(first.lines):
            raise CorpusError(
                f"The languages are not aligned: {first.name} has {_lines(first)}, "
                f"{other.name} has {_lines(other)}",
                "Give files in which each line translates the same line of the first file.",
            )
    lengths = [_lengths(tokenizer, each.lines, engine).tolist() for each in languages]
    totals = [sum(each) for each in lengths]
    return Parity(
        tuple(totals),
        tuple(_mean_ratio(each, lengths[0]) for each in lengths),
        tuple(total / totals[0] if totals[0] else None for total in totals),
        gini(totals),
    )


def _lengths(
    tokenizer: Tokenizer, lines: Sequence[str], engine: Engine | None
) -> NDArray[np.int64]:
    """Return the number of tokens of each line; an engine that fails or differs is not used."""
    texts = Utf8Texts.of(lines)
    if engine is not None:
        with suppress(EngineError):
            found = engine.encode(texts)
            check_some(tokenizer, engine, texts, found)
            return np.diff(found.bounds)
    return np.diff(Judge(tokenizer).encode(texts).bounds)


def _lines(language: Language) -> str:
    count = len(language.lines)
    return f"{count:,} {'line' if count == 1 else 'lines'}"


def _mean_ratio(lengths: Sequence[int], reference: Sequence[int]) -> float | None:
    ratios = [one / other for one, other in zip(lengths, reference, strict=True) if other]
    return math.fsum(ratios) / len(ratios) if ratios else None

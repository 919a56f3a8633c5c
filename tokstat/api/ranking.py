"""Rank the reference tokenizers, and others beside them, for one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tokstat.errors import ReportError, did_you_mean
from tokstat.results.language_names import named
from tokstat.results.reference_languages import (
    LANGUAGE_DECIMALS,
    LANGUAGE_SCORES,
    Scores,
    language_scores,
    reference_languages,
)
from tokstat.results.references import references_by_name
from tokstat.results.report import Table
from tokstat.words.language_names import resolve_language

if TYPE_CHECKING:
    from tokstat.api.loading import Spec
    from tokstat.results.declarations import MetricType

MEASURED = ("coverage", "text_length")
"""The analyzers that measure the scores."""

LOWEST_FIRST = frozenset({"leading_space_gap", "text_fertility", "text_unknown_ratio"})
"""The scores that are better the lower they are."""

_BEST = 3
"""Tokenizers that the title of a ranking names."""


def rank(lang: str = "en", specs: Sequence[Spec] = (), *, by: str = "coverage_spaced") -> Table:
    """Rank the reference tokenizers for a language; other tokenizers are measured and ranked too.

    `lang` is one language, by its code, tag or name. `by` is one of
    `tokstat.results.reference_languages.LANGUAGE_SCORES`: the best tokenizer is first, equal ones
    share a rank, and those without the score come last, without a rank. The columns are `rank`,
    `tokenizer`, `tokens` (the size of the vocabulary) and the scores. The title names
    the best three.

    Raises:
        TokstatError: `LexiconError` for a language without scores, `ReportError` for another score,
            or as `inspect`.
    """
    if by not in LANGUAGE_SCORES:
        raise ReportError(f"There is no score {by!r} to rank by", did_you_mean(by, LANGUAGE_SCORES))
    language = resolve_language(lang, reference_languages(), takes="")
    sizes = {name: each.vocab_size for name, each in references_by_name().items()}
    scores = dict(language_scores(language))
    for spec in specs:
        name, size, own = _measure(spec, language)
        scores[name], sizes[name] = own, size
    values = {name: own[by] for name, own in scores.items()}
    sign = 1 if by in LOWEST_FIRST else -1
    order = sorted(scores, key=lambda name: _order(values[name], sign, name))
    known = [value for value in values.values() if value is not None]
    best = [name for name in order if values[name] is not None][:_BEST]
    return Table(
        "rank",
        f"Best of {len(order)} tokenizers for {named(language)}, by {by}: {', '.join(best)}",
        {
            "rank": tuple(_rank(values[name], known, sign) for name in order),
            "tokenizer": tuple(order),
            "tokens": tuple(sizes[name] for name in order),
            **{score: tuple(scores[name][score] for name in order) for score in LANGUAGE_SCORES},
        },
    )


def rank_definitions() -> dict[str, MetricType]:
    """Return the declared metric of each column of `rank` that is a score."""
    from tokstat.analyzers.registry import get_analyzers

    declared = {metric.name: metric for each in get_analyzers(MEASURED) for metric in each.metrics}
    return {name: declared[name] for name in LANGUAGE_SCORES}


def _measure(spec: Spec, language: str) -> tuple[str, int, Scores]:
    """Measure a tokenizer just as the reference tokenizers were."""
    from tokstat.api.inspection import inspect

    report = inspect(spec, lang=language, analyzers=MEASURED)
    values = {name: report.metric(name).value for name in LANGUAGE_SCORES}
    rounded = {
        name: value if value is None else round(value, LANGUAGE_DECIMALS)
        for name, value in values.items()
    }
    return report.tokenizer.spec, report.tokenizer.vocab_size, rounded


def _order(value: float | None, sign: int, name: str) -> tuple[bool, float, str]:
    return value is None, sign * (value or 0), name


def _rank(value: float | None, values: Sequence[float], sign: int) -> int | None:
    """Return one more than the number of better values."""
    if value is None:
        return None
    return 1 + sum(sign * other < sign * value for other in values)

"""The meaning of every finding, metric and analyzer, from its own declaration.

The metrics of `tokstat corpus` are explained too: no analyzer computes them, so their `analyzer` is
the command. `results.explanations` has the same for reading, without an import of the analyzers.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from tokstat.analyzers import registry
from tokstat.analyzers.registry import Analyzer, get_analyzers
from tokstat.corpus import metrics as corpus
from tokstat.corpus.metrics import ABOUT, CORPUS_METRICS
from tokstat.corpus.parity import PARITY_METRICS
from tokstat.results.declarations import FAILURE, MetricType, Rule
from tokstat.results.explanations import Explanation

_CORPUS = "corpus"
"""The command that computes metrics of text."""

_INSPECT = "inspect"
"""The command that runs analyzers, and finds that one failed."""


def all_explanations() -> tuple[Explanation, ...]:
    """Explain every analyzer, each followed by its metrics and findings."""
    by_analyzers = (
        explanation for analyzer in get_analyzers() for explanation in _explain_analyzer(analyzer)
    )
    return (*by_analyzers, _explain_rule(_INSPECT, registry.__name__, FAILURE), *_explain_corpus())


def _explain_analyzer(analyzer: Analyzer) -> Iterator[Explanation]:
    names = tuple(metric.name for metric in analyzer.metrics)
    codes = tuple(rule.code for rule in analyzer.rules)
    sources = [metric.source for metric in analyzer.metrics]
    sources += [rule.source for rule in analyzer.rules]
    yield Explanation(
        name=analyzer.id,
        kind="analyzer",
        analyzer=analyzer.id,
        title=analyzer.title,
        meaning=inspect.getdoc(analyzer.function) or "",
        source="; ".join(dict.fromkeys(filter(None, sources))),
        what_to_do="",
        related=(*names, *codes),
        module=analyzer.function.__module__,
        needs=analyzer.needs,
    )
    for metric in analyzer.metrics:
        yield _explain_metric(
            analyzer.id,
            metric,
            analyzer.function.__module__,
            f"Hold it to a limit: tokstat inspect SPEC --min {metric.name}=NUMBER (or --max).",
            codes,
        )
    for rule in analyzer.rules:
        yield _explain_rule(analyzer.id, analyzer.function.__module__, rule, names)


def _explain_corpus() -> Iterator[Explanation]:
    metrics = (*CORPUS_METRICS, *PARITY_METRICS)
    yield Explanation(
        name=_CORPUS,
        kind="command",
        analyzer=_CORPUS,
        title="Tokenizers on text",
        meaning=ABOUT,
        source="; ".join(dict.fromkeys(metric.source for metric in metrics)),
        what_to_do="",
        related=tuple(metric.name for metric in metrics),
        module=corpus.__name__,
    )
    for metric in metrics:
        yield _explain_metric(
            _CORPUS, metric, corpus.__name__, "Measure it: tokstat corpus SPEC FILE."
        )


def _explain_metric(
    whose: str, metric: MetricType, module: str, what_to_do: str, codes: tuple[str, ...] = ()
) -> Explanation:
    return Explanation(
        name=metric.name,
        kind="metric",
        analyzer=whose,
        title=metric.definition,
        meaning="",
        source=metric.source,
        what_to_do=what_to_do,
        related=codes,
        module=module,
        unit=metric.unit,
    )


def _explain_rule(
    analyzer: str, module: str, rule: Rule, names: tuple[str, ...] = ()
) -> Explanation:
    return Explanation(
        name=rule.code,
        kind="finding",
        analyzer=analyzer,
        title=rule.title,
        meaning=rule.rationale,
        source=rule.source,
        what_to_do=rule.hint,
        related=names,
        module=module,
        severity=rule.severity,
    )

"""The meaning of every finding, metric and analyzer, from its own declaration.

The metrics of `tokstat corpus` are explained too: no analyzer computes them, so their `analyzer` is
the command.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tokstat.analyzers import registry
from tokstat.analyzers.registry import Analyzer, get_analyzers
from tokstat.corpus import metrics as corpus
from tokstat.corpus.metrics import ABOUT, CORPUS_METRICS
from tokstat.corpus.parity import PARITY_METRICS
from tokstat.errors import UnknownNameError, did_you_mean
from tokstat.results.declarations import FAILURE, MetricType, Rule
from tokstat.results.report import SCHEMA_VERSION, Severity

Kind = Literal["analyzer", "command", "metric", "finding"]


_CODE = re.compile(r"TS\d*", re.IGNORECASE)

_CORPUS = "corpus"
"""The command that computes metrics of text."""

_INSPECT = "inspect"
"""The command that runs analyzers, and finds that one failed."""


@dataclass(frozen=True)
class Explanation:
    """Hold the explanation of one name: its meaning, its source, and what to do.

    `title` is one line, and `meaning` adds to it. A metric has a `unit`, a finding a `severity`; an
    analyzer may have `needs`. `related` are further names: an analyzer's metrics and findings, the
    findings beside a metric, the metrics beside a finding. `module` defines the analyzer.
    """

    name: str
    kind: Kind
    analyzer: str
    title: str
    meaning: str
    source: str
    what_to_do: str
    related: tuple[str, ...]
    module: str
    unit: str | None = None
    severity: Severity | None = None
    needs: tuple[str, ...] = ()


def all_explanations() -> tuple[Explanation, ...]:
    """Explain every analyzer, each followed by its metrics and findings."""
    by_analyzers = (
        explanation for analyzer in get_analyzers() for explanation in _explain_analyzer(analyzer)
    )
    return (*by_analyzers, _explain_rule(_INSPECT, registry.__name__, FAILURE), *_explain_corpus())


def find_explanations(name: str) -> tuple[Explanation, ...]:
    """Explain a name; a metric of several analyzers has several explanations.

    Another word, such as `eos` or `lstrip`, explains the findings that tell of it.

    Raises:
        UnknownNameError: nothing has the name, and no finding tells of it.
    """
    everything = all_explanations()
    found = tuple(each for each in everything if each.name == name)
    found = found or tuple(_telling_of(name, everything))
    if not found:
        known = list(dict.fromkeys(each.name for each in everything))
        raise UnknownNameError(
            f"There is no finding, metric or analyzer {name!r}", did_you_mean(name, known)
        )
    return found


def _telling_of(word: str, everything: Iterable[Explanation]) -> Iterator[Explanation]:
    """Yield the findings whose words include one, those that have it in the title first."""
    if not word.strip() or _CODE.fullmatch(word):
        return
    pattern = re.compile(rf"(?<![a-z]){re.escape(word.strip())}(?![a-z])", re.IGNORECASE)
    findings = [each for each in everything if each.kind == "finding"]
    titled = [each for each in findings if pattern.search(each.title)]
    yield from titled
    for each in findings:
        if each not in titled and pattern.search(f"{each.meaning} {each.what_to_do}"):
            yield each


def to_dict(explanations: Iterable[Explanation]) -> dict[str, Any]:
    """Return plain data, ready for JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "explanations": [asdict(each) for each in explanations],
    }


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

"""Declarations of metrics and rules: names, definitions, sources, and how to act on a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tokstat.results.report import FAILED, Finding, Metric, Severity

OWN = "tokstat's own definition"
"""The source of a definition that, as far as we know, nobody published before."""


@dataclass(frozen=True)
class MetricType:
    """Declare a metric: its name, unit, one-line definition, and the definition's source.

    The source is a paper's short name with its arXiv id, or `OWN`.
    """

    name: str
    unit: str
    definition: str
    source: str = ""

    def ratio(self, numerator: int, denominator: int, scope: str | None = None) -> Metric:
        """Return this metric with the value numerator / denominator."""
        return Metric.ratio(self.name, numerator, denominator, self.definition, scope)

    def value(self, value: float | None, scope: str | None = None) -> Metric:
        """Return this metric with a count or a difference for its value."""
        return Metric(self.name, value, self.unit, self.definition, scope=scope)


@dataclass(frozen=True)
class Rule:
    """Declare a finding of an analyzer, with a stable code.

    `rationale` is why it matters, `source` the evidence for that, and `hint` what to do.
    """

    code: str
    severity: Severity
    title: str
    rationale: str
    hint: str
    source: str = ""

    def found(self, message: str, token_ids: Iterable[int] = (), *, hint: str = "") -> Finding:
        """Return a finding of this rule, or one with a hint of its own."""
        return Finding(
            code=self.code,
            severity=self.severity,
            message=message,
            hint=hint or self.hint,
            token_ids=tuple(map(int, token_ids)),
            title=self.title,
            rationale=self.rationale,
        )


FAILURE = Rule(
    FAILED,
    "error",
    "An analyzer failed",
    "The report lacks what the analyzer looks for. That it shows no such finding means nothing. "
    "All other sections are whole.",
    "Report it, with the tokenizer, to whoever wrote the analyzer.",
    source=OWN,
)
"""What the registry itself finds, about any analyzer."""

"""Declarations of metrics and rules: names, definitions, sources, and how to act on a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tokstat.results.report import Finding, Metric, Severity

OWN = "tokstat's own definition"
"""The source of what is defined here for the first time, as far as we know."""


@dataclass(frozen=True)
class MetricType:
    """Declare a metric: its name, unit, definition in one line, and the definition's source.

    The source is a paper's short name with its arXiv id, or `OWN`.
    """

    name: str
    unit: str
    definition: str
    source: str = ""

    def ratio(self, numerator: int, denominator: int, scope: str | None = None) -> Metric:
        """Return numerator / denominator as this metric."""
        return Metric.ratio(self.name, numerator, denominator, self.definition, scope)

    def value(self, value: float | None, scope: str | None = None) -> Metric:
        """Return a count or a difference as this metric."""
        return Metric(self.name, value, self.unit, self.definition, scope=scope)


@dataclass(frozen=True)
class Rule:
    """Declare what an analyzer may find: a stable code, and why and how to act on it.

    `rationale` says why it matters, `source` what that rests on, and `hint` what to do.
    """

    code: str
    severity: Severity
    title: str
    rationale: str
    hint: str
    source: str = ""

    def found(self, message: str, token_ids: Iterable[int] = ()) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            code=self.code,
            severity=self.severity,
            message=message,
            hint=self.hint,
            token_ids=tuple(map(int, token_ids)),
            title=self.title,
            rationale=self.rationale,
        )

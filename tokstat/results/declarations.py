"""Declarations of metrics and rules: names, definitions, sources, and how to act on a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tokstat.results.report import FAILED, SEVERITIES, Finding, Metric, Severity

Purpose = Literal["static", "encoder", "llm"]
"""What a model is for: static embeddings, embeddings or labels of texts, generated text."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

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
    `by_purpose` has the severities for purposes that differ from `severity`. A finding that names
    less than `least_share` of all tokens is a note at most.
    """

    code: str
    severity: Severity
    title: str
    rationale: str
    hint: str
    source: str = ""
    by_purpose: Mapping[Purpose, Severity] = field(default_factory=dict, hash=False)
    least_share: float = 0.0

    def found(
        self,
        message: str,
        token_ids: Iterable[int] = (),
        *,
        severity: Severity | None = None,
        hint: str | None = None,
    ) -> Finding:
        """Return a finding of this rule, or one with a severity or a hint of its own."""
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            message=message,
            hint=hint or self.hint,
            token_ids=tuple(map(int, token_ids)),
            title=self.title,
            rationale=self.rationale,
        )

    def severity_of(self, finding: Finding, purpose: Purpose | None, tokens: int) -> Severity:
        """Return how severe a finding is for a purpose, in a vocabulary of so many tokens."""
        severity = finding.severity
        if purpose is not None and severity == self.severity:
            severity = self.by_purpose.get(purpose, severity)
        if len(finding.token_ids) < self.least_share * tokens:
            severity = SEVERITIES[0]
        return severity


FAILURE = Rule(
    FAILED,
    "error",
    "An analyzer failed",
    "The report lacks this analyzer's findings, so their absence means nothing. All other "
    "sections are complete.",
    "Report it to the author of the analyzer, with the tokenizer.",
    source=OWN,
)
"""What the registry itself finds, about any analyzer."""

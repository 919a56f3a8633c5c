"""Analyzers, one file each: a function from a `Subject` to a `Result`.

Whoever writes one imports what it takes from here. `registry` finds the analyzers, `subject` has
the facts that they share, and `explanations` tells users what each of them reports.
"""

from tokstat.analyzers.registry import Result, analyzer
from tokstat.analyzers.subject import Subject
from tokstat.results.declarations import OWN, MetricType, Rule
from tokstat.results.report import Finding, Metric, Table

__all__ = [
    "OWN",
    "Finding",
    "Metric",
    "MetricType",
    "Result",
    "Rule",
    "Subject",
    "Table",
    "analyzer",
]

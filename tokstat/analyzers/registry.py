"""The analyzers there are, and how to declare one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from tokstat.errors import AnalyzerError, DataError, EncodingError
from tokstat.results import Finding, Metric, Section, Severity, Table
from tokstat.subject import Subject

ENTRY_POINT_GROUP = "tokstat.analyzers"

_BUILT_IN = (
    "composition",
    "whole_words",
    "casing",
    "fragments",
    "coverage",
    "wordsim_coverage",
    "expected_wordsim",
    "pipeline",
    "byte_sequences",
    "reachability",
)

Need = Literal["content tokens", "alphabetic tokens", "an English lexicon"]


@dataclass(frozen=True)
class MetricType:
    """Declare a metric: its name, unit, definition in one line, and the definition's source."""

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

    `rationale` says why it matters, with its source; `hint` says what to do.
    """

    code: str
    severity: Severity
    title: str
    rationale: str
    hint: str

    def found(self, message: str, token_ids: Iterable[int] = ()) -> Finding:
        """Return a finding of this rule."""
        return Finding(self.code, self.severity, message, self.hint, tuple(map(int, token_ids)))


@dataclass(frozen=True)
class Result:
    """Hold what an analyzer's function returns; the registry puts its id and title to it."""

    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Analyzer:
    """Join a function with what users and documentation need to know about it."""

    id: str
    title: str
    needs: tuple[Need, ...]
    metrics: tuple[MetricType, ...]
    rules: tuple[Rule, ...]
    function: Callable[[Subject], Result]

    def __call__(self, subject: Subject) -> Section:
        """Run on a subject; a need that it cannot meet gives a skipped section with the reason."""
        for need in self.needs:
            if reason := _lacking(subject, need):
                return Section(self.id, self.title, skipped=reason)
        try:
            result = self.function(subject)
        except (DataError, EncodingError) as error:
            return Section(self.id, self.title, skipped=error.problem)
        return Section(
            self.id,
            self.title,
            metrics=result.metrics,
            tables=result.tables,
            findings=result.findings,
        )


def analyzer(
    id: str,
    *,
    title: str,
    needs: tuple[Need, ...] = (),
    metrics: tuple[MetricType, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Callable[[Callable[[Subject], Result]], Analyzer]:
    """Make an analyzer of a function; its docstring is its documentation."""

    def declare(function: Callable[[Subject], Result]) -> Analyzer:
        return Analyzer(id, title, needs, metrics, rules, function)

    return declare


def _lacking(subject: Subject, need: Need) -> str | None:
    if need == "content tokens" and not subject.vocabulary.content.any():
        return "the vocabulary has no content tokens"
    if need == "alphabetic tokens" and not subject.vocabulary.alphabetic.any():
        return "the vocabulary has no alphabetic tokens"
    if need == "an English lexicon" and subject.lexicon.languages != ("en",):
        return "what it rests on is measured for English only"
    return None


@cache
def all_analyzers() -> tuple[Analyzer, ...]:
    """Return the built-in analyzers in report order, then those of other distributions.

    Raises:
        AnalyzerError: an entry point that does not load, is no analyzer, or takes a used id.
    """
    found = [
        getattr(importlib.import_module(f"tokstat.analyzers.{name}"), name) for name in _BUILT_IN
    ]
    found += _plugins()
    ids = [each.id for each in found]
    for each in ids:
        if ids.count(each) > 1:
            raise AnalyzerError(
                f"Two analyzers have the id {each!r}", "Rename or uninstall one of them."
            )
    return tuple(found)


def get_analyzers(ids: Iterable[str] | None = None) -> tuple[Analyzer, ...]:
    """Return the analyzers with these ids, or all. Raises AnalyzerError for an unknown id."""
    registered = {each.id: each for each in all_analyzers()}
    if ids is None:
        return tuple(registered.values())
    try:
        return tuple(registered[each] for each in ids)
    except KeyError as error:
        raise AnalyzerError(
            f"No analyzer {error.args[0]!r}", f"There are: {', '.join(registered)}."
        ) from error


def _plugins() -> list[Analyzer]:
    """Load the analyzers of other distributions, in the order of their names."""
    if not _any_plugin_installed():
        return []
    from importlib.metadata import entry_points

    found = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        try:
            loaded = point.load()
        except Exception as error:  # whatever a foreign module raises on import
            raise AnalyzerError(
                f"The plug-in {point.value} does not load: {type(error).__name__}: {error}",
                "Repair or uninstall the distribution that brings it.",
            ) from error
        if not isinstance(loaded, Analyzer):
            raise AnalyzerError(
                f"The plug-in {point.value} is no analyzer",
                "Decorate its function with tokstat.analyzers.registry.analyzer.",
            )
        found.append(loaded)
    return found


def _any_plugin_installed() -> bool:
    """Look for the group's name in installed metadata; importlib.metadata takes 50 ms to say no."""
    group = ENTRY_POINT_GROUP.encode()
    return any(
        group in file.read_bytes()
        for folder in dict.fromkeys(sys.path)
        for kind in ("dist-info", "egg-info")
        for file in Path(folder or ".").glob(f"*.{kind}/entry_points.txt")
    )

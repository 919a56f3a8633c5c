"""All analyzers, and how to declare one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Literal

from tokstat.analyzers.subject import Options, Subject
from tokstat.errors import (
    AnalyzerError,
    DataError,
    EncodingError,
    LimitError,
    did_you_mean,
    reason_of,
)
from tokstat.io.plugins import ANALYZERS, entry_points_of
from tokstat.results.declarations import FAILURE, MetricType, Rule
from tokstat.results.report import (
    MOST_TOKENS_SHOWN,
    Finding,
    Metric,
    Section,
    Table,
)
from tokstat.text.visible import shortened
from tokstat.tokenizer.vocabulary import Vocabulary

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_BUILT_IN = (
    "splits",
    "composition",
    "whole_words",
    "casing",
    "redundancy",
    "fragments",
    "coverage",
    "text_length",
    "wordsim_coverage",
    "expected_wordsim",
    "pipeline",
    "byte_sequences",
    "reachability",
    "files",
    "special_tokens",
    "written_ids",
    "frame",
    "lengths",
    "added_tokens",
    "decoded_text",
    "training",
    "lost_words",
    "digits",
    "whitespace",
    "repeated_characters",
    "debris",
    "chat_template",
    "token_roles",
    "loadability",
    "neighbours",
    "trained_rows",
    "loader_agreement",
    "under_trained",
)

Need = Literal[
    "content tokens", "alphabetic tokens", "an English lexicon", "option deep", "option weights"
]


@dataclass(frozen=True)
class Result:
    """Hold what an analyzer's function returns; the registry adds the id and the title."""

    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Analyzer:
    """Pair an analyzer's function with what users and documentation need to know about it."""

    id: str
    title: str
    needs: tuple[Need, ...]
    metrics: tuple[MetricType, ...]
    rules: tuple[Rule, ...]
    function: Callable[[Subject], Result]

    def is_asked_for(self, options: Options) -> bool:
        """Return whether the options that it needs are set; without them a report leaves it out."""
        return not any(_unset_option(options, need) for need in self.needs)

    def __call__(self, subject: Subject) -> Section:
        """Run on a subject; where a need is not met, return a skipped section with the reason.

        A function that fails, or returns what it has not declared, gives a skipped section with
        the finding `FAILURE`. Raises LimitError where the tokenizer takes too long.
        """
        for need in self.needs:
            if reason := _lacking(subject, need):
                return Section(self.id, self.title, skipped=reason)
        try:
            result = self.function(subject)
            self._check(result)
            return Section(
                self.id,
                self.title,
                metrics=result.metrics,
                tables=result.tables,
                findings=tuple(self._finished(each, subject) for each in result.findings),
            )
        except (DataError, EncodingError) as error:
            return Section(self.id, self.title, skipped=error.problem)
        except LimitError:
            raise
        except BaseException as error:  # a foreign function may raise anything
            from tokstat.errors import is_panic  # tokstat explain must not import it

            if is_panic(error):
                reason = f'the tokenizers library failed: "{reason_of(error)}"'
                return Section(self.id, self.title, skipped=reason)
            if not isinstance(error, (Exception, SystemExit)):
                raise
            if isinstance(error, AnalyzerError):
                return self._failed(error.problem)
            return self._failed(f"{type(error).__name__}: {reason_of(error)}")

    def _finished(self, finding: Finding, subject: Subject) -> Finding:
        """Return a finding with its tokens, as severe as the purpose and their share make it."""
        tokens = len(subject.vocabulary)
        rule = next(each for each in self.rules if each.code == finding.code)
        severity = rule.severity_of(finding, subject.purpose, tokens)
        return replace(_spell_out(finding, subject.vocabulary), severity=severity)

    def _failed(self, reason: str) -> Section:
        message = f"The analyzer {self.id!r} ({self.function.__module__}) failed: {reason}."
        finding = FAILURE.found(message)
        return Section(
            self.id, self.title, skipped=f"the analyzer failed: {reason}", findings=(finding,)
        )

    def _check(self, result: Result) -> None:
        """Check a result against the declarations, which documentation and gates rely on."""
        declared = {each.name for each in self.metrics} | {each.code for each in self.rules}
        names = [each.name for each in result.metrics] + [each.code for each in result.findings]
        for name in names:
            if name not in declared:
                raise ValueError(f"{name} is not declared")
        for metric in result.metrics:
            value = metric.value
            if value is not None and not (isinstance(value, (int, float)) and isfinite(value)):
                raise ValueError(f"{metric.name} is {value!r}, which is not a finite number")


def analyzer(
    id: str,
    *,
    title: str,
    needs: tuple[Need, ...] = (),
    metrics: tuple[MetricType, ...] = (),
    rules: tuple[Rule, ...] = (),
) -> Callable[[Callable[[Subject], Result]], Analyzer]:
    """Turn a function into an analyzer; its docstring is its documentation."""

    def declare(function: Callable[[Subject], Result]) -> Analyzer:
        return Analyzer(id, title, needs, metrics, rules, function)

    return declare


def _spell_out(finding: Finding, vocabulary: Vocabulary) -> Finding:
    """Add the display of the first tokens to a finding, unless the analyzer has done so."""
    if finding.tokens or not finding.token_ids:
        return finding
    shown = vocabulary.displays_of_ids(finding.token_ids[:MOST_TOKENS_SHOWN])
    return replace(finding, tokens=tuple(map(shortened, shown)))


def _lacking(subject: Subject, need: Need) -> str | None:
    if need == "content tokens" and not subject.vocabulary.content.any():
        return "the vocabulary has no content tokens"
    if need == "alphabetic tokens" and not subject.vocabulary.alphabetic.any():
        return "the vocabulary has no alphabetic tokens"
    if need == "an English lexicon" and subject.lexicon.languages != ("en",):
        return "its reference data is for English only"
    if option := _unset_option(subject.options, need):
        return f"it runs only with {option}"
    return None


def _unset_option(options: Options, need: Need) -> str | None:
    if need == "option deep" and not options.deep:
        return "--deep"
    if need == "option weights" and options.weights is None:
        return "--weights"
    return None


@cache
def all_analyzers() -> tuple[Analyzer, ...]:
    """Return the built-in analyzers in report order, then those of other distributions.

    One that cannot be loaded, is no analyzer, or uses an id, code or metric name that is taken, has
    one in its place that fails with the reason.
    """
    found = [
        getattr(importlib.import_module(f"tokstat.analyzers.{name}"), name) for name in _BUILT_IN
    ]
    for name, plugin in _plugins():
        taken = _taken_name(found, plugin)
        found.append(_failing(name, taken) if taken else plugin)
    return tuple(found)


def _taken_name(analyzers: Iterable[Analyzer], other: Analyzer) -> str:
    """Say which name of an analyzer is that of another; "" if none is.

    A metric may be declared twice, in the same way.
    """
    for each in analyzers:
        owner = each.function.__module__
        if each.id == other.id:
            return f"the id {each.id!r} is taken by {owner}"
        for rule in each.rules:
            if rule.code in {one.code for one in other.rules}:
                return f"the code {rule.code!r} is taken by {owner}"
        for metric in each.metrics:
            if any(one.name == metric.name and one != metric for one in other.metrics):
                return f"the metric {metric.name!r} is declared otherwise by {owner}"
    return ""


def _failing(name: str, reason: str) -> Analyzer:
    """Return an analyzer that stands for a plug-in that cannot be used."""

    def fail(_: Subject) -> Result:
        raise AnalyzerError(reason, "Repair or uninstall the distribution that brings it.")

    fail.__doc__ = f"Cannot be used: {reason}."
    shown = f"plug-in {name}" if name in _BUILT_IN else name
    return Analyzer(shown, f"Plug-in {name}", (), (), (), fail)


def get_analyzers(ids: Iterable[str] | None = None) -> tuple[Analyzer, ...]:
    """Return the analyzers with these ids, or all. Raises AnalyzerError for an unknown id."""
    registered = {each.id: each for each in all_analyzers()}
    if ids is None:
        return tuple(registered.values())
    try:
        return tuple(registered[each] for each in ids)
    except KeyError as error:
        raise AnalyzerError(
            f"There is no analyzer {error.args[0]!r}", did_you_mean(error.args[0], [*registered])
        ) from error


def all_rules() -> tuple[Rule, ...]:
    """Return the rules of all analyzers in report order, then the registry's own."""
    return (*(rule for each in all_analyzers() for rule in each.rules), FAILURE)


def analyzers_of_metric(name: str) -> tuple[str, ...]:
    """Return the ids of the analyzers that declare a metric."""
    return tuple(
        each.id for each in all_analyzers() if any(metric.name == name for metric in each.metrics)
    )


def _plugins() -> list[tuple[str, Analyzer]]:
    """Load the analyzers of other distributions, in the order of their names."""
    return [(point.name, _loaded(point)) for point in entry_points_of(ANALYZERS)]


def _loaded(point: EntryPoint) -> Analyzer:
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:  # a foreign module may raise anything on import
        reason = f"{type(error).__name__}: {reason_of(error)}"
        return _failing(point.name, f"{point.value} cannot be loaded: {reason}")
    if isinstance(loaded, Analyzer):
        return loaded
    return _failing(
        point.name,
        f"{point.value} is not an analyzer: decorate its function with tokstat.analyzers.analyzer",
    )

"""The analyzers there are, and how to declare one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite
from typing import Literal

from tokstat.analyzers.subject import Options, Subject
from tokstat.errors import AnalyzerError, DataError, EncodingError, TokstatError, reason_of
from tokstat.io.plugins import entry_points_of
from tokstat.results.declarations import MetricType, Rule
from tokstat.results.report import MOST_TOKENS_SHOWN, Finding, Metric, Section, Table
from tokstat.text.unicode import shortened
from tokstat.tokenizer.vocabulary import Vocabulary

ENTRY_POINT_GROUP = "tokstat.analyzers"

_BUILT_IN = (
    "composition",
    "whole_words",
    "casing",
    "redundancy",
    "fragments",
    "coverage",
    "wordsim_coverage",
    "expected_wordsim",
    "pipeline",
    "byte_sequences",
    "reachability",
    "files",
    "special_tokens",
    "written_ids",
    "added_tokens",
    "merges",
    "digits",
    "whitespace",
    "repeated_characters",
    "debris",
    "loader_agreement",
    "under_trained",
)

Need = Literal[
    "content tokens", "alphabetic tokens", "an English lexicon", "option deep", "option weights"
]


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

    def is_asked_for(self, options: Options) -> bool:
        """Tell whether the options that it needs are set: else a report leaves it out."""
        return not any(_unset_option(options, need) for need in self.needs)

    def __call__(self, subject: Subject) -> Section:
        """Run on a subject; a need that it cannot meet gives a skipped section with the reason.

        Raises:
            AnalyzerError: the function fails, or returns what it has not declared.
        """
        for need in self.needs:
            if reason := _lacking(subject, need):
                return Section(self.id, self.title, skipped=reason)
        try:
            result = self.function(subject)
            self._check(result)
        except (DataError, EncodingError) as error:
            return Section(self.id, self.title, skipped=error.problem)
        except TokstatError:
            raise
        except BaseException as error:  # whatever a foreign function raises
            from tokstat.tokenizer.encoding import is_panic  # not for tokstat explain

            if is_panic(error):
                reason = f"the tokenizers library gave up: {reason_of(error)}"
                return Section(self.id, self.title, skipped=reason)
            if not isinstance(error, Exception):
                raise
            raise AnalyzerError(
                f"The analyzer {self.id!r} ({self.function.__module__}) failed: "
                f"{type(error).__name__}: {reason_of(error)}",
                "Report it to whoever wrote it; --analyzer runs the others alone.",
            ) from error
        return Section(
            self.id,
            self.title,
            metrics=result.metrics,
            tables=result.tables,
            findings=tuple(_spell_out(each, subject.vocabulary) for each in result.findings),
        )

    def _check(self, result: Result) -> None:
        """Hold a result to the declarations: documentation and gates rely on them."""
        declared = {each.name for each in self.metrics} | {each.code for each in self.rules}
        names = [each.name for each in result.metrics] + [each.code for each in result.findings]
        for name in names:
            if name not in declared:
                raise ValueError(f"{name} is not declared")
        for metric in result.metrics:
            value = metric.value
            if value is not None and not (isinstance(value, (int, float)) and isfinite(value)):
                raise ValueError(f"{metric.name} is {value!r}, and no finite int or float")


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


def _spell_out(finding: Finding, vocabulary: Vocabulary) -> Finding:
    """Show the first tokens that a finding concerns, unless the analyzer has done so itself."""
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
        return "what it rests on is measured for English only"
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

    Raises:
        AnalyzerError: an entry point that does not load, is no analyzer, or takes a used id, code
            or metric name.
    """
    found = [
        getattr(importlib.import_module(f"tokstat.analyzers.{name}"), name) for name in _BUILT_IN
    ]
    found += _plugins()
    _check_names_are_unique(found)
    return tuple(found)


def _check_names_are_unique(analyzers: Iterable[Analyzer]) -> None:
    """Ids and codes are one analyzer's; a metric may be several's, with one definition."""
    owners: dict[tuple[str, str], tuple[Analyzer, object]] = {}
    for each in analyzers:
        names: list[tuple[str, str, object]] = [("id", each.id, each)]
        names += [("code", rule.code, rule) for rule in each.rules]
        names += [("metric", metric.name, metric) for metric in each.metrics]
        for what, name, declared in names:
            owner, before = owners.setdefault((what, name), (each, declared))
            if owner is not each and (what != "metric" or declared != before):
                raise AnalyzerError(
                    f"Two analyzers have the {what} {name!r}, of {owner.function.__module__} and "
                    f"{each.function.__module__}",
                    "Rename or uninstall one of them.",
                )


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


def analyzers_of_metric(name: str) -> tuple[str, ...]:
    """Return the ids of the analyzers that declare a metric."""
    return tuple(
        each.id for each in all_analyzers() if any(metric.name == name for metric in each.metrics)
    )


def _plugins() -> list[Analyzer]:
    """Load the analyzers of other distributions, in the order of their names."""
    found = []
    for point in entry_points_of(ENTRY_POINT_GROUP):
        try:
            loaded = point.load()
        except (Exception, SystemExit) as error:  # whatever a foreign module raises on import
            raise AnalyzerError(
                f"The plug-in {point.value} does not load: {type(error).__name__}: "
                f"{reason_of(error)}",
                "Repair or uninstall the distribution that brings it.",
            ) from error
        if not isinstance(loaded, Analyzer):
            raise AnalyzerError(
                f"The plug-in {point.value} is no analyzer",
                "Decorate its function with tokstat.analyzers.analyzer.",
            )
        found.append(loaded)
    return found

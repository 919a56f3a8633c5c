"""The result of an analysis: a report of sections with metrics, tables and findings.

Everything here is data: frozen, comparable, and equal to itself after a round trip through JSON.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol, TypeVar, get_args

from tokstat.errors import MissingExtraError, ReportError
from tokstat.results.from_json import build_saved, parse_saved
from tokstat.results.verdict import Statement, verdict_of
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted

SCHEMA_VERSION = 2

Severity = Literal["info", "warning", "error"]

FAILED = "TS190"
"""The code by which a section says that its analyzer failed."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Severities of findings, mildest first."""

_WORST_FIRST = {severity: -number for number, severity in enumerate(SEVERITIES)}

MOST_TOKENS_SHOWN = 1_000
"""Most tokens that a finding shows; of the others it has only the ids."""


@dataclass(frozen=True)
class Metric:
    """Hold one number with its parts.

    A ratio (`unit` "ratio", 0 to 1) has an integer numerator and denominator, and is None if the
    denominator is 0. A difference of ratios has neither. The unit of a count is what it counts.
    `scope` names the data behind the number, where the definition does not. `interval` is the low
    and the high end of a prediction.
    """

    name: str
    value: float | None
    unit: str
    definition: str
    numerator: int | None = None
    denominator: int | None = None
    scope: str | None = None
    interval: tuple[float, float] | None = None

    def __repr__(self) -> str:
        value = "none" if self.value is None else f"{self.value:,.4g}"
        parts = "" if self.denominator is None else f" ({self.numerator:,} of {self.denominator:,})"
        return f"<Metric {quoted(self.name)}: {value} {self.unit}{parts}>"

    def __post_init__(self) -> None:
        if self.denominator is not None and self.numerator is None:
            raise TypeError(f"{self.name} has a denominator, and may not lack its numerator")

    @classmethod
    def ratio(
        cls, name: str, numerator: int, denominator: int, definition: str, scope: str | None = None
    ) -> Metric:
        """Return the metric with the value numerator / denominator, or None if that is 0."""
        value = numerator / denominator if denominator else None
        return cls(name, value, "ratio", definition, int(numerator), int(denominator), scope)


@dataclass(frozen=True)
class Table(Written):
    """Hold named columns of equal length."""

    name: str
    title: str
    columns: Mapping[str, tuple[Any, ...]]

    def __post_init__(self) -> None:
        if len({len(column) for column in self.columns.values()}) > 1:
            raise ValueError(f"columns of table {self.name!r} differ in length")

    @classmethod
    def of(cls, name: str, title: str, items: Sequence[object], columns: Iterable[str]) -> Table:
        """Return a row for each item, with these attributes."""
        found = {each: tuple(getattr(item, each) for item in items) for each in columns}
        return cls(name, title, found)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __repr__(self) -> str:
        rows = counted(len(self), "row")
        return f"<Table {quoted(self.name)}: {rows} of {listed(tuple(self.columns))}>"

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts and lists, ready for JSON."""
        columns = {name: list(column) for name, column in self.columns.items()}
        return {"name": self.name, "title": self.title, "columns": columns}

    def to_table(self) -> Table:
        """Return the table itself."""
        return self

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, in the order of the columns."""
        return zip(*self.columns.values(), strict=True)

    def to_frame(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Return the table as a data frame of pandas or polars, imported now.

        Raises:
            MissingExtraError: the library is not installed.
        """
        if library not in ("pandas", "polars"):
            raise ValueError(f"library is 'pandas' or 'polars', not {library!r}")
        try:
            frames = importlib.import_module(library)
        except ImportError as error:
            raise MissingExtraError(
                f"{library} is not installed, so there is no {library} data frame",
                f"Run: pip install {library}",
            ) from error
        columns = {name: list(column) for name, column in self.columns.items()}
        # Columns such as the values of metrics hold whole numbers, fractions and None.
        options = {"strict": False} if library == "polars" else {}
        return frames.DataFrame(columns, **options)


@dataclass(frozen=True)
class Finding:
    """Hold one thing that a user may want to act on.

    - `code`: stable (`TS101`).
    - `message`: what was found, in numbers.
    - `hint`: what to do.
    - `token_ids`: all the tokens concerned; empty if the finding is about the whole tokenizer.
    - `tokens`: the first `MOST_TOKENS_SHOWN` of these in readable form, "" for an id without a
      token, so that a saved report can be read without its tokenizer.
    - `title`, `rationale`: the name of the rule, and why it matters.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    token_ids: tuple[int, ...] = ()
    tokens: tuple[str, ...] = ()
    title: str = ""
    rationale: str = ""

    def __repr__(self) -> str:
        tokens = f" ({counted(len(self.token_ids), 'token')})" if self.token_ids else ""
        return f"<Finding {self.code} {self.severity}: {quoted(self.message)}{tokens}>"


class Findings(tuple[Finding, ...], Written):
    """Hold the findings of a report: a tuple that is also a result of its own."""

    def __repr__(self) -> str:
        return f"<Findings: {listed([f'{each.code} {each.severity}' for each in self])}>"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        return {"findings": [_finding_to_dict(each) for each in self]}

    def to_table(self) -> Table:
        """Return a row for each finding, with the number of its tokens."""
        names = ("code", "severity", "title", "message", "hint")
        table = Table.of("findings", "Findings", self, names)
        counts = tuple(len(each.token_ids) for each in self)
        return Table(table.name, table.title, {**table.columns, "tokens": counts})


@dataclass(frozen=True)
class Section:
    """Hold the result of one analyzer; `skipped` is why it could not run, or None."""

    analyzer: str
    title: str
    skipped: str | None = None
    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        if self.skipped is not None:
            return f"<Section {quoted(self.analyzer)}: skipped, {quoted(self.skipped)}>"
        parts = (
            counted(len(self.metrics), "metric"),
            counted(len(self.tables), "table"),
            counted(len(self.findings), "finding"),
        )
        return f"<Section {quoted(self.analyzer)}: {', '.join(parts)}>"

    @property
    def failure(self) -> str | None:
        """How the analyzer failed, in a sentence; None where it did not."""
        return next((each.message for each in self.findings if each.code == FAILED), None)

    def metric(self, name: str) -> Metric:
        """Return one metric. Raises ReportError for a name that the section lacks."""
        return named(self.metrics, name, f"section {self.analyzer!r}")

    def table(self, name: str) -> Table:
        """Return one table. Raises ReportError for a name that the section lacks."""
        return named(self.tables, name, f"section {self.analyzer!r}")


@dataclass(frozen=True)
class TokenizerInfo:
    """Identify the tokenizer of a report.

    `vocab_size` counts ids, added tokens included. `sha256` is of the file that was read, `loader`
    the code path that read it. `notes` are cautions for readers. `purpose` is what its model is
    for (static, encoder, llm), by which findings are judged; None where no file says so.
    """

    spec: str
    source: str
    revision: str | None
    sha256: str
    loader: str
    model_type: str
    scheme: str
    vocab_size: int
    added_tokens: int
    lowercases: bool
    adds_leading_space: bool
    notes: tuple[str, ...] = ()
    purpose: str | None = None


@dataclass(frozen=True)
class LexiconInfo:
    """Identify the word list behind the scores; `words` counts its known words."""

    name: str
    languages: tuple[str, ...]
    words: int
    source: str


class _HasName(Protocol):
    @property
    def name(self) -> str: ...


_Named = TypeVar("_Named", bound=_HasName)


@dataclass(frozen=True)
class Report(Written):
    """Hold the whole analysis of one tokenizer."""

    tokenizer: TokenizerInfo
    lexicon: LexiconInfo
    sections: tuple[Section, ...]
    tokstat_version: str = ""
    schema_version: int = field(default=SCHEMA_VERSION)

    def __repr__(self) -> str:
        found = [finding.severity for finding in self.findings]
        nouns = {each: "note" if each == "info" else each for each in found}
        counts = ", ".join(counted(found.count(each), noun) for each, noun in nouns.items())
        return (
            f"<Report {quoted(self.tokenizer.spec)}:"
            f" {counted(self.tokenizer.vocab_size, 'token')},"
            f" {counted(len(found), 'finding')}{f' ({counts})' if counts else ''};"
            f" sections {listed([section.analyzer for section in self.sections])}>"
        )

    def section(self, analyzer: str) -> Section:
        """Return the section of one analyzer. Raises ReportError if it did not run."""
        for section in self.sections:
            if section.analyzer == analyzer:
                return section
        known = ", ".join(section.analyzer for section in self.sections)
        raise ReportError(f"The report has no section {analyzer!r}", f"Choose from: {known}.")

    def metric(self, name: str) -> Metric:
        """Return a metric of any section. Raises ReportError for an unknown name."""
        return named(self.metrics, name, "report")

    def __getitem__(self, name: str) -> Metric:
        """Return a metric, as `metric`."""
        return self.metric(name)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, in the order of sections."""
        return tuple(metric for section in self.sections for metric in section.metrics)

    def table(self, name: str) -> Table:
        """Return a table of any section. Raises ReportError for an unknown name."""
        return named([each for section in self.sections for each in section.tables], name, "report")

    def to_table(self) -> Table:
        """Return a row for each metric."""
        return table_of_metrics(self.metrics)

    @property
    def failures(self) -> tuple[str, ...]:
        """How analyzers failed, a sentence each, in the order of sections."""
        return tuple(each.failure for each in self.sections if each.failure is not None)

    @property
    def findings(self) -> Findings:
        """All findings, worst first; equally severe ones in the order of sections."""
        found = [finding for section in self.sections for finding in section.findings]
        return Findings(sorted(found, key=lambda finding: _WORST_FIRST.get(finding.severity, 0)))

    @property
    def verdict(self) -> tuple[Statement, ...]:
        """What the findings and the coverage come to: one or two sentences."""
        tables = {
            (each.analyzer, found.name): found for each in self.sections for found in each.tables
        }
        coverage = tables.get(("coverage", "languages"))
        unknown = next(
            (each.value for each in self.metrics if each.name == "text_unknown_ratio"), None
        )
        columns = None if coverage is None else coverage.columns
        return verdict_of(self.findings, columns, unknown, self.tokenizer.purpose)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, strings and numbers, ready for JSON."""
        return {
            "schema_version": self.schema_version,
            "tokstat_version": self.tokstat_version,
            "verdict": [asdict(each) for each in self.verdict],
            "tokenizer": asdict(self.tokenizer),
            "lexicon": asdict(self.lexicon),
            "sections": [_section_to_dict(section) for section in self.sections],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Rebuild a report from `to_dict`'s result, or from its JSON.

        Raises:
            ReportError: the schema version is another, or the data is not a report.
        """
        # The verdict is computed again, and that of a gate is read by the gate.
        data = {name: value for name, value in data.items() if name not in ("gate", "verdict")}
        return build_saved(cls, data, "report", "inspect")

    def to_json(self, indent: int | None = None) -> str:
        """Return the report as strict JSON (no NaN), in UTF-8-safe characters."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Rebuild a report from its JSON. Raises ReportError where that fails."""
        return cls.from_dict(parse_saved(text, "report", "inspect"))


def named(items: Iterable[_Named], name: str, where: str) -> _Named:
    """Return the first item of a name. Raises ReportError for a name that none has."""
    items = list(items)
    for item in items:
        if item.name == name:
            return item
    known = ", ".join(sorted({item.name for item in items})) or "none"
    raise ReportError(f"The {where} has no {name!r}", f"Choose from: {known}.")


def table_of_metrics(
    metrics: Sequence[Metric], before: Mapping[str, tuple[Any, ...]] | None = None
) -> Table:
    """Return a row for each metric, after the columns `before`."""
    columns = ("name", "value", "unit", "numerator", "denominator", "scope")
    found = {column: tuple(getattr(each, column) for each in metrics) for column in columns}
    return Table("metrics", "Metrics", {**(before or {}), **found})


def _section_to_dict(section: Section) -> dict[str, Any]:
    return {
        "analyzer": section.analyzer,
        "title": section.title,
        "skipped": section.skipped,
        "metrics": [asdict(metric) for metric in section.metrics],
        "tables": [table.to_dict() for table in section.tables],
        "findings": [_finding_to_dict(finding) for finding in section.findings],
    }


def _finding_to_dict(finding: Finding) -> dict[str, Any]:
    ids, tokens = list(finding.token_ids), list(finding.tokens)
    return {**vars(finding), "token_ids": ids, "tokens": tokens}

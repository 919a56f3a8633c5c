"""Several tokenizers side by side: scores, findings, shared tokens and words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokstat.comparison.compared_parts import ComparedParts, GatheredParts
from tokstat.comparison.overlap import Codes, Overlap, TextCodes, overlap
from tokstat.comparison.verdict import verdict_on
from tokstat.comparison.words import SingleTokenWords, WordExamples
from tokstat.errors import ComparisonError
from tokstat.results.from_json import build_saved, parse_saved, refusing
from tokstat.results.references import Rank, ranks_of
from tokstat.results.report import (
    SCHEMA_VERSION,
    SEVERITIES,
    LexiconInfo,
    Metric,
    Report,
    Section,
    Severity,
    Table,
    TokenizerInfo,
    named,
)
from tokstat.results.verdict import Statement
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.version import __version__

FEWEST, MOST = 2, 20
"""Numbers of tokenizers that can be compared."""

_PLAIN_NAMES = frozenset({"tokenizer.json", "tokenizer", "models", "model"})
"""Names of files and folders that do not identify the tokenizer in them."""


@dataclass(frozen=True)
class Score:
    """Hold one metric of every tokenizer, in their order; None for a tokenizer that lacks it.

    `changes` are differences from the first tokenizer, `ranks` those among the reference
    tokenizers.
    """

    name: str
    unit: str
    definition: str
    values: tuple[float | None, ...]
    changes: tuple[float | None, ...]
    ranks: tuple[Rank | None, ...]


@dataclass(frozen=True)
class FoundBy:
    """Hold a finding's code, and the positions of the tokenizers that have it."""

    code: str
    severity: Severity
    title: str
    tokenizers: tuple[int, ...]


@dataclass(frozen=True)
class Comparison(Written):
    """Hold a comparison of tokenizers; every tuple is in the order of `tokenizers`.

    `labels` are short names that differ. `surfaces` is the overlap of the content tokens by text
    and word boundary, `texts` by text alone. `splits` are the sections of that name; there are none
    where the analyzer did not run. `parts` is what differs in pipelines, added tokens, roles and
    ids; None in a comparison that was saved without.
    """

    tokenizers: tuple[TokenizerInfo, ...]
    labels: tuple[str, ...]
    lexicon: LexiconInfo
    scores: tuple[Score, ...]
    digit_policies: tuple[str, ...]
    findings: tuple[FoundBy, ...]
    surfaces: Overlap
    texts: Overlap
    words: tuple[WordExamples, ...]
    shared_words: int
    shared_examples: tuple[str, ...]
    splits: tuple[Section, ...] = ()
    parts: ComparedParts | None = None
    tokstat_version: str = ""
    schema_version: int = field(default=SCHEMA_VERSION)

    def __repr__(self) -> str:
        return (
            f"<Comparison of {listed(self.labels)}: {counted(len(self.scores), 'score')},"
            f" {counted(len(self.findings), 'finding')}>"
        )

    @property
    def verdict(self) -> tuple[Statement, ...]:
        """What the scores and findings come to: one to three sentences."""
        return verdict_on(
            self.labels,
            self.lexicon.languages,
            {each.name: each.values for each in self.scores},
            self.findings,
            differs=self.parts is None or bool(self.parts),
        )

    def score(self, name: str) -> Score:
        """Return one score. Raises ReportError for a name that no tokenizer's report has."""
        return named(self.scores, name, "comparison")

    def __getitem__(self, name: str) -> Score:
        """Return one score, as `score`."""
        return self.score(name)

    @property
    def metrics(self) -> tuple[Score, ...]:
        """All scores, by the name that a report has for them."""
        return self.scores

    def table(self, name: str) -> Table:
        """Return the table `scores`, `findings` or `parts`. Raises ReportError for another."""
        tables = [self.to_table(), self._table_of_findings(), self._table_of_parts()]
        return named(tables, name, "comparison")

    def to_table(self) -> Table:
        """Return a row for each score, with a column for each tokenizer."""
        return self._by_tokenizer(
            "scores",
            {"name": [each.name for each in self.scores]},
            [each.values for each in self.scores],
        )

    def _table_of_findings(self) -> Table:
        return self._by_tokenizer(
            "findings",
            {"code": [each.code for each in self.findings]},
            [
                tuple(at in each.tokenizers for at in range(len(self.labels)))
                for each in self.findings
            ],
        )

    def _table_of_parts(self) -> Table:
        """Return a row for each setting that differs."""
        parts = self.parts.parts if self.parts else ()
        settings = [(each.part, setting) for each in parts for setting in each.settings]
        return self._by_tokenizer(
            "parts",
            {
                "part": [part for part, _ in settings],
                "name": [setting.name for _, setting in settings],
            },
            [setting.values for _, setting in settings],
        )

    def _by_tokenizer(
        self, name: str, first: Mapping[str, Sequence[str]], rows: Sequence[tuple[Any, ...]]
    ) -> Table:
        columns = {label: tuple(row[at] for row in rows) for at, label in enumerate(self.labels)}
        return Table(
            name,
            name.capitalize(),
            {**{key: tuple(each) for key, each in first.items()}, **columns},
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, strings and numbers, with the Jaccard indices for readers."""
        data = asdict(self)
        for name, found in (("surfaces", self.surfaces), ("texts", self.texts)):
            data[name]["jaccard"] = [
                [found.jaccard(first, second) for second in range(len(found.sizes))]
                for first in range(len(found.sizes))
            ]
        verdict = [asdict(each) for each in self.verdict]
        return {"schema_version": data.pop("schema_version"), "verdict": verdict, **data}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Comparison:
        """Rebuild a comparison from `to_dict`'s result, or from its JSON.

        Raises:
            ReportError: the schema version is another, or the data is not a comparison.
        """
        plain = {
            name: {key: count for key, count in value.items() if key != "jaccard"}
            if name in ("surfaces", "texts") and isinstance(value, dict)
            else value
            for name, value in data.items()
            if name != "verdict"  # it is computed again
        }
        comparison = build_saved(cls, plain, "comparison", "compare")
        with refusing("The data is not a saved comparison", "compare"):
            comparison._require_one_length()
        return comparison

    def _require_one_length(self) -> None:
        """Raise ValueError if any part lacks an entry for each tokenizer."""
        count = len(self.tokenizers)
        columns = [self.labels, self.digit_policies, self.words]
        for score in self.scores:
            columns += [score.values, score.changes, score.ranks]
        if self.splits:
            columns.append(self.splits)
        holders = [each.tokenizers for each in self.findings]
        if self.parts is not None:
            columns += self.parts.columns()
            holders += [each.tokenizers for each in self.parts.not_compared]
        for found in (self.surfaces, self.texts):
            columns += [found.sizes, found.exclusive, found.shared, *found.shared]
        if not count or any(len(column) != count for column in columns):
            raise ValueError("a part has too few or too many tokenizers")
        if not all(0 <= position < count for each in holders for position in each):
            raise ValueError("a finding or a part belongs to a tokenizer that is missing")

    def to_json(self, indent: int | None = None) -> str:
        """Return the comparison as strict JSON (no NaN), in UTF-8-safe characters."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Comparison:
        """Rebuild a comparison from its JSON. Raises ReportError where that fails."""
        return cls.from_dict(parse_saved(text, "comparison", "compare"))


class Gathered:
    """Gather the tokenizers of a comparison, one after the other, and keep only the first.

    Words that `is_shown` does not allow are no examples.
    """

    def __init__(self, is_shown: Callable[[str], bool] = bool) -> None:
        self._codes = TextCodes()
        self._reports: list[Report] = []
        self._surfaces: list[Codes] = []
        self._texts: list[Codes] = []
        self._words = SingleTokenWords(is_shown)
        self._parts = GatheredParts()

    def add(
        self,
        report: Report,
        tokenizer: Tokenizer,
        words: Sequence[str],
        zipf: NDArray[np.float32],
    ) -> None:
        """Add a tokenizer with its report, and its whole words with their frequencies."""
        surfaces, texts = self._codes.of_tokens(tokenizer.vocabulary)
        self._reports.append(report)
        self._surfaces.append(surfaces)
        self._texts.append(texts)
        self._words.add(words, zipf)
        self._parts.add(tokenizer)

    def compare(self, titles: Mapping[str, str]) -> Comparison:
        """Compare all that were added. `titles` maps the codes of findings to titles."""
        shared_words, shared_examples = self._words.shared()
        reports = self._reports
        return Comparison(
            tokenizers=tuple(report.tokenizer for report in reports),
            labels=short_labels([report.tokenizer.spec for report in reports]),
            lexicon=reports[0].lexicon,
            scores=scores_of(reports),
            digit_policies=tuple(map(digit_policy, reports)),
            findings=findings_of(reports, titles),
            surfaces=overlap(self._surfaces),
            texts=overlap(self._texts),
            words=self._words.examples(),
            shared_words=shared_words,
            shared_examples=shared_examples,
            splits=splits_of(reports),
            parts=self._parts.compare(),
            tokstat_version=__version__,
        )


def require_comparable(count: int) -> None:
    """Raise ComparisonError for too few or too many tokenizers."""
    if not FEWEST <= count <= MOST:
        raise ComparisonError(
            f"A comparison needs {FEWEST} to {MOST} tokenizers, and got {count}",
            "For one tokenizer, run: tokstat inspect SPEC."
            if count == 1
            else f"Name {FEWEST} to {MOST} SPECs.",
        )


def scores_of(reports: Sequence[Report]) -> tuple[Score, ...]:
    """Put the metrics of reports side by side, in the order in which they first appear."""
    columns = [_metrics(report) for report in reports]
    ranked = [ranks_of(report) for report in reports]
    names = dict.fromkeys(name for column in columns for name in column)
    found = []
    for name in names:
        metrics = [column.get(name) for column in columns]
        known = next(metric for metric in metrics if metric is not None)
        values = tuple(None if metric is None else metric.value for metric in metrics)
        found.append(
            Score(
                name=name,
                unit=known.unit,
                definition=known.definition,
                values=values,
                changes=tuple(_change(values[0], value) for value in values),
                ranks=tuple(each.get(name) for each in ranked),
            )
        )
    return tuple(found)


def _metrics(report: Report) -> dict[str, Metric]:
    return {metric.name: metric for section in report.sections for metric in section.metrics}


def _change(first: float | None, value: float | None) -> float | None:
    return None if first is None or value is None else value - first


def findings_of(reports: Sequence[Report], titles: Mapping[str, str]) -> tuple[FoundBy, ...]:
    """List the codes found in any report, worst first, with the reports that have them.

    `titles` maps codes to titles.
    """
    found: dict[tuple[str, Severity], dict[int, None]] = {}
    for position, report in enumerate(reports):
        for finding in report.findings:
            found.setdefault((finding.code, finding.severity), {})[position] = None
    worst_first = sorted(found, key=lambda key: (-SEVERITIES.index(key[1]), key[0]))
    return tuple(
        FoundBy(code, severity, titles.get(code, ""), tuple(found[code, severity]))
        for code, severity in worst_first
    )


def digit_policy(report: Report) -> str:
    """Return how a tokenizer splits numbers, in words; "" if the analyzer did not run."""
    for section in report.sections:
        if section.analyzer == "digits" and not section.skipped:
            columns = section.table("policy").columns
            policy, direction = columns["policy"][0], columns["direction"][0]
            return f"{policy}, {direction}" if direction else str(policy)
    return ""


def splits_of(reports: Sequence[Report]) -> tuple[Section, ...]:
    """Return the sections with splits of fixed texts; none if the analyzer did not run."""
    return tuple(
        section for report in reports for section in report.sections if section.analyzer == "splits"
    )


def short_labels(specs: Sequence[str]) -> tuple[str, ...]:
    """Return the last part of each spec that no other spec has, or else the whole spec.

    A repeated spec gets a number after it.
    """
    parts = [spec.rstrip("/").split("/") for spec in specs]
    labels: list[str] = []
    for own in parts:
        others = {part for other in parts if other is not own for part in other}
        telling = [part for part in own if part and part not in others | _PLAIN_NAMES]
        label = telling[-1] if telling else "/".join(own)
        again = sum(each == label or each.startswith(f"{label} (") for each in labels)
        labels.append(f"{label} ({again + 1})" if again else label)
    return tuple(labels)

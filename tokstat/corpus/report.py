"""Build the result of `tokstat corpus`: the metrics of each tokenizer, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tokstat.corpus import tables
from tokstat.corpus.counting.engine_use import EngineUses
from tokstat.corpus.counting.state import Counts, TextCounts
from tokstat.corpus.counting.word_definitions import NO_WORDS, words_named
from tokstat.corpus.engines.checking import most_wrong
from tokstat.corpus.engines.choice import EngineChoice
from tokstat.corpus.metrics import (
    OF_WORDS,
    SHARES_LOST,
    CountedVocabulary,
    corpus_metrics,
    loses_text,
)
from tokstat.corpus.parity import Language, measure_parity
from tokstat.results.report import SCHEMA_VERSION, Metric, Table, named, table_of_metrics
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted
from tokstat.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True)
class EngineReport:
    """Hold what encoded the documents for one tokenizer beside the tokenizers library.

    `name` is the engine with its version, "" where the library encoded all; then `reason` states
    why. Of the engine's `documents` the library encoded `checked` as well and gave the same ids, so
    that with a probability of 95 % at most the share `most_wrong` of them differs. A warning is for
    the user to hear of at once.
    """

    name: str
    documents: int
    checked: int
    most_wrong: float | None
    reason: str
    is_warning: bool = False

    @classmethod
    def of(cls, uses: EngineUses, choice: EngineChoice) -> EngineReport:
        """Describe the engines of one tokenizer."""
        documents = sum(use.documents for use in uses.values())
        checked = sum(use.checked for use in uses.values())
        bound = most_wrong(checked)
        return cls(" and ".join(uses), documents, checked, bound, choice.reason, choice.is_warning)

    def __str__(self) -> str:
        if not self.name:
            return f"the tokenizers library encoded all documents, not gigatoken: {self.reason}."
        sentence = f"{self.name} encoded {counted(self.documents, 'document')}."
        if self.most_wrong is None:
            return f"{sentence} None of them was encoded by the tokenizers library as well."
        return (
            f"{sentence} The tokenizers library encoded {self.checked:,} of them as well and gave"
            f" the same ids: at most {100 * self.most_wrong:.1f}% of documents differ (95%"
            " confidence)."
        )


@dataclass(frozen=True)
class CorpusTokenizer:
    """Hold the results of one tokenizer.

    `encoded_whole` is the reason why texts were encoded whole, None if they were cut. `engine` is
    what encoded them, None in reports of earlier versions.
    """

    spec: str
    sha256: str
    encoded_whole: str | None
    metrics: tuple[Metric, ...]
    engine: EngineReport | None = None

    def __repr__(self) -> str:
        return f"<CorpusTokenizer {quoted(self.spec)}: {counted(len(self.metrics), 'metric')}>"

    def metric(self, name: str) -> Metric:
        """Return one metric. Raises ReportError for a name that it lacks."""
        return named(self.metrics, name, f"report of {self.spec}")

    @property
    def loses_text(self) -> bool:
        """Whether its number of tokens is too low, as it loses a noticeable part of the text."""
        return loses_text(*(each.value for each in self.metrics if each.name in SHARES_LOST))


@dataclass(frozen=True)
class CorpusReport(Written):
    """Hold the results of several tokenizers on the same text.

    `words` is the name of the definition of words, and `word_definition` its text. `tables` holds
    those of `groups`, `files`, `samples`, `sample_tokens`, `splits`, `problems`, `left_out` and
    `parity` that have rows, and `notes` remarks about the run.
    """

    text: TextCounts
    words: str
    word_definition: str
    tokenizers: tuple[CorpusTokenizer, ...]
    tables: tuple[Table, ...]
    tokstat_version: str = ""
    schema_version: int = SCHEMA_VERSION
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<CorpusReport of {counted(self.text.documents, 'document')} with"
            f" {listed([each.spec for each in self.tokenizers])};"
            f" tables {listed([each.name for each in self.tables])}>"
        )

    def __getitem__(self, name: str) -> tuple[Metric, ...]:
        """Return one metric of each tokenizer, in their order. Raises ReportError."""
        return tuple(each.metric(name) for each in self.tokenizers)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, tokenizer by tokenizer."""
        return tuple(metric for each in self.tokenizers for metric in each.metrics)

    @property
    def has_words(self) -> bool:
        """Whether words were counted, and not tokens alone."""
        return self.words != NO_WORDS.name

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should hear of at once: an engine that failed, or one that is missing."""
        return tuple(
            f"{each.spec}: {each.engine}"
            for each in self.tokenizers
            if each.engine is not None and each.engine.is_warning
        )

    def to_table(self) -> Table:
        """Return a row for each metric of each tokenizer."""
        specs = tuple(each.spec for each in self.tokenizers for _ in each.metrics)
        return table_of_metrics(self.metrics, {"tokenizer": specs})

    def table(self, name: str) -> Table:
        """Return one table. Raises ReportError for a name that the report lacks."""
        return named(self.tables, name, "corpus report")

    def leaving_out(self, files: Sequence[tuple[str, str]]) -> CorpusReport:
        """Return the report with a table of files that were left out, each with the reason."""
        if not files:
            return self
        columns = dict(zip(("file", "reason"), zip(*files, strict=True), strict=True))
        table = Table("left_out", "Left out of folders", columns)
        return replace(self, tables=(*self.tables, table))

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, strings and numbers, ready for JSON."""
        return {
            "schema_version": self.schema_version,
            "tokstat_version": self.tokstat_version,
            "text": asdict(self.text),
            "words": {"name": self.words, "definition": self.word_definition},
            "tokenizers": [asdict(each) for each in self.tokenizers],
            "tables": [table.to_dict() for table in self.tables],
            "notes": list(self.notes),
        }


def make_report(
    counts: Counts,
    tokenizers: Sequence[Tokenizer],
    refusals: Sequence[str | None],
    aligned: Sequence[Language] = (),
    version: str = "",
    choices: Sequence[EngineChoice] = (),
) -> CorpusReport:
    """Compute a report from counts, and parity from line-aligned languages.

    `refusals` has why each tokenizer encoded documents whole, None where it did not. `choices` has
    the engine of each tokenizer, or is empty where the judge alone counts.

    Raises:
        CorpusError: the languages have different numbers of lines.
        EncodingError: a tokenizer fails on a line.
    """
    choices = choices or [EngineChoice(None, "") for _ in tokenizers]
    parities = [
        measure_parity(each, aligned, choice.engine)
        for each, choice in zip(tokenizers, choices, strict=True)
        if aligned
    ]
    vocabularies = [CountedVocabulary.of(each) for each in tokenizers]
    metrics = corpus_metrics(counts, vocabularies)
    if counts.words == NO_WORDS.name:
        of_words = {each.name for each in OF_WORDS}
        metrics = [[each for each in some if each.name not in of_words] for some in metrics]
    names = [each.name for each in aligned]
    for number, parity in enumerate(parities):
        metrics[number] += parity.metrics(names)
    specs = [each.spec for each in counts.tokenizers]
    made = [
        tables.groups(counts, specs, vocabularies),
        tables.files(counts, specs),
        tables.samples(counts),
        tables.splits(counts, tokenizers),
        tables.problems(counts),
        tables.parity(parities, names, specs),
    ]
    words = words_named(counts.words)
    engines = map(
        EngineReport.of,
        counts.engines or [{} for _ in tokenizers],
        choices,
    )
    return CorpusReport(
        counts.total.text,
        words.name,
        f"{words.definition} ({words.source})" if words is not NO_WORDS else words.definition,
        tuple(
            CorpusTokenizer(identity.spec, identity.sha256, refusal, tuple(each), engine)
            for identity, refusal, each, engine in zip(
                counts.tokenizers, refusals, metrics, engines, strict=True
            )
        ),
        tuple(table for table in made if len(table)),
        version,
    )

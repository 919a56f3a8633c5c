"""Build the result of `tokstat corpus`: the metrics of each tokenizer, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tokstat.corpus.counting.engine_use import EngineUses
from tokstat.corpus.counting.state import Counts, TextCounts, TokenCounts
from tokstat.corpus.counting.word_definitions import NO_WORDS, words_named
from tokstat.corpus.engines.checking import most_wrong
from tokstat.corpus.engines.choice import EngineChoice
from tokstat.corpus.metrics import OF_WORDS, CountedVocabulary, corpus_metrics, fertility
from tokstat.corpus.parity import Language, Parity, measure_parity
from tokstat.results.report import SCHEMA_VERSION, Metric, Table, named, table_of_metrics
from tokstat.results.written import Written
from tokstat.text.wording import counted, listed, quoted
from tokstat.tokenizer.tokenizer import Tokenizer

MOST_SPLITS_SHOWN = 50
"""Split words that the table lists for each tokenizer."""


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


@dataclass(frozen=True)
class CorpusReport(Written):
    """Hold the results of several tokenizers on the same text.

    `words` is the name of the definition of words, and `word_definition` its text. `tables` holds
    those of `groups`, `files`, `splits`, `problems`, `left_out` and `parity` that have rows, and
    `notes` remarks about the run.
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
    parities = [measure_parity(each, aligned) for each in tokenizers] if aligned else []
    metrics = corpus_metrics(counts, [CountedVocabulary.of(each) for each in tokenizers])
    if counts.words == NO_WORDS.name:
        of_words = {each.name for each in OF_WORDS}
        metrics = [[each for each in some if each.name not in of_words] for some in metrics]
    names = [each.name for each in aligned]
    for number, parity in enumerate(parities):
        metrics[number] += parity.metrics(names)
    specs = [each.spec for each in counts.tokenizers]
    tables = [
        _groups(counts, specs),
        _files(counts, specs),
        _splits(counts, tokenizers),
        _problems(counts),
        _parity(parities, names, specs),
    ]
    words = words_named(counts.words)
    engines = map(
        EngineReport.of,
        counts.engines or [{} for _ in tokenizers],
        choices or [EngineChoice(None, "") for _ in tokenizers],
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
        tuple(table for table in tables if len(table)),
        version,
    )


def _groups(counts: Counts, specs: Sequence[str]) -> Table:
    rows = [
        (name, spec, group.text, each)
        for name, group in sorted(counts.groups.items())
        for spec, each in zip(specs, group.tokenizers, strict=True)
        if len(counts.groups) > 1
    ]
    return Table(
        "groups",
        "By group",
        {
            "group": tuple(name for name, *_ in rows),
            "tokenizer": tuple(spec for _, spec, *_ in rows),
            "documents": tuple(text.documents for *_, text, _ in rows),
            "bytes": tuple(text.bytes for *_, text, _ in rows),
            "words": tuple(text.words for *_, text, _ in rows),
            "tokens": tuple(int(each.tokens.sum()) for *_, each in rows),
            "fertility_micro": tuple(fertility(each) for *_, each in rows),
            "bytes_per_token": tuple(
                text.bytes / int(each.tokens.sum()) if each.tokens.any() else None
                for *_, text, each in rows
            ),
        },
    )


def _files(counts: Counts, specs: Sequence[str]) -> Table:
    rows = [
        (name, spec, file.text, tokens, word_tokens)
        for name, file in sorted(counts.files.items())
        for spec, tokens, word_tokens in zip(specs, file.tokens, file.word_tokens, strict=True)
    ]
    return Table(
        "files",
        "By file",
        {
            "file": tuple(row[0] for row in rows),
            "tokenizer": tuple(row[1] for row in rows),
            "documents": tuple(row[2].documents for row in rows),
            "bytes": tuple(row[2].bytes for row in rows),
            "words": tuple(row[2].words for row in rows),
            "tokens": tuple(row[3] for row in rows),
            "fertility_micro": tuple(
                row[4] / row[2].words if row[2].words else None for row in rows
            ),
        },
    )


def _splits(counts: Counts, tokenizers: Sequence[Tokenizer]) -> Table:
    rows: list[tuple[str, str, int, str]] = []
    for identity, each, tokenizer in zip(
        counts.tokenizers, counts.total.tokenizers, tokenizers, strict=True
    ):
        rows += [(identity.spec, *row) for row in _frequent_splits(each, tokenizer)]
    columns = tuple(zip(*rows, strict=True)) or ((), (), (), ())
    names = ("tokenizer", "word", "count", "tokens")
    return Table("splits", "Most frequent split words", dict(zip(names, columns, strict=True)))


def _frequent_splits(counts: TokenCounts, tokenizer: Tokenizer) -> list[tuple[str, int, str]]:
    """List the most frequent split words, with their count and their most frequent tokens.

    A word is listed only if it is more frequent than any word that counting may have left out.
    """
    by_word: dict[str, int] = {}
    usual: dict[str, tuple[int, tuple[int, ...]]] = {}
    for (word, ids), count in counts.splits.items():
        by_word[word] = by_word.get(word, 0) + count
        usual[word] = max(usual.get(word, (0, ())), (count, ids))
    ranked = sorted(by_word.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = tokenizer.vocabulary
    return [
        (word, count, "|".join(vocabulary[token].display for token in usual[word][1]))
        for word, count in ranked[:MOST_SPLITS_SHOWN]
        if count > counts.left_out
    ]


def _problems(counts: Counts) -> Table:
    rows = sorted(counts.problems.items(), key=lambda item: (-item[1].count, item[0]))
    return Table(
        "problems",
        "Bad records",
        {
            "problem": tuple(kind for kind, _ in rows),
            "count": tuple(problem.count for _, problem in rows),
            "places": tuple(", ".join(problem.places) for _, problem in rows),
        },
    )


def _parity(parities: Sequence[Parity], names: Sequence[str], specs: Sequence[str]) -> Table:
    rows = [
        (name, spec, parity.tokens[row], parity.parity[row], parity.total[row])
        for row, name in enumerate(names)
        for spec, parity in zip(specs, parities, strict=True)
    ]
    return Table(
        "parity",
        "Tokens for the same lines in several languages",
        {
            "language": tuple(row[0] for row in rows),
            "tokenizer": tuple(row[1] for row in rows),
            "tokens": tuple(row[2] for row in rows),
            "parity": tuple(row[3] for row in rows),
            "parity_total": tuple(row[4] for row in rows),
        },
    )

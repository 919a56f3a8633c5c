"""The samples of a corpus report, split by its tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tokstat.corpus.report import CorpusReport
from tokstat.errors import EncodingError, LimitError
from tokstat.results.report import Table
from tokstat.splitting.split import SplitToken, split_texts
from tokstat.tokenizer.tokenizer import Tokenizer


def with_splits(report: CorpusReport, tokenizers: Sequence[Tokenizer]) -> CorpusReport:
    """Return a report with a table of the tokens of its samples.

    Without samples, or where a tokenizer fails on one, the report stays as it is: the counts do not
    need it.
    """
    found = [table for table in report.tables if table.name == "samples"]
    if not found:
        return report
    texts = [str(text) for text in found[0].columns["text"]]
    try:
        columns = [split_texts(each, texts) for each in tokenizers]
    except (EncodingError, LimitError):
        return report
    rows: list[tuple[int, str, SplitToken]] = [
        (number, split.tokenizer, token)
        for number, splits in enumerate(zip(*columns, strict=True), 1)
        for split in splits
        for token in split.tokens
    ]
    table = Table(
        "sample_tokens",
        "Tokens of the samples",
        {
            "sample": tuple(number for number, *_ in rows),
            "tokenizer": tuple(spec for _, spec, _ in rows),
            "id": tuple(token.id for *_, token in rows),
            "token": tuple(token.text for *_, token in rows),
            "start": tuple(token.start for *_, token in rows),
            "end": tuple(token.end for *_, token in rows),
            "kind": tuple(token.kind for *_, token in rows),
        },
    )
    place = report.tables.index(found[0]) + 1
    return replace(report, tables=(*report.tables[:place], table, *report.tables[place:]))

"""The splits of fixed texts that reports and comparisons hold."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tokstat.errors import ReportError
from tokstat.results.from_json import UNREADABLE
from tokstat.results.report import Section, Table
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import NOWHERE, SplitToken, TextSplit

if TYPE_CHECKING:
    from tokstat.corpus.report import CorpusReport

_ANALYZER, _TEXTS, _TOKENS = "splits", "splits", "split_tokens"
_TEXT_COLUMNS = itemgetter("text", "content")
_TOKEN_COLUMNS = itemgetter("text", "id", "token", "start", "end", "kind")
_SAMPLES, _SAMPLE_TOKENS = "samples", "sample_tokens"
_SAMPLE_COLUMNS = itemgetter("sample", "tokenizer", "id", "token", "start", "end", "kind")
_ADDED = ("added", "special")


def is_panel(section: Section) -> bool:
    """Whether a section holds splits of fixed texts."""
    return section.analyzer == _ANALYZER and section.skipped is None


def short_tables(section: Section) -> tuple[Table, ...]:
    """Return the tables of a section without that of single tokens, which the splits show."""
    hidden = _TOKENS if section.analyzer == _ANALYZER else None
    return tuple(table for table in section.tables if table.name != hidden)


def splits_of(labels: Sequence[str], sections: Sequence[Section]) -> TextSplits | None:
    """Return the splits of sections, of which each is one tokenizer's; skipped ones are left out.

    The result is None where there are none, or where a saved file has others than tokstat writes.
    """
    shown = [each for each in zip(labels, sections, strict=False) if is_panel(each[1])]
    try:
        columns = [_splits(label, section) for label, section in shown]
        texts = tuple(
            AlignedText(content, tuple(splits[name, content] for splits in columns), name)
            for name, content in (columns[0] if columns else ())
        )
    except (*UNREADABLE, ReportError):
        return None
    return TextSplits(texts) if texts else None


def samples_of(report: CorpusReport) -> TextSplits | None:
    """Return the splits of a corpus report's samples, each named by its group.

    The result is None where there are none, or where a saved file has others than tokstat writes.
    """
    tables = {table.name: table for table in report.tables}
    if not tables.keys() >= {_SAMPLES, _SAMPLE_TOKENS}:
        return None
    specs = [each.spec for each in report.tokenizers]
    found: dict[tuple[int, str], list[SplitToken]] = {}
    try:
        tokens = _SAMPLE_COLUMNS(tables[_SAMPLE_TOKENS].columns)
        for sample, spec, *token in zip(*tokens, strict=True):
            found.setdefault((sample, spec), []).append(_token(*token))
        columns = itemgetter("sample", "group", "text")(tables[_SAMPLES].columns)
        texts = tuple(
            AlignedText(
                text,
                tuple(
                    TextSplit(spec, text, tuple(found.get((sample, spec), ()))) for spec in specs
                ),
                group,
            )
            for sample, group, text in zip(*columns, strict=True)
        )
    except UNREADABLE:
        return None
    return TextSplits(texts) if texts else None


def counts_of(splits: TextSplits) -> list[tuple[str, ...]]:
    """Return a row for each text: its name, then the number of tokens of each tokenizer."""
    return [(text.name, *(f"{len(split):,}" for split in text.splits)) for text in splits.texts]


def _splits(label: str, section: Section) -> dict[tuple[str, str], TextSplit]:
    """Return the splits of one tokenizer by the name of the text and the text."""
    found: dict[str, list[SplitToken]] = {}
    tokens = _TOKEN_COLUMNS(section.table(_TOKENS).columns)
    for text, token_id, token, start, end, kind in zip(*tokens, strict=True):
        split = _token(token_id, token, start, end, kind)
        found.setdefault(str(text), []).append(split)
    texts = zip(*_TEXT_COLUMNS(section.table(_TEXTS).columns), strict=True)
    return {
        (str(name), str(content)): TextSplit(label, str(content), tuple(found.get(name, ())))
        for name, content in texts
    }


def _token(token_id: Any, token: Any, start: Any, end: Any, kind: Any) -> SplitToken:
    """Return a token of a saved split: it has no places in bytes, and its readable form alone."""
    return SplitToken(
        id=int(token_id),
        token=str(token),
        text=str(token),
        start=int(start),
        end=int(end),
        byte_start=NOWHERE,
        byte_end=NOWHERE,
        word_class="",
        kind=str(kind),
        is_added=kind in _ADDED,
        is_special=kind == "special",
    )

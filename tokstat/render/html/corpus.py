"""A corpus report as a self-contained page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tokstat.comparison.comparison import short_labels
from tokstat.corpus.report import CorpusReport, CorpusTokenizer
from tokstat.render.headlines import Better
from tokstat.render.html.components import facts, panel
from tokstat.render.html.markup import Child, Html, element, to_ascii
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.side_by_side import (
    Bar,
    bar_card,
    cards,
    matrix,
    name,
    row,
    title_of,
    value_cell,
)
from tokstat.render.html.tables import table_to_html
from tokstat.render.terminal.corpus import (
    SHOWN_IN_TABLES,
    documents_text,
    headline,
    pivot,
    pivots,
    value_text,
)
from tokstat.results.report import Metric, Table

_HEADLINES = {
    "tokens": "tokens in all",
    "fertility_micro": "tokens per word (fertility)",
    "single_token_word_ratio": "words that are one token",
    "bytes_per_token": "bytes per token",
    "normalized_sequence_length": "tokens relative to the first tokenizer",
    "unknown_token_ratio": "unknown tokens",
    "byte_token_ratio": "byte tokens",
}

_BETTER: Mapping[str, Better] = {
    "tokens": "lower",
    "fertility_micro": "lower",
    "single_token_word_ratio": "higher",
    "bytes_per_token": "higher",
    "normalized_sequence_length": "lower",
    "unknown_token_ratio": "lower",
}

_TITLES = {
    ("groups", "fertility_micro"): "Tokens per word, by group",
    ("groups", "bytes_per_token"): "Bytes per token, by group",
    ("parity", "parity"): "Tokens for the same lines, relative to the first language",
    ("files", "tokens"): "Tokens by file",
}


def render_corpus_html(report: CorpusReport) -> str:
    """Write a corpus report as one self-contained page, byte for byte reproducible."""
    labels = short_labels([each.spec for each in report.tokenizers])
    title = f"{title_of(labels)} on {documents_text(report.text.documents)}"
    panels = list(_panels(report, labels))
    return render_page(
        title=f"{title} · tokstat",
        header=element("p", element("b", "tokstat"), " tokenizers on text", class_="brand"),
        contents=[(key, heading) for key, heading, _ in panels],
        body=(
            element(
                "div",
                element("h1", element("bdi", title)),
                element("p", element("bdi", headline(report))),
                _text(report),
                _notes(report),
            ),
            (panel(key, heading, body) for key, heading, body in panels),
        ),
        footer=element(
            "p",
            f"Written by tokstat {report.tokstat_version}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )


def render_corpus_fragment(report: CorpusReport) -> str:
    """Write the main scores of a corpus report for a notebook's cell, without scripts and ids."""
    labels = short_labels([each.spec for each in report.tokenizers])
    title = f"{title_of(labels)} on {documents_text(report.text.documents)}"
    return to_ascii(
        element(
            "div",
            element("style", Html(asset("components.css"))),
            element("p", element("strong", title), class_="name"),
            cards(_score_cards(report, labels)),
            class_="tokstat fragment",
        )
    )


def _panels(report: CorpusReport, labels: tuple[str, ...]) -> Iterator[tuple[str, str, Child]]:
    """Yield id, title and content of every part of the page, in order."""
    yield "tokenizers", "Tokenizers", _tokenizers(report, labels)
    yield "scores", "Scores", cards(_score_cards(report, labels))
    tables = {table.name: table for table in report.tables}
    shown = [
        table_to_html(_pivot(tables[which], keys, values, labels), key=f"table-{which}-{values}")
        for which, keys, values in pivots(report)
        if which in tables
    ]
    if shown:
        yield "parts", "By part of the text", element("div", shown, class_="tables")
    if "splits" in tables:
        yield "splits", tables["splits"].title, _splits(report, tables["splits"], labels)
    if "problems" in tables:
        problems = table_to_html(tables["problems"], key="table-problems")
        yield "problems", "Problems", element("div", problems, class_="tables")
    if "left_out" in tables:
        left_out = table_to_html(tables["left_out"], key="table-left-out")
        yield "left-out", "Left out", element("div", left_out, class_="tables")
    yield "all-scores", "All scores", _all_scores(report, labels)
    sums = [(f"sha256 {number}", each.sha256) for number, each in enumerate(report.tokenizers, 1)]
    yield "about", "About this report", facts([*sums, ("tokstat", report.tokstat_version)])


def _text(report: CorpusReport) -> Html:
    text = report.text
    return facts(
        [
            ("text", f"{text.bytes:,} bytes, {text.characters:,} characters"),
            (
                "words",
                f"{text.words:,}; {report.words}: {report.word_definition}"
                if report.has_words
                else report.word_definition,
            ),
        ]
    )


def _notes(report: CorpusReport) -> Iterator[Html]:
    return (element("p", note, class_="note") for note in report.notes)


def _tokenizers(report: CorpusReport, labels: tuple[str, ...]) -> Html:
    return cards(
        element(
            "div",
            element("h3", name(labels, position)),
            facts([("spec", each.spec)]),
            element("p", f"Documents were encoded whole, as {each.encoded_whole}.", class_="note")
            if each.encoded_whole is not None
            else None,
            element("p", f"Engine: {each.engine}", class_="note")
            if each.engine is not None
            else None,
            class_="card",
        )
        for position, each in enumerate(report.tokenizers)
    )


def _score_cards(report: CorpusReport, labels: tuple[str, ...]) -> Iterator[Html]:
    for metric_name, title in _HEADLINES.items():
        found = [_metric(each, metric_name) for each in report.tokenizers]
        known = [metric for metric in found if metric is not None]
        if len(known) < len(found) or not any(metric.value for metric in known):
            continue
        shares = metric_name.endswith("_ratio")
        reach = 1.0 if shares else max(metric.value or 0.0 for metric in known)
        bars = [
            Bar(_short(metric), None if metric.value is None else metric.value / (reach or 1.0))
            for metric in known
        ]
        yield bar_card(title, known[0].definition, labels, bars, _BETTER.get(metric_name))


def _short(metric: Metric) -> str:
    """Write a value in three digits where it is no count; the table of all scores has more."""
    is_long = metric.value is None or metric.unit in ("tokens", "ratio") or metric.value >= 100
    return value_text(metric) if is_long else f"{metric.value:.3g}"


def _metric(tokenizer: CorpusTokenizer, wanted: str) -> Metric | None:
    return next((metric for metric in tokenizer.metrics if metric.name == wanted), None)


def _pivot(table: Table, keys: tuple[str, ...], values: str, labels: tuple[str, ...]) -> Table:
    """Turn a table so that tokenizers are side by side, under their numbers and labels."""
    made = pivot(table, keys, values)
    others = list(made.columns.values())[len(keys) :]
    heads = (f"{number} {label}" for number, label in enumerate(labels, 1))
    columns = {key: made.columns[key] for key in keys} | dict(zip(heads, others, strict=True))
    return Table(table.name, _TITLES[table.name, values], columns)


def _splits(report: CorpusReport, table: Table, labels: tuple[str, ...]) -> Html:
    """Show the words that each tokenizer splits, in one table each."""
    rows = list(table.rows())
    parts = []
    for number, (each, label) in enumerate(zip(report.tokenizers, labels, strict=True), 1):
        own = [cells[1:] for cells in rows if cells[0] == each.spec]
        columns = zip(*own, strict=True) if own else ((), (), ())
        named = dict(zip(("word", "count", "pieces"), columns, strict=True))
        shown = Table("splits", f"{number} {label}", named)
        parts.append(table_to_html(shown, key=f"table-splits-{number}"))
    return element("div", parts, class_="tables")


def _all_scores(report: CorpusReport, labels: tuple[str, ...]) -> Html:
    listed = [
        [metric for metric in each.metrics if metric.name not in SHOWN_IN_TABLES]
        for each in report.tokenizers
    ]
    rows = (
        row(
            (element("code", metrics[0].name), element("small", metrics[0].definition)),
            (value_cell(value_text(metric)) for metric in metrics),
        )
        for metrics in zip(*listed, strict=True)
    )
    return matrix(labels, "All scores", "score", rows)

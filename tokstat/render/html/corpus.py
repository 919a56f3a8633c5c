"""A corpus report as a self-contained page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tokstat.comparison.comparison import short_labels
from tokstat.corpus.report import CorpusReport, CorpusTokenizer
from tokstat.render.headlines import Better
from tokstat.render.html.components import facts, folded, panel
from tokstat.render.html.corpus_charts import charts
from tokstat.render.html.markup import Child, Html, breakable, element, to_ascii
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
from tokstat.render.html.splits import LEGEND
from tokstat.render.html.splits import tables as split_tables
from tokstat.render.html.tables import table_to_html
from tokstat.render.panel import samples_of
from tokstat.render.terminal.corpus import (
    SHOWN_IN_TABLES,
    documents_text,
    headline,
    loss_text,
    pivot,
    pivots,
    shares_lost,
    size_text,
    value_text,
    words_text,
)
from tokstat.results.report import Metric, Table
from tokstat.splitting.side_by_side import TextSplits
from tokstat.text.wording import counted

_HEADLINES = {
    "tokens": "tokens in all",
    "tokens_per_word": "tokens per word",
    "fertility_micro": "fertility",
    "single_token_word_ratio": "words that are one token",
    "bytes_per_token": "bytes per token",
    "normalized_sequence_length": "tokens relative to the first tokenizer",
    "unknown_token_ratio": "unknown tokens",
    "dropped_word_ratio": "dropped words",
    "byte_token_ratio": "byte tokens",
}

_BETTER: Mapping[str, Better] = {
    "tokens": "lower",
    "tokens_per_word": "lower",
    "fertility_micro": "lower",
    "single_token_word_ratio": "higher",
    "bytes_per_token": "higher",
    "normalized_sequence_length": "lower",
    "unknown_token_ratio": "lower",
    "dropped_word_ratio": "lower",
}

_OF_COST = ("tokens", "tokens_per_word")
"""Scores beside which a loss is stated."""

_DECIMALS = 2
_OPEN_SAMPLES = 4
"""Groups of which a sample is open."""

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
    panels, more = list(_panels(report, labels)), list(_more(report, labels))
    return render_page(
        title=f"{title} · tokstat",
        header=element("p", element("b", "tokstat"), " tokenizers on text", class_="brand"),
        contents=[(each[0], each[1]) for each in (*panels, *more)],
        body=(
            element(
                "div",
                element("h1", element("bdi", title)),
                element("p", element("bdi", headline(report)), class_="headline"),
                element("p", size_text(report), class_="note"),
                _notes(report),
            ),
            (panel(key, heading, body) for key, heading, body in panels),
            element(
                "div",
                (folded(key, heading, about, body) for key, heading, about, body in more),
                class_="more",
            ),
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


def _panels(report: CorpusReport, labels: tuple[str, ...]) -> Iterator[tuple[str, str, Html]]:
    """Yield id, title and content of the parts that a reader meets open, in order."""
    yield "scores", "Scores", cards(_score_cards(report, labels))
    drawn = list(charts(report, labels))
    if drawn:
        yield "parts", "By part of the text", element("div", drawn, class_="figures")
    splits = samples_of(report)
    if splits is not None:
        yield "samples", "Samples", _samples(splits, labels)


def _more(report: CorpusReport, labels: tuple[str, ...]) -> Iterator[tuple[str, str, str, Html]]:
    """Yield id, title, size and content of the parts that open at their titles, in order."""
    tables = {table.name: table for table in report.tables}
    shown = [
        table_to_html(
            _pivot(tables[which], keys, values, labels),
            key=f"table-{which}-{values}",
            decimals=_DECIMALS,
        )
        for which, keys, values in pivots(report)
        if which in tables
    ]
    if shown:
        title = "Numbers by part of the text"
        yield "tables", title, counted(len(shown), "table"), element("div", shown, class_="tables")
    if "splits" in tables:
        table = tables["splits"]
        yield "splits", table.title, counted(len(table), "word"), _splits(report, table, labels)
    for which, title in (("problems", "Problems"), ("left_out", "Left out of folders")):
        if which in tables:
            key = which.replace("_", "-")
            found = table_to_html(tables[which], key=f"table-{key}")
            size = counted(len(tables[which]), "entry", "entries")
            yield key, title, size, element("div", found, class_="tables")
    scores = counted(len(report.tokenizers[0].metrics), "metric")
    yield "all-scores", "All scores", scores, _all_scores(report, labels)
    yield "about", "How it was counted", "tokenizers, words, engines", _about(report, labels)


def _samples(splits: TextSplits, labels: tuple[str, ...]) -> Html:
    """Show the first sample of a few groups open, and the others folded."""
    groups = {text.name: text for text in reversed(splits.texts)}
    first = list(splits.texts)
    if len(groups) > 1:
        first = [text for text in splits.texts if groups[text.name] is text][:_OPEN_SAMPLES]
    rest = tuple(text for text in splits.texts if text not in first)
    heads = [name(labels, at) for at in range(len(labels))]
    return element(
        "div",
        element("p", f"The beginnings of the first documents. {LEGEND}", class_="note"),
        split_tables(TextSplits(tuple(first)), heads),
        element(
            "details",
            element("summary", counted(len(rest), "more sample")),
            split_tables(TextSplits(rest), heads),
        )
        if rest
        else None,
    )


def _notes(report: CorpusReport) -> Iterator[Html]:
    return (element("p", note, class_="note") for note in report.notes)


def _about(report: CorpusReport, labels: tuple[str, ...]) -> Html:
    """Tell how the text was counted: the words, and each tokenizer with its engine."""
    text = report.text
    return element(
        "div",
        facts(
            [
                ("text", f"{text.bytes:,} bytes, {text.characters:,} characters"),
                ("words", words_text(report).removeprefix("words").strip(" :")),
                ("tokstat", report.tokstat_version),
            ]
        ),
        (
            element(
                "div",
                element("h3", name(labels, at)),
                facts([("spec", each.spec), ("sha256", each.sha256), *_ways(each)]),
            )
            for at, each in enumerate(report.tokenizers)
        ),
        class_="about",
    )


def _ways(tokenizer: CorpusTokenizer) -> Iterator[tuple[str, Child]]:
    if tokenizer.encoded_whole is not None:
        yield "documents", f"encoded whole, as {tokenizer.encoded_whole}"
    if tokenizer.engine is not None:
        yield "engine", str(tokenizer.engine)


def _score_cards(report: CorpusReport, labels: tuple[str, ...]) -> Iterator[Html]:
    losses = [_lost(each) for each in report.tokenizers]
    for metric_name, title in _HEADLINES.items():
        found = [_metric(each, metric_name) for each in report.tokenizers]
        known = [metric for metric in found if metric is not None]
        if len(known) < len(found) or not any(metric.value for metric in known):
            continue
        shares = metric_name.endswith("_ratio")
        reach = 1.0 if shares else max(metric.value or 0.0 for metric in known)
        bars = [
            Bar(
                value_text(metric),
                None if metric.value is None else metric.value / (reach or 1.0),
                rank=lost.capitalize() if metric_name in _OF_COST and lost else "",
                competes=not lost,
            )
            for metric, lost in zip(known, losses, strict=True)
        ]
        yield bar_card(title, known[0].definition, labels, bars, _BETTER.get(metric_name))


def _lost(tokenizer: CorpusTokenizer) -> str:
    """Write what a tokenizer loses, which makes its numbers look better than they are."""
    lost = loss_text(shares_lost(tokenizer))
    return f"text is lost: {lost}" if lost else ""


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
            (element("code", breakable(metrics[0].name)), element("small", metrics[0].definition)),
            (value_cell(value_text(metric)) for metric in metrics),
        )
        for metrics in zip(*listed, strict=True)
    )
    return matrix(labels, "All scores", "score", rows)

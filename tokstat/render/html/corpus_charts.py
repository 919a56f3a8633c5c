"""Charts of a corpus report: a bar for each tokenizer and part of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tokstat.corpus.metrics import SHARES_LOST, loses_text
from tokstat.corpus.report import CorpusReport
from tokstat.render.headlines import Better
from tokstat.render.html.charts import meter
from tokstat.render.html.figures import figure
from tokstat.render.html.markup import Child, Html, element
from tokstat.render.html.side_by_side import color, name
from tokstat.render.terminal.corpus import digits, largest_parts, loss_text
from tokstat.results.from_json import is_number
from tokstat.results.report import Table
from tokstat.text.visible import shortened

MOST = 16
"""Parts that a chart shows, those of the most text; the tables have all."""

_LONGEST_NAME = 40


@dataclass(frozen=True)
class _Chart:
    """Name a table, the column of its parts and that of the values, and which end is better."""

    table: str
    parts: str
    values: str
    title: str
    better: Better


_CHARTS = (
    _Chart("groups", "group", "fertility_micro", "Tokens per word, by group", "lower"),
    _Chart("groups", "group", "bytes_per_token", "Bytes per token, by group", "higher"),
    _Chart("parity", "language", "parity", "Tokens for the same lines, by language", "lower"),
)

_Cell = tuple[float | None, str]
"""A value, and what is lost."""


def charts(report: CorpusReport, labels: Sequence[str]) -> Iterator[Html]:
    """Draw the groups and languages of a report; a table that is absent has no chart."""
    tables = {table.name: table for table in report.tables}
    for chart in _CHARTS:
        table = tables.get(chart.table)
        if table is not None and any(map(is_number, table.columns[chart.values])):
            yield _draw(chart, table, labels)


def _draw(chart: _Chart, table: Table, labels: Sequence[str]) -> Html:
    step = len(labels)
    largest = largest_parts(table, step, MOST)
    cells = _cells(chart, largest)
    of_parts = {
        str(part): cells[at * step : (at + 1) * step]
        for at, part in enumerate(largest.columns[chart.parts][::step])
    }
    parts = {
        part: own for part, own in of_parts.items() if any(value is not None for value, _ in own)
    }
    reach = max(value for own in parts.values() for value, _ in own if value is not None)
    note = f"{chart.better.capitalize()} is better."
    if len(largest) < len(table):
        note += f" The {len(largest) // step} with the most text of {len(table) // step:,}."
    rows = (_row(part, own, labels, reach) for part, own in parts.items())
    keys = element("p", ((name(labels, at), " ") for at in range(step)), class_="keys")
    return figure(chart.title, note, keys if step > 1 else None, element("ul", rows, class_="rows"))


def _cells(chart: _Chart, table: Table) -> list[_Cell]:
    """Return the value and the loss of each row; reports of earlier versions know of no loss."""
    lost: list[Mapping[str, float | None]] = [{} for _ in range(len(table))]
    if all(each in table.columns for each in SHARES_LOST):
        pairs = zip(*(table.columns[each] for each in SHARES_LOST), strict=True)
        lost = [dict(zip(SHARES_LOST, each, strict=True)) for each in pairs]
    return [
        (value, loss_text(shares) if loses_text(*shares.values()) else "")
        for value, shares in zip(table.columns[chart.values], lost, strict=True)
    ]


def _row(part: str, cells: Sequence[_Cell], labels: Sequence[str], reach: float) -> Html:
    lines: list[Child] = [
        element(
            "div",
            meter(
                (value or 0.0) / (reach or 1.0),
                f"who {color(at)}{' lossy' if lost else ''}",
                f"{labels[at]}: {'none' if value is None else digits(value)}",
            ),
            element("b", "–" if value is None else digits(value)),
            element("small", lost) if lost else None,
            class_="line",
        )
        for at, (value, lost) in enumerate(cells)
    ]
    title = element("span", element("bdi", shortened(part or "no group", _LONGEST_NAME)))
    return element("li", title, element("div", lines))

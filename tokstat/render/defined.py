"""Tables whose columns are declared metrics: their cells as text, and the definitions."""

from __future__ import annotations

from collections.abc import Mapping

from tokstat.results.declarations import MetricType
from tokstat.results.report import Table

Definitions = Mapping[str, MetricType]
"""The declared metric of each column that has one."""


def cells_as_text(table: Table, definitions: Definitions) -> Table:
    """Return a table with every cell as text, in the unit of its column; None is a dash."""
    return Table(
        table.name,
        table.title,
        {
            name: tuple(_cell(value, definitions.get(name)) for value in column)
            for name, column in table.columns.items()
        },
    )


def definition_lines(definitions: Definitions) -> list[str]:
    """Return a line for each defined column: its name, unit and definition."""
    return [f"{name} ({each.unit}): {each.definition}" for name, each in definitions.items()]


def _cell(value: object, declared: MetricType | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool) and declared is None:
        return f"{value:,}"
    if isinstance(value, (int, float)) and declared is not None:
        if declared.unit == "ratio":
            return f"{value:.1%}"
        if declared.unit == "difference":
            return f"{value * 100:+.1f} points"
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return str(value)

"""A table of declared metrics as Markdown, with their definitions."""

from __future__ import annotations

from tokstat.render.defined import Definitions, cells_as_text, definition_lines
from tokstat.render.markdown.report import escape, rows
from tokstat.results.report import Table


def defined_to_markdown(table: Table, definitions: Definitions) -> str:
    """Write a table under its title, and the definition of each column below."""
    shown = cells_as_text(table, definitions)
    return "\n".join(
        [
            f"# {escape(table.title)}",
            "",
            *rows(tuple(shown.columns), shown.rows()),
            *(f"- {escape(line)}" for line in definition_lines(definitions)),
            "",
        ]
    )

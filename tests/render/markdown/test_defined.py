"""A table of declared metrics as Markdown."""

from __future__ import annotations

from tests.render.test_defined import DEFINITIONS, TABLE
from tokstat.render.markdown.defined import defined_to_markdown


def test_cells_cannot_break_the_table() -> None:
    lines = defined_to_markdown(TABLE, DEFINITIONS).splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 4
    assert "a\\|b" in rows[2]

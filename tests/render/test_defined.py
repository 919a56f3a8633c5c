"""Cells of declared metrics in their units, in every format."""

from __future__ import annotations

from tokstat.render.defined import cells_as_text, definition_lines
from tokstat.render.html.defined import defined_to_html
from tokstat.render.markdown.defined import defined_to_markdown
from tokstat.render.terminal.defined import defined_to_text
from tokstat.results.declarations import MetricType
from tokstat.results.report import Table

DEFINITIONS = {
    "share": MetricType("share", "ratio", "a part of a whole"),
    "gap": MetricType("gap", "difference", "one share less another"),
    "length": MetricType("length", "tokens per word", "tokens over words"),
}
TABLE = Table(
    "rank",
    "Two <tokenizers>",
    {
        "rank": (1, None),
        "tokenizer": ("a|b", "<c>"),
        "tokens": (30522, 262145),
        "share": (0.66155, None),
        "gap": (-0.05, 0.453),
        "length": (1.2345, 12345.6),
    },
)


def test_cells_have_the_unit_of_their_column() -> None:
    shown = cells_as_text(TABLE, DEFINITIONS).columns
    assert shown["rank"] == ("1", "-")
    assert shown["tokens"] == ("30,522", "262,145")
    assert shown["share"] == ("66.2%", "-")
    assert shown["gap"] == ("-5.0 points", "+45.3 points")
    assert shown["length"] == ("1.23", "12,346")
    assert len(definition_lines(DEFINITIONS)) == 3


def test_every_format_has_rows_and_definitions() -> None:
    for render, escaped in (
        (defined_to_text, "<c>"),
        (defined_to_markdown, "\\<c\\>"),
        (defined_to_html, "&lt;c&gt;"),
    ):
        text = render(TABLE, DEFINITIONS)
        assert escaped in text
        assert "66.2%" in text
        assert "tokens over words" in text

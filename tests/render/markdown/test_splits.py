"""Splits as Markdown: a table for each text, a row for each tokenizer."""

from __future__ import annotations

from tests.render.html.test_splits import splits
from tokstat.render.markdown.splits import render_splits_markdown


def test_markdown_has_a_row_for_each_tokenizer() -> None:
    shown = render_splits_markdown(splits("a | tiger"))
    assert len([line for line in shown.splitlines() if line.startswith("| ")]) == 4
    assert "\\|" in shown

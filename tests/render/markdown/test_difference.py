"""A difference as Markdown: a heading for each part, a row for each change."""

from __future__ import annotations

from tests.render.differences import MOVED, SAME
from tokstat.render.markdown.difference import render_difference_markdown


def test_each_change_has_a_row() -> None:
    lines = render_difference_markdown(MOVED).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["# old → new", "## ids: 10 moved"]
    assert sum(line.startswith("| moved |") for line in lines) == 10


def test_equal_tokenizers_have_no_table() -> None:
    shown = render_difference_markdown(SAME)
    assert "|" not in shown
    assert "##" not in shown

"""Texts and tables as Markdown: escaped, and fenced where lines count."""

from __future__ import annotations

from tokstat.render.markdown.parts import parts_to_markdown
from tokstat.render.parts import Preformatted
from tokstat.results.report import Table


def test_a_fence_is_longer_than_those_in_the_text() -> None:
    text = parts_to_markdown("Title", [Preformatted("````\n")])
    assert "`````text\n````\n`````\n" in text


def test_texts_and_cells_are_escaped() -> None:
    table = Table("t", "A table", {"a|b": ("<b>", None), "n": (1234, 0.5)})
    text = parts_to_markdown("Title", ["*x*", "", table])
    assert text.startswith("# Title\n\n\\*x\\*\n\n| a\\|b | n |")
    assert "| \\<b\\> | 1,234 |" in text
    assert "| - | 0.50 |" in text

"""Headings and preformatted texts are texts, and reach every format."""

from __future__ import annotations

from tokstat.render.html.parts import parts_to_fragment
from tokstat.render.markdown.parts import parts_to_markdown
from tokstat.render.parts import Heading, Preformatted
from tokstat.render.terminal.text import to_text

PARTS = (Heading("WHAT FOLLOWS"), Preformatted("a  b\n   c\n"))


def test_they_are_told_apart_in_every_format() -> None:
    assert to_text(PARTS) == "WHAT FOLLOWS\na  b\n   c\n"
    assert "## WHAT FOLLOWS\n\n```text\na  b\n   c\n```" in parts_to_markdown("Title", PARTS)
    fragment = parts_to_fragment("Title", PARTS)
    assert "<h2>WHAT FOLLOWS</h2>" in fragment
    assert "<bdi>a  b</bdi>\n<bdi>   c</bdi>\n</pre>" in fragment

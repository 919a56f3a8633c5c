"""A table of declared metrics as a page."""

from __future__ import annotations

from tests.render.test_defined import DEFINITIONS, TABLE
from tokstat.render.html.defined import defined_to_html


def test_the_page_is_whole_and_the_same_each_time() -> None:
    page = defined_to_html(TABLE, DEFINITIONS)
    assert page == defined_to_html(TABLE, DEFINITIONS)
    assert page.isascii()
    assert page.rstrip().endswith("</html>")
    assert "<tokenizers>" not in page

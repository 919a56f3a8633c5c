"""A difference as a page: a panel for each part and for the text; nothing more if all is equal."""

from __future__ import annotations

from tests.render.differences import MOVED, SAME
from tokstat.render.html.difference import render_difference_fragment, render_difference_html


def test_each_part_and_the_text_have_a_panel() -> None:
    page = render_difference_html(MOVED)
    assert page.count('id="part-0"') == 1
    assert page.count('id="text"') == 1
    assert all(f"x{number}" in page for number in range(10))
    assert page == render_difference_html(MOVED)


def test_equal_tokenizers_have_no_panel() -> None:
    page = render_difference_html(SAME)
    assert 'id="part-0"' not in page
    assert 'id="text"' not in page


def test_a_fragment_has_a_line_for_each_part_and_no_script() -> None:
    assert render_difference_fragment(MOVED).count("<li>") == 1
    assert render_difference_fragment(SAME).count("<li>") == 0
    assert "<script" not in render_difference_fragment(MOVED)
    assert render_difference_fragment(MOVED).isascii()

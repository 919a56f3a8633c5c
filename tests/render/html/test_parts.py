"""Texts and tables as a page: escaped, with numbers set to the right."""

from __future__ import annotations

from tokstat.render.html.parts import parts_to_fragment, parts_to_html
from tokstat.render.parts import Preformatted
from tokstat.results.report import Table

TABLE = Table("t", "A table", {"<b>": ("</td>", None), "n": (1234, 0.5)})
INTERVALS = Table("i", "Intervals", {"95 %": ("[-1.5, 1,200.0]", None), "x": ("[a, b]", "[c]")})


def test_cells_are_escaped_and_numbers_stand_right() -> None:
    fragment = parts_to_fragment("<i>", ["</p>", "", Preformatted("</pre>"), TABLE])
    for wrong in ("<b>", "</td></bdi>", "<i>", "<p></p></p>", "</pre></bdi>"):
        assert wrong not in fragment
    assert fragment.count('class="number"') == 3
    assert "1,234" in fragment
    assert "<script" not in fragment


def test_the_page_is_complete() -> None:
    page = parts_to_html("A title", [TABLE])
    assert "<h1>A title</h1>" in page
    assert page == parts_to_html("A title", [TABLE])


def test_intervals_stay_on_a_line_as_numbers_do() -> None:
    assert parts_to_fragment("A title", [INTERVALS]).count('class="number"') == 3

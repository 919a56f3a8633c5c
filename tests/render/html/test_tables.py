"""Tables: all rows are there, numbers are aligned, and texts stand apart."""

from __future__ import annotations

import json
import re

from tests.render.html.test_markup import Reader
from tokstat.render.html.tables import STATIC_ROWS, slug, table_to_html
from tokstat.results.report import Table


def cells(html: str) -> list[str]:
    return [
        Reader(cell).text.strip()
        for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", html.partition("<tbody>")[2])
    ]


def test_numbers_have_as_many_decimals_as_their_column_needs() -> None:
    table = Table("t", "T", {"zipf": (7.5, 7.25, 3.0, None), "tokens": (1_000, 2, 3, 4)})
    assert cells(table_to_html(table, key="t")) == [
        *("7.50", "1,000"),
        *("7.25", "2"),
        *("3.00", "3"),
        *("", "4"),
    ]


def test_ids_are_names_and_truths_are_words() -> None:
    table = Table("t", "T", {"id": (50_281,), "starts": (True,), "text": (None,)})
    assert cells(table_to_html(table, key="t")) == ["50281", "yes", ""]


def test_rows_are_in_the_page_or_in_its_data() -> None:
    table = Table("t", "T", {"token": tuple(f"<{number}>" for number in range(STATIC_ROWS + 3))})
    html = table_to_html(table, key="t")
    assert cells(html) == list(table.columns["token"][:STATIC_ROWS])
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', html)
    assert json.loads(data) == [[each] for each in table.columns["token"][STATIC_ROWS:]]
    short = Table("t", "T", {"token": table.columns["token"][:STATIC_ROWS]})
    assert "<script" not in table_to_html(short, key="t")


def test_every_token_of_a_cell_has_a_direction_of_its_own() -> None:
    table = Table("t", "T", {"examples": ("\u05d0\u05d1 abc <E2 80>",)})
    parts = re.findall(r"<bdi>(.*?)</bdi>", table_to_html(table, key="t"))
    assert parts == ["\u05d0\u05d1", "abc", "&lt;E2", "80&gt;"]


def test_an_endless_cell_is_cut() -> None:
    (cell,) = cells(table_to_html(Table("t", "T", {"token": ("x" * 10_000,)}), key="t"))
    assert cell == "x" * 239 + "…"


def test_an_empty_table_is_nothing() -> None:
    assert table_to_html(Table("t", "T", {"token": ()}), key="t") == ""


def test_slugs_are_safe_in_an_id() -> None:
    assert slug("whole_words") == "whole-words"
    assert slug('"><script>') == "script"
    assert slug("\u4e2d") == "x"

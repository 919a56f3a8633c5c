"""Several tokenizers in one card or matrix."""

from __future__ import annotations

import re

import pytest

from tests.render.html.test_markup import Reader
from tokstat.render.headlines import Better
from tokstat.render.html.side_by_side import (
    Bar,
    bar_card,
    heat_cell,
    mark_cell,
    matrix,
    name,
    row,
    title_of,
    value_cell,
)


@pytest.mark.parametrize(
    ("labels", "title"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a"] * 4, "4 tokenizers side by side"),
    ],
)
def test_few_are_named_and_many_counted(labels: list[str], title: str) -> None:
    assert title_of(labels) == title


def test_a_name_has_its_number_and_is_cut() -> None:
    text = Reader(str(name(["a", "b" * 100], 1))).text
    assert text.startswith("2 b")
    assert len(text) < 50


def test_bars_are_within_their_card() -> None:
    bars = [Bar("10%", 0.1, "", "rank 1"), Bar("300%", 3.0, "+290", "")]
    text = Reader(str(bar_card("title", "definition", ["a", "b"], bars))).text
    assert text.startswith("Title")
    assert "+290" in text
    assert "rank 1" in text
    card = str(bar_card("title", "definition", ["a", "b"], bars))
    assert "Bar: 100%" in card
    assert "Bar: 300%" not in card


@pytest.mark.parametrize(
    ("shares", "better", "best"),
    [
        ([0.1, 0.3], "higher", "b"),
        ([0.1, 0.3], "lower", "a"),
        ([None, 0.3, 0.4], "lower", "b"),
        ([0.3, 0.1, 0.3], "higher", "ac"),
        ([-0.1, 0.2], "lower", "a"),
        ([0.2, 0.2], "higher", ""),
        ([None, None], "lower", ""),
        ([0.1, 0.3], None, ""),
    ],
)
def test_the_best_is_marked_where_one_end_is_better(
    shares: list[float | None], better: Better | None, best: str
) -> None:
    labels = "abc"[: len(shares)]
    bars = [Bar(f"{share}", share) for share in shares]
    text = Reader(str(bar_card("title", "definition", labels, bars, better))).text
    marked = "".join(re.findall(r"([abc])\s*best", text))
    assert marked == best
    assert (f"{better}".capitalize() + " is better." in text) == (better is not None)


def test_a_tokenizer_keeps_its_colour() -> None:
    labels = [f"tokenizer {number}" for number in range(8)]
    page = str(bar_card("title", "definition", labels, [Bar("1", 0.5)] * 8))
    page += str(matrix(labels, "T", "corner", []))
    for position in range(8):
        color = f"who-{position % 6}"
        assert f'class="tone-who {color}"' in page
        assert f'class="who {color}">{position + 1}<' in page
        assert f'class="code who {color}">{position + 1}<' in page


def test_a_matrix_has_a_column_for_each() -> None:
    page = Reader(
        str(matrix(["a", "b"], "T", "corner", [row("h", value_cell("1"), value_cell("2", "x"))]))
    )
    scopes = [attributes.get("scope") for tag, attributes in page.elements if tag == "th"]
    assert scopes == ["col", "col", "col", "row"]
    assert [tag for tag, _ in page.elements].count("td") == 2


@pytest.mark.parametrize(
    ("share", "level"), [(0.0, "heat-0"), (0.26, "heat-3"), (1.0, "heat-10"), (7.0, "heat-10")]
)
def test_shares_have_levels(share: float, level: str) -> None:
    assert Reader(str(heat_cell(share))).elements == [("td", {"class": level})]


def test_signs_have_words_for_those_who_do_not_see_them() -> None:
    assert [Reader(str(mark_cell(found))).text for found in (True, False)] == ["●yes", "–no"]
    assert Reader(str(heat_cell(None))).text == "–"

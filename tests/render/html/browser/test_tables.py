"""Tables of a page in a browser: they sort, filter and turn."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.render.html.browser.opened import PHONE, SAMPLE, Open
from tokstat.api.ranking import rank_definitions
from tokstat.render.html.defined import defined_to_html
from tokstat.results.report import Report

pytestmark = pytest.mark.browser


def test_columns_sort_both_ways_and_back(open_page: Open, reports: dict[str, Report]) -> None:
    opened = open_page("modernbert")
    columns = reports["modernbert"].section("whole_words").table("sample").columns
    ids = [str(each) for each in columns["id"]]
    button = opened.page.locator(f"{SAMPLE} thead button", has_text="id")
    heading = opened.page.locator(f"{SAMPLE} thead th:nth-child(2)")
    cells = f"{SAMPLE} tbody td:nth-child(2)"
    assert opened.texts(cells) == ids[:10]
    button.click()
    assert opened.texts(cells) == ids[::-1][:10]
    assert heading.get_attribute("aria-sort") == "descending"
    button.click()
    assert opened.texts(cells) == ids[:10]
    assert heading.get_attribute("aria-sort") == "ascending"
    button.click()
    assert heading.get_attribute("aria-sort") is None
    assert opened.is_quiet()


def test_numbers_sort_as_numbers(open_page: Open, reports: dict[str, Report]) -> None:
    opened = open_page("modernbert")
    table = "#table-composition-scripts"
    counts = reports["modernbert"].section("composition").table("scripts").columns["tokens"]
    button = opened.page.locator(f"{table} thead button", has_text="tokens")
    button.click()
    button.click()
    shown = [int(text.replace(",", "")) for text in opened.texts(f"{table} tbody td")]
    assert shown == sorted(counts)[:10]


def test_a_filter_finds_rows_beyond_those_that_the_page_holds_as_html(
    open_page: Open, reports: dict[str, Report]
) -> None:
    opened = open_page("modernbert")
    rows = [
        [str(cell) for cell in row]
        for row in reports["modernbert"].section("whole_words").table("sample").rows()
    ]
    assert len(rows) == 500
    for wanted in ("whole_word", " s", "ING"):
        folded = wanted.lower()
        found = [
            row
            for row in rows
            if any(folded in cell.lower().replace("\u00b7", " ") for cell in row)
        ]
        assert len(found) > 10
        opened.page.locator(f"{SAMPLE} input[type=search]").fill(wanted)
        assert opened.texts(f"{SAMPLE} tbody th") == [row[0] for row in found[:10]]
        status = opened.page.locator(f"{SAMPLE} [role=status]").text_content()
        assert status == f"Rows 1\u201310 of {len(found)}"
    opened.page.locator(f"{SAMPLE} input[type=search]").fill("no such token")
    assert opened.page.locator(f"{SAMPLE} tbody tr").count() == 0
    assert opened.texts(f"{SAMPLE} [role=status]") == ["No row matches"]
    assert opened.is_quiet()


def test_pages_turn(open_page: Open, reports: dict[str, Report]) -> None:
    opened = open_page("modernbert")
    ids = [
        str(each)
        for each in reports["modernbert"].section("whole_words").table("sample").columns["id"]
    ]
    cells = f"{SAMPLE} tbody td:nth-child(2)"
    back = opened.page.locator(SAMPLE).get_by_role("button", name="Previous rows")
    forth = opened.page.locator(SAMPLE).get_by_role("button", name="Next rows")
    assert back.is_disabled()
    for start in (10, 20, 30, 40, 50):
        forth.click()
        assert opened.texts(cells) == ids[start : start + 10]
    back.click()
    assert opened.texts(cells) == ids[40:50]
    opened.page.locator(f"{SAMPLE} select").select_option("100")
    assert opened.texts(cells) == ids[:100]
    opened.page.locator(f"{SAMPLE} select").select_option("all")
    assert opened.texts(cells) == ids
    assert back.is_disabled()
    assert forth.is_disabled()
    assert opened.is_quiet()


def test_a_comparison_sorts_prints_and_needs_no_scripts(
    open_page: Open, comparison: tokstat.Comparison
) -> None:
    opened = open_page("many")
    labels = [f"{n} {label}" for n, label in enumerate(opened.texts("#tokenizers h3 bdi"), 1)]
    assert len(labels) == 18
    button = opened.page.locator("#pairs thead button", has_text="shared")
    button.click()
    shown = [int(text.replace(",", "")) for text in opened.texts("#pairs tbody td:nth-child(3)")]
    assert shown == sorted(shown, reverse=True)
    opened.page.locator("#pairs input[type=search]").fill(labels[1])
    assert opened.texts("#pairs [role=status]") == ["Rows 1–10 of 17"]
    assert opened.is_quiet()
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("nav").is_visible()
    plain = open_page("comparison", java_script_enabled=False)
    text = plain.page.locator("body").inner_text()
    assert all(score.name in text for score in comparison.scores)
    assert all(info.spec in text for info in comparison.tokenizers)


def test_a_wide_matrix_scrolls_by_keyboard_under_its_first_column(open_page: Open) -> None:
    opened = open_page("many", viewport=PHONE)
    box = opened.page.locator("#all-scores .scroll")
    assert box.evaluate("each => each.scrollWidth > each.clientWidth")
    head = box.locator("tbody th").first
    before = head.bounding_box()["x"]
    box.focus()
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == "All scores"
    for _ in range(5):
        opened.page.keyboard.press("ArrowRight")
    opened.page.wait_for_timeout(500)
    assert box.evaluate("each => each.scrollLeft") > 20
    assert head.bounding_box()["x"] == before
    assert before >= 0


def test_numbers_with_a_unit_sort_as_numbers(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "rank.html"
    table = tokstat.rank("de")
    path.write_text(defined_to_html(table, rank_definitions()), "ascii")
    opened = open_page(path)
    opened.page.locator("#rank thead button", has_text="coverage bare").click()
    column = [*table.columns].index("coverage_bare") + 1
    shown = [float(each.rstrip("%")) for each in opened.texts(f"#rank td:nth-child({column})")]
    shares = sorted((each for each in table.columns["coverage_bare"] if each), reverse=True)
    # As texts, "9.7%" is before "29.3%".
    assert shown == [round(100 * each, 1) for each in shares[:10]]
    assert shares[-1] < 0.1 < shares[0]
    assert opened.is_quiet()

"""How a reader finds what a page says: opened, searched, printed, without scripts."""

from __future__ import annotations

import pytest

from tests.render.html.browser.opened import SAMPLE, Open
from tokstat.results.report import Report

pytestmark = pytest.mark.browser

TALLEST = 4_000
"""Pixels that a page of one or two tokenizers may take when opened, at a width of 1,280."""


def test_the_page_is_complete_without_scripts(open_page: Open, reports: dict[str, Report]) -> None:
    opened = open_page("modernbert", java_script_enabled=False)
    text = opened.page.locator("body").text_content()
    report = reports["modernbert"]
    for section in report.sections:
        assert all(metric.name in text for metric in section.metrics)
        if section.analyzer != "splits":  # whose tables are drawn as splits
            assert all(table.title in text for table in section.tables if len(table))
        assert all(finding.hint.replace("`", "") in text for finding in section.findings)
    assert opened.page.locator(f"{SAMPLE} tbody tr").count() == 50
    assert opened.page.locator(f"{SAMPLE} .unscripted").is_visible()
    assert not opened.page.locator(".themes").is_visible()


def test_it_prints(open_page: Open) -> None:
    opened = open_page("modernbert", color_scheme="dark")
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("nav").is_visible()
    assert not opened.page.locator(".tools input").first.is_visible()
    assert (
        opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert opened.page.pdf()[:4] == b"%PDF"


@pytest.mark.parametrize(("name", "parts"), [("modernbert", 16), ("comparison", 5)])
def test_the_page_opens_short_and_prints_in_full(name: str, parts: int, open_page: Open) -> None:
    opened = open_page(name, unfold=False)
    assert opened.evaluate("document.documentElement.scrollHeight") < TALLEST
    closed = "document.querySelectorAll('main details:not([open])').length"
    folded = opened.evaluate(closed)
    assert folded >= parts
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.evaluate(closed) == 0
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.evaluate(closed) == folded
    assert opened.is_quiet()


def test_the_verdict_comes_first_and_leads_to_its_findings(
    open_page: Open, reports: dict[str, Report]
) -> None:
    opened = open_page("modernbert", unfold=False)
    shown = opened.texts("#verdict .sentences p")
    for line, statement in zip(shown, reports["modernbert"].verdict, strict=True):
        assert line.startswith(statement.sentence)
    finding = opened.page.locator("#finding-1")
    finding.locator("summary").first.click()
    assert not finding.locator(".hint").is_visible()
    # A page opens what its address names after the click, so these wait for it.
    opened.page.locator("#verdict .sentences a").click()
    finding.locator(".hint").wait_for()
    opened.page.locator("nav a", has_text="Fragments").click()
    opened.page.locator("#section-fragments .metrics").wait_for()
    assert opened.is_quiet()


def test_a_search_finds_tokens_and_sections(open_page: Open, reports: dict[str, Report]) -> None:
    opened = open_page("modernbert", unfold=False)
    search = opened.page.locator(".finder input")
    search.fill("one_token_numbers")
    assert opened.texts(".finder a")[0].startswith("Splitting of numbers")
    sample = reports["modernbert"].section("whole_words").table("sample")
    token = next(iter(sample.columns.values()))[321]  # one that the page has as data alone
    search.fill(token)
    opened.page.locator(".finder a", has_text=sample.title).first.click()
    opened.page.locator(SAMPLE).wait_for()
    assert token in opened.texts(f"{SAMPLE} tbody th")
    search.fill("no such token")
    assert opened.texts(".finder [role=status]") == ["Nothing found"]
    search.fill("")
    assert opened.texts(".finder a") == []
    assert opened.is_quiet()


def test_a_search_finds_scores_and_words_of_a_comparison(open_page: Open) -> None:
    opened = open_page("comparison", unfold=False)
    search = opened.page.locator(".finder input")
    search.fill("coverage_bare")
    opened.page.locator(".finder a", has_text="All scores").click()
    opened.page.locator("#all-scores .matrix").wait_for()
    search.fill("congratulations")
    assert opened.texts(".finder a") == ["Words that are one token section"]
    assert opened.is_quiet()


def test_terms_explain_themselves_on_hover_and_focus(open_page: Open) -> None:
    opened = open_page("modernbert", unfold=False)
    term = opened.page.locator("#scores .term", has_text="content tokens")
    shown = "each => getComputedStyle(each, '::after').display"
    assert term.evaluate(shown) == "none"
    term.focus()
    assert term.evaluate(shown) == "block"
    opened.page.keyboard.press("Escape")
    assert term.evaluate(shown) == "none"
    term.evaluate("each => each.blur()")
    term.hover()
    assert term.evaluate(shown) == "block"
    described = opened.page.locator("#" + term.get_attribute("aria-describedby"))
    assert described.text_content() == term.get_attribute("data-meaning")

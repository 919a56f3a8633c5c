"""The page in a real browser: it works, reaches for nothing, and a vocabulary cannot harm it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.browser import fetch_axe, fetch_lab_style, find_chromium
from tests.conftest import wrap
from tests.hostile import (
    HOSTILE_NAME,
    HOSTILE_TOKENS,
    hostile_comparison,
    hostile_report,
    hostile_tokenizer,
)
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.api.reports import Result
from tokstat.render.html.comparison import render_comparison_fragment
from tokstat.render.html.report import render_fragment
from tokstat.results.report import Report
from tokstat.text.visible import visible_line
from tokstat.tokenizer.tokenizer import Tokenizer

pytestmark = pytest.mark.browser

UNFOLD = "document.querySelectorAll('main details').forEach((each) => { each.open = true })"

TALLEST = 4_000
"""Pixels that the report of ModernBERT may take when opened, at a width of 1,280."""

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
SAMPLE = "#table-whole-words-sample"

REPORTS = ("modernbert", "bert", "hostile")
OTHERS = ("comparison", "many", "hostile-comparison", "corpus")
PAGES = (*REPORTS, *OTHERS)


@dataclass
class Opened:
    """A page with what it said and reached for."""

    page: Any
    url: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)

    def texts(self, selector: str) -> list[str]:
        return [text.strip() for text in self.page.locator(selector).all_text_contents()]

    def is_quiet(self) -> bool:
        """Whether nothing was logged or asked for, and no token's script ran."""
        others = [url for url in self.requests if url != self.url and not url.startswith("data:")]
        return not self.messages and not others and self.evaluate("window.broken === undefined")


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = need("playwright.sync_api")
    program = find_chromium()
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def axe() -> str:
    return fetch_axe()


@pytest.fixture(scope="module")
def reports(modernbert: Tokenizer, bert: Tokenizer) -> dict[str, Report]:
    return {
        "modernbert": tokstat.inspect(modernbert),
        "bert": tokstat.inspect(bert),
        "hostile": hostile_report(),
    }


@pytest.fixture(scope="module")
def comparison(modernbert: Tokenizer, bert: Tokenizer) -> tokstat.Comparison:
    return tokstat.compare(bert, modernbert)


@pytest.fixture(scope="module")
def pages(
    reports: dict[str, Report],
    comparison: tokstat.Comparison,
    modernbert: Tokenizer,
    bert: Tokenizer,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    small = [wrap(make(), f"small/{name}") for name, make in SMALL.items()]
    others: dict[str, Result] = {
        "comparison": comparison,
        "many": tokstat.compare(bert, modernbert, *small, *small[:6]),
        "hostile-comparison": hostile_comparison(),
        "corpus": tokstat.measure_corpus(
            [bert, wrap(hostile_tokenizer(), HOSTILE_NAME)], texts=HOSTILE_TOKENS
        ),
    }
    for name, report in {**reports, **others}.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(tokstat.render_report(report, "html"), "ascii")
    return paths


@pytest.fixture
def open_page(browser: Any, pages: dict[str, Path]) -> Iterator[Open]:
    contexts = []

    def opened(name: str | Path, *, unfold: bool = True, **options: Any) -> Opened:
        context = browser.new_context(**{"viewport": DESKTOP, "offline": True, **options})
        contexts.append(context)
        path = pages[name] if isinstance(name, str) else name
        page = context.new_page()
        page.set_default_timeout(10_000)
        made = Opened(page, path.as_uri())
        page.on("console", lambda message: made.messages.append(message.text))
        page.on("pageerror", lambda error: made.messages.append(str(error)))
        page.on("dialog", lambda dialog: made.messages.append(dialog.message))
        page.on("request", lambda request: made.requests.append(request.url))
        page.goto(made.url)
        if unfold:
            made.evaluate(UNFOLD)
        return made

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_nothing_to_the_console_and_asks_for_nothing(
    name: str, open_page: Open
) -> None:
    opened = open_page(name)
    opened.page.wait_for_timeout(200)
    assert opened.requests[0] == opened.url
    assert opened.is_quiet(), (opened.messages, opened.requests)


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


def test_the_theme_follows_the_system_until_it_is_switched(open_page: Open) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = open_page("bert", color_scheme="light")
    opened = open_page("bert", color_scheme="dark")
    dark_color, light_color = opened.evaluate(background), light.evaluate(background)
    assert dark_color != light_color
    opened.page.get_by_label("Light").check()
    assert opened.evaluate(background) == light_color
    opened.page.reload()
    assert opened.evaluate(background) == light_color
    opened.page.get_by_label("Auto").check()
    assert opened.evaluate(background) == dark_color
    opened.page.emulate_media(color_scheme="light")
    assert opened.evaluate(background) == light_color
    opened.page.get_by_label("Dark").check()
    assert opened.evaluate(background) == dark_color
    assert not opened.messages


def serious(opened: Opened, axe: str) -> list[tuple[str, str]]:
    """List axe-core's serious and critical findings: the rule and what it concerns."""
    opened.page.add_script_tag(content=axe)
    found = opened.evaluate("axe.run().then((result) => result.violations)")
    return [
        (each["id"], node["html"])
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(
    name: str, scheme: str, viewport: dict[str, int], open_page: Open, axe: str
) -> None:
    opened = open_page(name, color_scheme=scheme, viewport=viewport, bypass_csp=True)
    opened.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert serious(opened, axe) == []


def test_axe_would_find_something(open_page: Open, axe: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    path.write_text("<title>x</title><button></button><p style='color:#eee'>faint</p>")
    found = {rule for rule, _ in serious(open_page(path), axe)}
    assert {"button-name", "color-contrast", "html-has-lang"} <= found


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_window(name: str, width: int, open_page: Open) -> None:
    opened = open_page(name, viewport={"width": width, "height": 740})
    opened.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_tokens_are_shown_and_run_nothing(open_page: Open) -> None:
    opened = open_page("hostile")
    opened.page.locator("#finding-1-tokens select").select_option("all")
    opened.page.locator(f"{SAMPLE} select").select_option("all")
    opened.page.locator(f"{SAMPLE} input[type=search]").fill("<script>")
    for button in opened.page.locator("thead button").all():
        button.click()
    opened.page.wait_for_timeout(100)
    assert opened.is_quiet(), (opened.messages, opened.requests)
    shown = set(opened.texts("#finding-1-tokens tbody td"))
    written = {
        f"\u00b7{visible_line(token)}".replace("\u00b7 ", "\u00b7") for token in HOSTILE_TOKENS[:20]
    }
    assert {token.replace(" ", "\u00b7") for token in written} <= shown
    assert opened.page.title() == f"{visible_line(HOSTILE_NAME)} · tokstat"
    assert opened.evaluate("document.scripts.length") == opened.evaluate(
        "document.querySelectorAll('body > script, .table > script').length"
    )
    foreign = "iframe, img, base, object, embed, main a:not([href^='#']), main style, main link"
    assert opened.page.locator(foreign).count() == 0


def test_no_text_in_the_page_can_turn_what_stands_beside_it(open_page: Open) -> None:
    """Raw bidi controls are nowhere, and each token has a direction of its own."""
    opened = open_page("hostile")
    assert (
        opened.evaluate(
            r"/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/"
            ".test(document.documentElement.outerHTML)"
        )
        is False
    )
    loose = opened.evaluate(
        "[...document.querySelectorAll('.token, .token-cell')].filter((cell) =>"
        "[...cell.childNodes].some((node) => node.nodeName !== 'BDI' && node.textContent.trim()"
        " && !node.querySelector)).filter((cell) => !cell.closest('thead')).length"
    )
    assert loose == 0


def test_even_markup_that_slipped_through_would_run_nothing(
    open_page: Open, pages: dict[str, Path], tmp_path: Path
) -> None:
    text = pages["bert"].read_text("ascii")
    slipped = (
        "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
        "<link rel=stylesheet href=https://example.invalid/x.css>"
        "<style>body { display: none }</style><iframe src='javascript:top.broken = 1'></iframe>"
    )
    path = tmp_path / "slipped.html"
    path.write_text(text.replace("<h1>", slipped + "<h1>", 1), "ascii")
    opened = open_page(path)
    opened.page.wait_for_timeout(200)
    assert opened.evaluate("window.broken") is None
    assert opened.evaluate("getComputedStyle(document.body).display") == "block"
    assert len(opened.messages) >= 4
    assert all("Content Security Policy" in message for message in opened.messages)


def test_the_page_is_complete_without_scripts(open_page: Open, reports: dict[str, Report]) -> None:
    opened = open_page("modernbert", java_script_enabled=False)
    text = opened.page.locator("body").text_content()
    report = reports["modernbert"]
    for section in report.sections:
        assert all(metric.name in text for metric in section.metrics)
        if section.analyzer != "splits":  # whose tables are drawn as splits
            assert all(table.title in text for table in section.tables if len(table))
        assert all(finding.hint in text for finding in section.findings)
    assert opened.page.locator(f"{SAMPLE} tbody tr").count() == 50
    assert opened.page.locator(f"{SAMPLE} .unscripted").is_visible()
    assert not opened.page.locator(".themes").is_visible()


def test_the_keyboard_reaches_and_works_everything(open_page: Open) -> None:
    opened = open_page("modernbert")
    keyboard = opened.page.keyboard
    keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    assert opened.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main"
    button = opened.page.locator(f"{SAMPLE} thead button", has_text="id")
    button.focus()
    keyboard.press("Tab")
    keyboard.press("Shift+Tab")
    assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keyboard.press("Enter")
    assert opened.texts(f"{SAMPLE} tbody td:nth-child(2)")[0] == "50367"
    reachable = opened.evaluate(
        "[...document.querySelectorAll('button:enabled, input, select, summary, a')]"
        ".filter((each) => each.tabIndex < 0).length"
    )
    assert reachable == 0


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


def test_hostile_names_and_words_of_a_comparison_run_nothing(open_page: Open) -> None:
    opened = open_page("hostile-comparison")
    opened.page.wait_for_timeout(100)
    assert opened.is_quiet(), (opened.messages, opened.requests)
    shown = set(opened.texts("#words .token"))
    assert {visible_line(token).strip() for token in HOSTILE_TOKENS} <= shown
    foreign = "iframe, img, base, object, embed, main a, main style, main link, main script"
    assert opened.page.locator(foreign).count() == 0


def test_it_prints(open_page: Open) -> None:
    opened = open_page("modernbert", color_scheme="dark")
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("nav").is_visible()
    assert not opened.page.locator(".tools input").first.is_visible()
    assert (
        opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert opened.page.pdf()[:4] == b"%PDF"


def test_the_page_opens_short_and_prints_in_full(open_page: Open) -> None:
    opened = open_page("modernbert", unfold=False)
    assert opened.evaluate("document.documentElement.scrollHeight") < TALLEST
    closed = "document.querySelectorAll('main details:not([open])').length"
    folded = opened.evaluate(closed)
    assert folded > 15
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


@pytest.mark.parametrize("of", ["report", "comparison"])
def test_a_fragment_fits_in_a_notebook_and_leaves_it_alone(
    of: str, open_page: Open, reports: dict[str, Report], axe: str, tmp_path: Path
) -> None:
    if of == "report":
        fragment = render_fragment(reports["hostile"])
    else:
        fragment = render_comparison_fragment(hostile_comparison())
    for theme, ink in (("true", "#111"), ("false", "#eee")):
        path = tmp_path / f"notebook-{theme}.html"
        paper = "#fff" if theme == "true" else "#111"
        path.write_text(
            f"<!doctype html><html lang=en><title>notebook</title>"
            f"<body data-jp-theme-light={theme} style='background:{paper};color:{ink}'>"
            f"<main><h1 id=own style='font-size:20px'>Own</h1><h2>Cell</h2>{fragment}</main>",
            "utf-8",
        )
        opened = open_page(path, viewport=PHONE)
        assert opened.is_quiet(), (opened.messages, opened.requests)
        assert opened.evaluate("getComputedStyle(own).fontSize") == "20px"
        assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert serious(opened, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_of_jupyter_tears_nothing_apart(
    theme: str,
    open_page: Open,
    reports: dict[str, Report],
    comparison: tokstat.Comparison,
    tmp_path: Path,
) -> None:
    """JupyterLab lets definitions float, indents lists and sets cells to the right."""
    report = reports["modernbert"]
    shown = (report, report.findings, comparison)
    cells = "".join(
        f"<div class='jp-OutputArea-output jp-RenderedHTMLCommon'>{each._repr_html_()}</div>"
        for each in shown
    )
    styles = fetch_lab_style("index.css"), fetch_lab_style(f"theme-{theme}.css")
    path = tmp_path / "lab.html"
    path.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>lab</title>"
        f"{''.join(f'<style>{each}</style>' for each in styles)}"
        f"<body class=jp-Notebook data-jp-theme-light={str(theme == 'light').lower()}>{cells}",
        "utf-8",
    )
    opened = open_page(path)
    rows = opened.evaluate(
        "[...document.querySelectorAll('.facts > div')].map((row) => [...row.children].map("
        "(each) => each.getBoundingClientRect()).map((box) => [box.top, box.left, box.right]))"
    )
    assert len(rows) >= 4
    for (top, _, right), (other_top, left, _) in rows:
        assert abs(top - other_top) < 1
        assert 0 < left - right < 20
    assert {left for _, (_, left, _) in rows} == {rows[0][1][1]}
    for selector in (".scroll > table:not([class]) td:not(.number)", ".verdict"):
        aligned = f"getComputedStyle(document.querySelector('{selector}')).textAlign"
        assert opened.evaluate(aligned) in ("left", "start")
    lists = "[...document.querySelectorAll('.bars, .legend')]"
    indents = f"{lists}.map((each) => getComputedStyle(each).paddingLeft)"
    assert set(opened.evaluate(indents)) == {"0px"}

"""Pages in a browser: every theme, width and assistive technology."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.html.browser.opened import DESKTOP, PAGES, PHONE, SAMPLE, Open, serious

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize("name", PAGES)
# The parts of a page and their colours are the same at both widths, so two of the four suffice.
@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", PHONE), ("dark", DESKTOP)], ids=["light", "dark"]
)
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


BROKEN_HEADS = """[...document.querySelectorAll("main th:not(.token-cell)")].flatMap((head) => {
  const broken = [];
  const walker = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    for (const word of walker.currentNode.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
      if (lines.size > 1) broken.push(word[0]);
    }
  }
  return broken;
})"""


@pytest.mark.parametrize("name", ["modernbert", "comparison", "corpus"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_no_head_breaks_within_a_word(name: str, width: int, open_page: Open) -> None:
    opened = open_page(name, viewport={"width": width, "height": 740})
    assert opened.evaluate(BROKEN_HEADS) == []


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

"""Pages in a browser reach for nothing, and a vocabulary cannot harm them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import HOSTILE_NAME, HOSTILE_TOKENS
from tests.render.html.browser.opened import PAGES, SAMPLE, Open
from tokstat.text.visible import visible_line

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_nothing_to_the_console_and_asks_for_nothing(
    name: str, open_page: Open
) -> None:
    opened = open_page(name)
    opened.page.wait_for_timeout(200)
    assert opened.requests[0] == opened.url
    assert opened.is_quiet(), (opened.messages, opened.requests)


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


def test_hostile_names_and_words_of_a_comparison_run_nothing(open_page: Open) -> None:
    opened = open_page("hostile-comparison")
    opened.page.wait_for_timeout(100)
    assert opened.is_quiet(), (opened.messages, opened.requests)
    shown = set(opened.texts("#words .token"))
    assert {visible_line(token).strip() for token in HOSTILE_TOKENS} <= shown
    # The verdict links to the findings.
    foreign = "iframe, img, base, object, embed, main style, main link, main script"
    foreign += ", main a:not([href='#findings'])"
    assert opened.page.locator(foreign).count() == 0

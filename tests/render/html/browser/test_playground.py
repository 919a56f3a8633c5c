"""The page with a text box in a real browser: it splits, checks itself, and reaches for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import models, pre_tokenizers

from tests.conftest import load_real, wrap
from tests.corpus.adversarial import TEXTS
from tests.hostile import HOSTILE_NAME, HOSTILE_TOKENS, hostile_tokenizer
from tests.render.html.browser.opened import DESKTOP, Open, Opened, serious
from tokstat.render.html.playground import render_playground
from tokstat.splitting.panel import PANEL
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer

pytestmark = pytest.mark.browser

SECONDS = 90
FAMILIES = ("gpt2", "llama3", "wordllama", "tokenlearn")
"""Real tokenizers of three families, beside the packaged two of byte-level BPE and WordPiece."""

OPTION = "[role=option]"


@pytest.fixture(scope="module")
def pages(modernbert: Tokenizer, bert: Tokenizer) -> dict[str, str]:
    hostile = wrap(hostile_tokenizer(), HOSTILE_NAME)
    return {
        "two": render_playground([modernbert, bert]),
        "hostile": render_playground([hostile], " ".join(HOSTILE_TOKENS)),
    }


@pytest.fixture
def open_page(browser: Any, pages: Mapping[str, str], tmp_path: Path) -> Iterator[Open]:
    contexts = []

    def opened(name: str, checks: bool = True, **options: Any) -> Opened:
        context = browser.new_context(**{"viewport": DESKTOP, "offline": True, **options})
        contexts.append(context)
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(pages.get(name, name), "ascii")
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        made = Opened(page, path.as_uri())
        page.on("console", lambda message: made.messages.append(message.text))
        page.on("pageerror", lambda error: made.messages.append(str(error)))
        page.on("request", lambda request: made.requests.append(request.url))
        page.goto(made.url)
        if checks:
            for at in range(page.locator(".splits").count()):
                page.locator(f"#tokenizer-{at}[data-state]").wait_for()
        return made

    yield opened
    for context in contexts:
        context.close()


def states(opened: Opened) -> list[str]:
    return [each.get_attribute("data-state") for each in opened.page.locator(".splits").all()]


def is_quiet(opened: Opened) -> bool:
    """Whether nothing was logged, asked for but the page's own worker, or run for a token."""
    others = [
        url
        for url in opened.requests
        if url != opened.url and not url.startswith(("data:image/svg", "blob:"))
    ]
    return not opened.messages and not others and opened.evaluate("window.broken === undefined")


def write(opened: Opened, text: str, counts: list[int]) -> None:
    """Type a text, and wait until each tokenizer shows so many tokens."""
    opened.page.locator("#text").fill(text)
    for at, count in enumerate(counts):
        shown = opened.page.locator(f"#tokenizer-{at} .count b")
        shown.get_by_text(re.compile(rf"^{count:,}$")).wait_for()


def shown_ids(opened: Opened, at: int) -> list[int]:
    return [int(text) for text in opened.texts(f"#tokenizer-{at} {OPTION} small")]


def test_typing_changes_the_splits(open_page: Open, modernbert: Tokenizer, bert: Tokenizer) -> None:
    opened = open_page("two")
    opened.page.locator("#ids").check()
    for text in (
        "tiger",
        " tiger",
        "Tigers, über 中文 🐯!\n\tx  y",
        "<b>&amp;</b>",
        "x" * 3000,
        "",
    ):
        wanted = [encode(each.backend, text) for each in (modernbert, bert)]
        write(opened, text, [len(ids) for ids in wanted])
        assert [shown_ids(opened, at) for at in range(2)] == wanted
    assert is_quiet(opened), (opened.messages, opened.requests)


def test_tokens_stand_for_the_typed_text(
    open_page: Open, modernbert: Tokenizer, bert: Tokenizer
) -> None:
    opened = open_page("two")
    text = "Tigers eat 🐯 Cafe\u0301s"
    write(opened, text, [len(encode(each.backend, text)) for each in (modernbert, bert)])
    rows = opened.evaluate(
        "[...document.querySelectorAll('#tokenizer-0 [role=option]')]"
        ".map(({ row }) => [row.text, row.kind, row.start, row.end])"
    )
    units = text.encode("utf-16-le")
    typed = [units[2 * start : 2 * end].decode("utf-16-le") for _, _, start, end in rows]
    assert "".join(typed).startswith("Tigers eat")
    assert "".join(typed).endswith("Cafe\u0301s")
    partial = [typed[at] for at, row in enumerate(rows) if row[1] == "partial"]
    assert {each.strip() for each in partial} == {"🐯"}
    assert opened.texts("#tokenizer-1 [role=option]")[0] == "tigers"


def test_special_tokens_are_shown_on_request(open_page: Open) -> None:
    opened = open_page("two")
    write(opened, "tiger [MASK]", [3, 2])
    assert opened.texts("#tokenizer-1 .special") == ["[MASK]"]
    opened.page.locator("#special").check()
    assert opened.texts("#tokenizer-1 .special") == ["[CLS]", "[MASK]", "[SEP]"]
    assert opened.texts("#tokenizer-1 .count b") == ["4"]


def test_the_check_passes_on_the_packaged_tokenizers(open_page: Open) -> None:
    opened = open_page("two")
    assert states(opened) == ["checked", "checked"]
    assert is_quiet(opened), (opened.messages, opened.requests)


def test_the_panel_is_right_for_six_real_tokenizers_of_four_families(
    open_page: Open, modernbert: Tokenizer, bert: Tokenizer
) -> None:
    real = [modernbert, bert, *map(load_real, FAMILIES)]
    opened = open_page(render_playground(real, "Six of them"))
    assert states(opened) == ["checked"] * 6
    assert is_quiet(opened), (opened.messages, opened.requests)


def test_adversarial_texts_are_split_as_by_the_library(
    open_page: Open, modernbert: Tokenizer, bert: Tokenizer
) -> None:
    panel = {str(at): text for at, text in enumerate(TEXTS)}
    real = [modernbert, bert, *map(load_real, FAMILIES)]
    opened = open_page(render_playground(real, panel=panel))
    assert states(opened) == ["checked"] * 6


def test_a_wrong_split_shows_a_warning(open_page: Open, pages: Mapping[str, str]) -> None:
    start = pages["two"].index('"ids":[[', pages["two"].index('class="tokenizer"'))
    wrong = pages["two"][: start + 8] + "1," + pages["two"][start + 8 :]
    opened = open_page(wrong)
    assert states(opened) == ["differs", "checked"]
    (warning,) = opened.texts(".state.warning")
    assert next(iter(PANEL)) in warning
    assert [name for name in PANEL if name in warning] == [next(iter(PANEL))]


def test_a_tokenizer_that_the_port_cannot_run_shows_a_warning(open_page: Open) -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.UnicodeScripts()
    opened = open_page(render_playground([wrap(backend, "scripts")], "a"))
    assert states(opened) == ["failed"]
    assert len(opened.texts(".state.warning")) == 1


def test_an_unknown_token_stands_for_what_was_typed(open_page: Open) -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    opened = open_page(render_playground([wrap(backend, "words")], "a tiger a"))
    assert opened.texts(".unknown") == ["tiger"]
    assert states(opened) == ["checked"]


def test_a_hostile_vocabulary_runs_nothing(open_page: Open) -> None:
    opened = open_page("hostile")
    assert states(opened) == ["checked"]
    opened.page.locator("#ids").check()
    opened.page.locator("#special").check()
    for token in HOSTILE_TOKENS:
        opened.page.locator("#text").fill(token)
    opened.page.locator(".pieces").focus()
    opened.page.keyboard.press("End")
    opened.page.wait_for_timeout(200)
    assert is_quiet(opened), (opened.messages, opened.requests)
    foreign = "iframe, img, base, object, embed, main a, main style, main link"
    assert opened.page.locator(foreign).count() == 0


def test_markup_that_slipped_through_would_run_nothing(
    open_page: Open, pages: Mapping[str, str]
) -> None:
    slipped = (
        "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
        "<link rel=stylesheet href=https://example.invalid/x.css>"
    )
    opened = open_page(pages["two"].replace("<h1>", slipped + "<h1>", 1))
    assert opened.evaluate("window.broken") is None
    assert all("Content Security Policy" in message for message in opened.messages)
    worker = opened.page.evaluate(
        "() => { try { new Worker('data:text/javascript,1'); return 'made' }"
        " catch (error) { return error.name } }"
    )
    assert worker == "TypeError"


def test_the_keyboard_reaches_every_token(open_page: Open) -> None:
    opened = open_page("two")
    write(opened, "one tiger", [2, 2])
    opened.page.locator("#tokenizer-0 .pieces").focus()
    opened.page.keyboard.press("ArrowRight")
    chosen = opened.page.locator("#tokenizer-0 [aria-selected=true]")
    assert chosen.text_content() == "·tiger"
    active = opened.page.locator("#tokenizer-0 .pieces").get_attribute("aria-activedescendant")
    assert chosen.get_attribute("id") == active
    assert "39,121" in opened.texts("#tokenizer-0 .detail")[0]
    assert opened.texts("#tokenizer-1 .also") == ["tiger"]
    opened.page.keyboard.press("Tab")
    assert opened.texts("#tokenizer-1 .also") == []


def test_examples_fill_the_box(open_page: Open) -> None:
    opened = open_page("two")
    opened.page.locator(".examples button", has_text="indentation").click()
    assert opened.page.locator("#text").input_value() == PANEL["indentation"]


def test_a_long_text_is_counted_whole_and_shown_in_part(
    open_page: Open, modernbert: Tokenizer, bert: Tokenizer
) -> None:
    opened = open_page("two")
    text = "tiger and lion. " * 2000
    counts = [len(encode(each.backend, text)) for each in (modernbert, bert)]
    write(opened, text, counts)
    assert opened.page.locator(f"#tokenizer-0 {OPTION}").count() == 3000
    assert f"{counts[0] - 3000:,} more" in opened.texts("#tokenizer-0 .more")[0]


def test_it_needs_scripts_and_says_so(open_page: Open) -> None:
    opened = open_page("two", checks=False, java_script_enabled=False)
    assert opened.page.locator(".unscripted").is_visible()
    assert not opened.page.locator("#text").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["two", "hostile"])
def test_axe_finds_nothing_serious(name: str, scheme: str, open_page: Open, axe: str) -> None:
    opened = open_page(name, color_scheme=scheme, bypass_csp=True)
    assert serious(opened, axe) == []
    opened.page.locator("#ids").check()
    opened.page.locator("#special").check()
    opened.page.locator(".pieces").first.focus()
    assert serious(opened, axe) == []


@pytest.mark.parametrize("name", ["two", "hostile"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(name: str, width: int, open_page: Open) -> None:
    opened = open_page(name, viewport={"width": width, "height": 740})
    opened.page.locator("#ids").check()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_data_of_the_page_is_json(pages: Mapping[str, str]) -> None:
    found = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', pages["hostile"])
    assert len([json.loads(each) for each in found]) == 2

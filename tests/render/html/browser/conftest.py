"""A Chromium for the tests of pages, and the pages; a process makes both once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.browser import fetch_axe, find_chromium
from tests.conftest import wrap
from tests.hostile import (
    HOSTILE_NAME,
    HOSTILE_TOKENS,
    hostile_comparison,
    hostile_report,
    hostile_tokenizer,
)
from tests.needs import need
from tests.render.html.browser.opened import DESKTOP, Open, Opened
from tests.small_tokenizers import SMALL
from tokstat.results.report import Report
from tokstat.results.written import Written
from tokstat.tokenizer.tokenizer import Tokenizer

UNFOLD = "document.querySelectorAll('main details').forEach((each) => { each.open = true })"


@pytest.fixture(scope="package")  # while it runs, no other test could start an event loop
def browser() -> Iterator[Any]:
    api = need("playwright.sync_api")
    program = find_chromium()
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    return fetch_axe()


@pytest.fixture(scope="session")
def reports(modernbert_report: Report, bert_report: Report) -> dict[str, Report]:
    return {
        "modernbert": modernbert_report,
        "bert": bert_report,
        "hostile": hostile_report(),
    }


@pytest.fixture(scope="session")
def comparison(modernbert: Tokenizer, bert: Tokenizer) -> tokstat.Comparison:
    return tokstat.compare(bert, modernbert)


@pytest.fixture(scope="session")
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
    others: dict[str, Written] = {
        "comparison": comparison,
        "many": tokstat.compare(bert, modernbert, *small, *small[:6]),
        "hostile-comparison": hostile_comparison(),
        "corpus": tokstat.measure_corpus(
            [bert, wrap(hostile_tokenizer(), HOSTILE_NAME)], texts=HOSTILE_TOKENS
        ),
    }
    others["difference"] = tokstat.diff(bert, modernbert)
    others["splits"] = tokstat.encode([bert, modernbert])
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

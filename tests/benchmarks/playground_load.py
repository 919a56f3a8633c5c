"""Measure pages with a text box in Chromium: python -m tests.benchmarks.playground_load [NAME …].

NAME is a real tokenizer of the tests or a spec. Printed are the size of a page with this tokenizer
alone, the time to write it, the times from opening it to the first split and to the end of its
check, and the time from typing into a text of 1,000 characters to the new split.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from tests.browser import find_chromium
from tests.needs import need
from tests.real_tokenizers import REGISTRY, fetch
from tokstat.api.inspection import load
from tokstat.render.html.playground import render_playground

NAMES = (
    "answerdotai/ModernBERT-base",
    "google-bert/bert-base-uncased",
    "gpt2",
    "wordllama",
    "tokenlearn",
    "llama3",
    "gpt4o",
    "gemma3",
)

TEXT = "The quick brown fox isn't jumping over 12 lazy dogs. " * 19


def main(names: tuple[str, ...]) -> None:
    """Print one line a tokenizer."""
    api = need("playwright.sync_api")
    print("tokenizer\tpage kB\twritten s\tfirst split s\tchecked s\ttyping ms\tstate")
    with api.sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for name in names:
            tokenizer = load(str(fetch(name)) if name in REGISTRY else name)
            start = monotonic()
            text = render_playground([tokenizer])
            written = monotonic() - start
            path = Path(folder) / "page.html"
            path.write_text(text, "ascii")
            times = _measure(browser, path.as_uri())
            print(f"{name}\t{len(text) // 1000}\t{written:.2f}\t{times}", flush=True)
        browser.close()


def _measure(browser: Any, address: str) -> str:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    start = monotonic()
    page.goto(address)
    page.locator(".count b").wait_for()
    first = monotonic() - start
    card = page.locator(".splits[data-state]")
    card.wait_for()
    checked = monotonic() - start
    page.locator("#text").fill(TEXT)
    page.wait_for_timeout(1000)
    typing = page.evaluate(
        """() => new Promise((done) => {
          const start = performance.now();
          const pieces = document.querySelector(".pieces");
          const drawn = () => done(performance.now() - start);
          new MutationObserver(drawn).observe(pieces, { childList: true });
          const box = document.querySelector("#text");
          box.value += " tigers";
          box.dispatchEvent(new Event("input"));
        })"""
    )
    state = card.get_attribute("data-state")
    page.close()
    return f"{first:.2f}\t{checked:.2f}\t{typing:.0f}\t{state}"


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or NAMES)

"""Count texts that pages split otherwise: python -m tests.benchmarks.playground_agreement [NAME …].

NAME is a real tokenizer of the tests or a spec. The texts are the stress texts of locks, the
adversarial texts of the corpus tests, and random ones in many scripts. A page compares its splits
with those of the library; printed are the texts on which the two differ.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser import find_chromium
from tests.corpus.adversarial import TEXTS
from tests.needs import need
from tests.real_tokenizers import REGISTRY, fetch
from tokstat.api.inspection import load
from tokstat.comparison.stress_texts import STRESS_TEXTS
from tokstat.render.html.playground import render_playground

NAMES = (
    "answerdotai/ModernBERT-base",
    "google-bert/bert-base-uncased",
    "wordllama",
    "tokenlearn",
    "gpt2",
    "gpt4o",
    "gptoss",
    "llama3",
    "qwen3",
    "deepseek_v3",
    "dolma2",
    "claude",
    "mistral",
    "gemma3",
    "minilm",
    "clip",
)

RANDOM = 800

BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x300, 0x36F),
    (0x370, 0x4FF),
    (0x5D0, 0x64A),
    (0x900, 0x97F),
    (0xE01, 0xE3A),
    (0x1100, 0x11FF),
    (0x1E00, 0x1FFF),
    (0x2000, 0x206F),
    (0x2100, 0x214F),
    (0x3041, 0x30FF),
    (0x4E00, 0x4FFF),
    (0xAC00, 0xACFF),
    (0xFB00, 0xFB4F),
    (0xFF01, 0xFF9F),
    (0x1F300, 0x1F64F),
)


def main(names: tuple[str, ...]) -> None:
    """Print one line a tokenizer."""
    texts = {str(at): text for at, text in enumerate(dict.fromkeys(_texts()))}
    api = need("playwright.sync_api")
    print(f"{len(texts):,} texts\ntokenizer\tother ids\ttexts")
    with api.sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for name in names:
            tokenizer = load(str(fetch(name)) if name in REGISTRY else name)
            path = Path(folder) / "page.html"
            path.write_text(render_playground([tokenizer], panel=texts), "ascii")
            page = browser.new_page()
            page.set_default_timeout(300_000)
            page.goto(path.as_uri())
            page.locator("#tokenizer-0[data-state]").wait_for()
            found = [*_failed(page.locator(".state").text_content() or "", texts)]
            print(f"{name}\t{len(found)}\t{found[:3]!a}", flush=True)
            page.close()
        browser.close()


def _failed(state: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the texts that a page's warning names."""
    if not state.startswith("checked"):
        names = state.partition("for: ")[2].partition(". Use")[0].split(", ")
        yield from (texts.get(name, name) for name in names)


def _texts() -> Iterator[str]:
    yield from STRESS_TEXTS
    yield from TEXTS
    choose = random.Random(0)
    for _ in range(RANDOM):
        blocks = choose.choices(BLOCKS, k=choose.randint(1, 3))
        characters = [chr(choose.randint(*choose.choice(blocks))) for _ in range(40)]
        yield "".join(
            each + " " * (choose.random() < 0.15) for each in characters if choose.random() < 0.9
        )


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or NAMES)

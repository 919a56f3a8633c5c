"""Counts of real tokenizers on messy text, with gigatoken and without: equal to the last one."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

import tokstat
from tests.corpus.adversarial import TEXTS
from tests.corpus.counting.test_chunks_by_engine import without_engines
from tests.needs import need
from tests.real_tokenizers import REGISTRY, fetch
from tests.samples import HAND_PICKED
from tokstat.corpus.counting.window import Document
from tokstat.corpus.engines.choice import choose
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR

pytestmark = pytest.mark.slow

NAMES = ("packaged", *(name for name, each in REGISTRY.items() if "BPE" in each.family))

READ = {"gpt2", "gpt4o", "gptoss", "llama3", "qwen3", "deepseek_v3", "dolma2", "gemma3", "packaged"}
"""Those that gigatoken reads, and has to read right."""

LONG = 5_000_000
"""Characters of one line. The judge takes seconds for it."""


@cache
def messy() -> list[Document]:
    """Logs, code, pages, many scripts, emoji, controls, added tokens, and a very long line."""
    draw = random.Random(0)
    # Reading replaces the marks that cutting uses.
    picked = [text.replace(DOCUMENT, "").replace(SEPARATOR, "") for text in HAND_PICKED]
    whole = [*TEXTS, *picked]
    logs = [
        f"2024-02-{n % 28 + 1:02}T12:{n % 60:02}:56.{n:03}Z ERROR [t-{n}] a.b.C:{n} 0x{n * n:08X}\n"
        for n in range(300)
    ]
    mixed = ["".join(draw.choices(whole, k=8)) for _ in range(500)]
    added = [f"{text} [MASK]{text}  [MASK] <|endoftext|> </s>" for text in whole]
    broken = [draw.randbytes(200).decode("utf-8", "replace") for _ in range(200)]
    long = "".join(draw.choices([*"abcdefgh ", "é", "汉", "12", "\n"], k=LONG))
    texts = [*whole, *logs, *mixed, *added, *broken, "x" * 50_000, long]
    return [Document(text, f"file{n % 3}", f"group{n % 4}") for n, text in enumerate(texts)]


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_the_judges(name: str) -> None:
    need("gigatoken")
    spec = "answerdotai/ModernBERT-base" if name == "packaged" else str(fetch(name))
    tokenizer = tokstat.load(spec)
    (chosen,) = choose([tokenizer], "gigatoken")
    assert chosen.engine is not None or name not in READ, chosen.reason
    for words in ("unicode", "none"):
        plan = Plan.of([tokenizer], words, Reading())
        judged = plan.count(iter(messy()))
        found = replace(plan, engines=[chosen.engine]).count(iter(messy()))
        assert without_engines(found) == judged.to_dict()

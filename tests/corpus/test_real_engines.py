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
from tests.real_tokenizers import fetch
from tests.samples import HAND_PICKED
from tokstat.corpus.counting.state import Counts
from tokstat.corpus.counting.window import Document
from tokstat.corpus.engines.choice import choose
from tokstat.corpus.engines.engine import Engine
from tokstat.corpus.engines.gigatoken import Gigatoken, installed_version, why_not, written_for
from tokstat.corpus.engines.routing import RoutedEngine
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.safe_cuts.boundaries import DOCUMENT, SEPARATOR
from tokstat.tokenizer.tokenizer import Tokenizer

pytestmark = pytest.mark.slow

READ = ("packaged", "deepseek_v3", "dolma2", "gemma3", "gpt2", "gpt4o", "gptoss", "llama3", "qwen3")
"""Those that gigatoken reads, and has to read right."""

LONG = 2_500_000
"""Characters of one line, more than are cut at a time. The judge takes seconds for it."""


@cache
def messy(longest: int) -> list[Document]:
    """Logs, code, pages, many scripts, emoji, controls, added tokens, and a long line."""
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
    # Letters of Unicode 17, which libraries may not know yet.
    young = [f"{chr(code)}\n \na" for code in (0x88F, 0xC5C, 0xA7CE, 0x11DC3, 0x33479)]
    broken = [draw.randbytes(200).decode("utf-8", "replace") for _ in range(200)]
    long = "".join(draw.choices([*"abcdefgh ", "é", "汉", "12", "\n"], k=longest))
    texts = [*whole, *logs, *mixed, *added, *young, *broken, "x" * 50_000, long]
    return [Document(text, f"file{n % 3}", f"group{n % 4}") for n, text in enumerate(texts)]


def read(name: str) -> Tokenizer:
    spec = "answerdotai/ModernBERT-base" if name == "packaged" else str(fetch(name))
    return tokstat.load(spec)


def ids_of(counts: Counts) -> dict[str, dict[int, int]]:
    """How often each id occurs, by group."""
    found = {}
    for name, group in counts.groups.items():
        tokens = group.tokenizers[0].tokens
        found[name] = dict(zip(tokens.keys.tolist(), tokens.times.tolist(), strict=True))
    return found


def counts_are_the_judges(tokenizer: Tokenizer, engine: Engine, longest: int) -> None:
    documents = messy(longest)
    plan = Plan.of([tokenizer], "unicode", Reading())
    judged = plan.count(iter(documents))
    found = replace(plan, engines=[engine]).count(iter(documents))
    assert without_engines(found) == judged.to_dict()
    alone = replace(plan, words="none", engines=[engine]).count(iter(documents))
    assert ids_of(alone) == ids_of(judged)
    assert {name: file.tokens for name, file in alone.files.items()} == {
        name: file.tokens for name, file in judged.files.items()
    }


@pytest.mark.parametrize("name", READ)
def test_counts_are_the_judges(name: str) -> None:
    need("gigatoken")
    tokenizer = read(name)
    assert why_not(tokenizer) is None
    engine = Gigatoken(lambda: written_for(tokenizer), str(installed_version()))
    counts_are_the_judges(tokenizer, RoutedEngine(engine, tokenizer), 10_000)


def test_one_is_tried_and_chosen() -> None:
    need("gigatoken")
    tokenizer = read("packaged")
    (chosen,) = choose([tokenizer], "gigatoken")
    assert chosen.engine is not None, chosen.reason
    counts_are_the_judges(tokenizer, chosen.engine, LONG)

"""Inputs that the fuzzer found to crash a parser, and its own mutations."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.conftest import word_level_json
from tests.fuzz.mutations import mutated
from tests.hostile import hostile_report
from tokstat import api
from tokstat.errors import LexiconError, ReportError, TokstatError
from tokstat.lexicon import load_lexicon
from tokstat.loading.tokenizer_json import parse_tokenizer_json

SEEDS = (word_level_json("one", "two"), b"plain 12 text\n")


def test_a_prefix_that_is_a_number() -> None:
    model = {"type": "BPE", "vocab": {"a": 0}, "merges": [], "continuing_subword_prefix": 7}
    content = {**json.loads(word_level_json("one")), "model": model}
    with pytest.raises(TokstatError):
        parse_tokenizer_json(json.dumps(content).encode(), "tokenizer.json")


def test_a_denominator_without_its_numerator(tmp_path: Path) -> None:
    data = json.loads(hostile_report().to_json())
    metrics = [metric for section in data["sections"] for metric in section["metrics"]]
    metric = next(metric for metric in metrics if metric["denominator"])
    metric["numerator"] = None
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ReportError):
        api.load_report(path)


@pytest.mark.parametrize("count", ["9" * 5000, "\u0663", "1_000", "-1", "1.5"])
def test_a_count_that_is_no_ordinary_number(count: str, tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(f"word\t{count}\n", "utf-8")
    with pytest.raises(LexiconError):
        load_lexicon(path=path)


def test_the_same_seed_gives_the_same_inputs() -> None:
    runs = [[mutated(SEEDS, draw) for _ in range(300)] for draw in map(random.Random, (1, 1, 2))]
    assert runs[0] == runs[1] != runs[2]
    assert len(set(runs[0])) > 200

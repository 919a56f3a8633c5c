"""The packaged table of published results, and the packaged scores of tokenizers."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

import tokstat
from tests.needs import need_package
from tokstat.results.references import references_by_name
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.wordsim.published import (
    CASE,
    PublishedResult,
    published_results,
)

RESULTS = published_results()
BY_NAME = {result.model: result for result in RESULTS}


def as_cells(result: PublishedResult) -> dict[str, str | float | None]:
    return {field.name: getattr(result, field.name) for field in fields(result)}


def test_the_table_is_the_shared_one_row_by_row(shared: Path) -> None:
    with (shared / "published_results.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    numbers = {"wordsim", "sts", "classification", "average"}
    assert [as_cells(result) for result in RESULTS] == [
        {
            name: (float(cell) if name in numbers else cell) if cell or name == "note" else None
            for name, cell in row.items()
        }
        for row in rows
    ]


def test_every_row_says_where_it_is_from() -> None:
    assert len(BY_NAME) == len(RESULTS) == 27
    for result in RESULTS:
        assert result.source.startswith("https://")
        assert 0 < result.wordsim < 100
        assert result.teacher
        assert result.kind


def test_families_and_tokenizers() -> None:
    assert Counter(result.family for result in RESULTS) == {"WordPiece": 19, "BPE": 4, "words": 4}
    assert Counter(result.score_key for result in RESULTS if result.is_static) == {
        "google-bert/bert-base-uncased": 15,
        "answerdotai/ModernBERT-base": 2,
        "LLaMA-2": 1,
        None: 8,
    }
    assert [result.model for result in RESULTS if not result.is_static] == ["all-MiniLM-L6-v2"]
    assert {result.score_key for result in RESULTS} - {None} <= set(references_by_name())


@pytest.mark.parametrize(("model", "wordsim"), [*zip(CASE, (49.7, 25.6, 26.1), strict=True)])
def test_the_case(model: str, wordsim: float) -> None:
    assert BY_NAME[model].wordsim == wordsim
    assert BY_NAME[model].tokenizer in references_by_name()


def check_scores(key: str, tokenizer: Tokenizer) -> None:
    entry = references_by_name()[key]
    report = tokstat.inspect(tokenizer)
    assert report.metric("wordsim_coverage_bare").denominator == 6438
    assert {name: report.metric(name).value for name in entry.scores} == pytest.approx(entry.scores)
    assert report.tokenizer.sha256 == entry.sha256


@pytest.fixture
def seven(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKSTAT_DATA", str(shared / "wordsim"))


@pytest.mark.usefixtures("seven")
def test_scores_of_the_packaged_pair(bert: Tokenizer, modernbert: Tokenizer) -> None:
    check_scores("google-bert/bert-base-uncased", bert)
    check_scores("answerdotai/ModernBERT-base", modernbert)


@pytest.mark.usefixtures("seven")
def test_scores_of_llama_2() -> None:
    folder = need_package("wordllama") / "tokenizers"
    check_scores("LLaMA-2", tokstat.load(folder / "l2_supercat_tokenizer_config.json"))

"""Tokenizers and texts of a corpus in every form in which they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tokstat.tokenizer.tokenizer import Tokenizer


def test_a_corpus_is_never_counted_as_letters(bert: Tokenizer) -> None:
    report = tokstat.measure_corpus(bert, texts="the tiger sleeps")
    assert report.text.documents == 1
    assert [metric.numerator for metric in report["fertility_micro"]] == [3]
    assert len(report.to_table()) == len(report.metrics)
    report = tokstat.measure_corpus([bert], texts={"en": ["the tiger"], "de": "ein Tiger"})
    assert report.table("groups").columns["group"] == ("de", "en")
    with pytest.raises(tokstat.TokstatError, match="int"):
        tokstat.measure_corpus([bert], texts=[1])  # type: ignore[list-item]


def test_one_file_is_given_as_a_path_or_a_list(bert: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("the tiger\n")
    alone = tokstat.measure_corpus(bert, path)
    assert alone.to_dict() == tokstat.measure_corpus([bert, bert], [str(path)]).to_dict()
    assert len(alone.tokenizers) == 1

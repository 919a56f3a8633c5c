"""A corpus report as Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.report import CorpusReport
from tokstat.render.markdown.corpus import render_corpus_markdown
from tokstat.tokenizer.tokenizer import Tokenizer

TEXTS = {
    "en": "Tigers swim in the indecipherable sea.\nHe said nothing.\n",
    "de": "Tiger schwimmen im unentzifferbaren Meer.\nEr sagte nichts.\n",
    "ru": "Тигры плавают в море.\nОн ничего не сказал.\n",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpus")
    paths = []
    for language, text in TEXTS.items():
        paths.append(folder / language / "text.txt")
        paths[-1].parent.mkdir()
        paths[-1].write_text(text, "utf-8")
    return paths


@pytest.fixture(scope="module")
def report(bert: Tokenizer, modernbert: Tokenizer, files: list[Path]) -> CorpusReport:
    return tokstat.measure_corpus(
        [modernbert, bert], files, reading=Reading(group="folder"), aligned=True
    )


def test_markdown_has_rows_of_one_length(report: CorpusReport) -> None:
    text = render_corpus_markdown(report)
    table: list[int] = []
    tables = 0
    for line in text.splitlines():
        if line.startswith("|"):
            table.append(line.replace(r"\|", "").count("|"))
        else:
            assert len(set(table)) <= 1
            tables += bool(table)
            table = []
    assert tables == len(report.tables)

"""A report of counts, with what each tokenizer has on the same text."""

from __future__ import annotations

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.corpus.report import CorpusReport
from tokstat.corpus.saved import report_from_dict
from tokstat.errors import ReportError

TEXTS = ["the people", "of the world"]
NAMES = ("byte-level", "wordpiece")


@pytest.fixture(scope="module")
def report() -> CorpusReport:
    return tokstat.measure_corpus([load_known(name) for name in NAMES], texts=TEXTS)


def test_tokens_are_those_of_the_texts(report: CorpusReport) -> None:
    assert [each.spec for each in report.tokenizers] == list(NAMES)
    for each in report.tokenizers:
        encode = load_known(each.spec).backend.encode
        tokens = sum(len(encode(text, add_special_tokens=False)) for text in TEXTS)
        assert each.metric("tokens").value == tokens
        assert each.metric("tokens_per_word").value == pytest.approx(tokens / 5)
    assert (report.text.documents, report.text.words, report.text.bytes) == (2, 5, 22)


def test_an_unknown_metric_or_table_is_refused(report: CorpusReport) -> None:
    with pytest.raises(ReportError, match="nothing"):
        report.tokenizers[0].metric("nothing")
    with pytest.raises(ReportError, match="nothing"):
        report.table("nothing")


def test_plain_data_gives_the_report_back(report: CorpusReport) -> None:
    assert report_from_dict(report.to_dict()) == report
    assert set(report.to_dict()) == {
        *("schema_version", "tokstat_version", "text", "words", "tokenizers", "tables", "notes")
    }


def test_a_session_shows_one_short_line(report: CorpusReport) -> None:
    assert len(repr(report)) < 200
    assert len(repr(report.tokenizers[0])) < 100


def test_files_that_are_left_out_are_a_table(report: CorpusReport) -> None:
    assert report.leaving_out(()) == report
    table = report.leaving_out((("a.png", "it is empty"),)).table("left_out")
    assert list(table.rows()) == [("a.png", "it is empty")]

"""A report of counts, with what each tokenizer has on the same text."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tokstat
from tests.conftest import load_known
from tests.corpus.engines.others import Other
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.report import CorpusReport
from tokstat.corpus.run import run
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


def test_without_words_there_are_tokens_alone(report: CorpusReport) -> None:
    texts = {"a": TEXTS[:1], "b": TEXTS[1:]}
    tokenizers = [load_known(name) for name in NAMES]
    alone = tokstat.measure_corpus(tokenizers, texts=texts, words="none")
    names = {metric.name for metric in report.metrics}
    assert names - {metric.name for metric in alone.metrics} == {
        *("fertility_micro", "fertility_macro", "tokens_per_word"),
        *("continued_word_ratio", "single_token_word_ratio", "dropped_word_ratio"),
    }
    assert alone["tokens"] == report["tokens"]
    assert {table.name for table in alone.tables} == {"groups", "files"}
    assert report_from_dict(alone.to_dict()) == alone
    for name in ("terminal", "markdown", "html"):
        assert "fertility" not in tokstat.render_report(alone, name)


def test_every_format_names_the_engine_and_its_bound() -> None:
    (tokenizer,) = [load_known("byte-level")]
    plan = replace(Plan.of([tokenizer], "unicode", Reading()), engines=[Other(tokenizer)])
    report = run(plan, texts=[f"the number {number}" for number in range(1_000)])
    engine = report.tokenizers[0].engine
    assert engine is not None
    assert (engine.name, engine.documents) == ("other 1", 1_000)
    assert engine.most_wrong == 3 / engine.checked
    assert report_from_dict(report.to_dict()) == report
    for name in ("terminal", "json", "markdown", "html"):
        text = tokstat.render_report(report, name)
        assert "other 1" in text
        assert str(engine.checked) in text


def test_a_report_of_an_earlier_version_has_no_engine(report: CorpusReport) -> None:
    data = report.to_dict()
    for each in data["tokenizers"]:
        del each["engine"]
    old = report_from_dict(data)
    assert [each.engine for each in old.tokenizers] == [None, None]
    assert old.warnings == ()
    for name in ("terminal", "markdown", "html"):
        assert tokstat.render_report(old, name)

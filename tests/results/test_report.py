"""Reports are data: they survive JSON, find their parts by name, and refuse what is no report."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.conftest import wrap
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.api.comparison import compare
from tokstat.api.corpus import measure_corpus
from tokstat.errors import MissingExtraError, ReportError
from tokstat.experiments.ladder import read_ladder
from tokstat.gate.verdict import GatedReport, Verdict
from tokstat.results.report import MOST_TOKENS_SHOWN, Finding, Metric, Report, Section, Table
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def report(modernbert_report: Report) -> Report:
    return modernbert_report


def test_a_report_survives_json(report: Report) -> None:
    again = Report.from_json(report.to_json())
    assert again == report
    assert again.to_json() == report.to_json()


def test_json_has_the_shape_that_is_promised(report: Report) -> None:
    data = json.loads(report.to_json())
    assert data["schema_version"] == 2
    assert data["tokenizer"]["model_type"] == "BPE"
    assert data["tokenizer"]["vocab_size"] == 50_368
    assert len(data["tokenizer"]["sha256"]) == 64
    metrics = {m["name"]: m for s in data["sections"] for m in s["metrics"]}
    assert metrics["whole_word_ratio"]["numerator"] == 22_662
    assert metrics["whole_word_ratio"]["denominator"] == 43_831
    assert metrics["whole_word_ratio"]["unit"] == "ratio"
    assert all(m["definition"] for m in metrics.values())


def test_every_ratio_is_its_numerator_over_its_denominator(report: Report) -> None:
    ratios = [m for s in report.sections for m in s.metrics if m.unit == "ratio"]
    assert len(ratios) >= 11
    for metric in ratios:
        assert metric.numerator is not None
        assert metric.denominator
        assert metric.value == metric.numerator / metric.denominator


def test_a_ratio_of_nothing_has_no_value() -> None:
    metric = Metric.ratio("empty", 0, 0, "nothing over nothing")
    assert (metric.value, metric.numerator, metric.denominator) == (None, 0, 0)


def test_findings_come_worst_first(report: Report) -> None:
    section = Section(
        "made",
        "Made",
        findings=(
            Finding("A", "info", "", ""),
            Finding("B", "error", "", ""),
            Finding("C", "warning", "", ""),
            Finding("D", "error", "", ""),
        ),
    )
    found = replace(report, sections=(section,)).findings
    assert [finding.code for finding in found] == ["B", "D", "C", "A"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema_version": 2}', '{"schema_version": 1}', "nonsense"]
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        Report.from_json(text)


def test_unknown_names_are_refused_with_the_known_ones(report: Report) -> None:
    with pytest.raises(ReportError, match="whole_word_ratio"):
        report.metric("whole_words_ratio")
    with pytest.raises(ReportError, match="coverage"):
        report.section("coverages")
    with pytest.raises(ReportError, match="lost_alone"):
        report.section("coverage").table("lost")


def test_columns_of_differing_length_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        Table("bad", "Bad", {"a": (1, 2), "b": (1,)})


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_tables_become_frames(report: Report, library: str) -> None:
    need(library)
    table = report.section("coverage").table("frequency_bands")
    frame = table.to_frame(library)  # type: ignore[arg-type]
    assert list(frame.columns) == list(table.columns)
    assert tuple(frame["spaced"]) == table.columns["spaced"]


def test_a_metric_is_shown_with_its_parts(report: Report) -> None:
    shown = repr(report["whole_word_ratio"])
    assert shown == "<Metric 'whole_word_ratio': 0.517 ratio (22,662 of 43,831)>"
    empty = Metric.ratio("empty", 0, 0, "of nothing")
    assert repr(empty) == "<Metric 'empty': none ratio (0 of 0)>"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_columns_of_mixed_numbers_become_frames(report: Report, library: str) -> None:
    need(library)
    frame = report.to_frame(library)  # type: ignore[arg-type]
    assert len(frame) == len(report.metrics)


def test_a_frame_of_a_library_that_is_absent_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(MissingExtraError, match="pip install polars"):
        Table("one", "One", {"a": (1,)}).to_frame("polars")


def test_notebooks_show_html_markdown_and_text(report: Report) -> None:
    shown = report._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/markdown", "text/html"}
    assert all("22,662" in text for text in shown.values())
    assert "<script" not in shown["text/html"]


def test_findings_name_their_rule_and_spell_out_the_first_tokens(
    report: Report, modernbert: Tokenizer
) -> None:
    (twins,) = [finding for finding in report.findings if finding.code == "TS301"]
    assert twins.title
    assert twins.rationale
    assert len(twins.token_ids) == 9_436
    assert len(twins.tokens) == MOST_TOKENS_SHOWN
    vocabulary = modernbert.vocabulary
    assert list(twins.tokens) == [
        vocabulary[token].display for token in twins.token_ids[:MOST_TOKENS_SHOWN]
    ]
    assert all(finding.title for finding in report.findings)


def test_reports_of_before_findings_had_titles_are_read(report: Report) -> None:
    data = report.to_dict()
    for section in data["sections"]:
        for finding in section["findings"]:
            del finding["title"], finding["rationale"], finding["tokens"]
    old = Report.from_dict(data)
    assert [finding.message for finding in old.findings] == [
        finding.message for finding in report.findings
    ]


def test_what_a_session_prints_is_short(report: Report, modernbert: Tokenizer) -> None:
    """However many tokens a result holds."""
    assert (len(repr(report)) < 500, repr(report).count("\n")) == (True, 0)
    assert "50,368 tokens" in repr(report)
    assert repr(report.tokenizer.spec) in repr(report)
    sections = report.sections
    tables = [table for section in sections for table in section.tables]
    parts = (*sections, *tables, *report.findings, modernbert.vocabulary, modernbert)
    assert [part for part in parts if len(repr(part)) > 1_000] == []
    found = compare(modernbert, wrap(SMALL["wordpiece"](), "small"), analyzers=["composition"])
    gated = GatedReport(report, Verdict(True))
    texts = measure_corpus([modernbert], texts=["the people"])
    for each in (found, gated, texts, texts.tokenizers, read_ladder()):
        assert len(repr(each)) < 700


def test_what_others_wrote_is_quoted_and_cut_off() -> None:
    made = Section("\x1b[2J" * 1_000, "Made")
    assert len(repr(made)) < 200
    assert repr(made).isprintable()
    assert made != replace(made, title="Other")
    table = Table("t", "T", {f"column {number}": (1,) for number in range(20)})
    assert repr(table).endswith("and 12 more>")
    assert "1 row of" in repr(table)

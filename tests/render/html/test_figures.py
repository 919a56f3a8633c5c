"""Charts of a report's tables, and of tables that lack what they need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.render.html.test_markup import Reader
from tokstat.render.html.figures import figure, figures
from tokstat.results.report import Report, Section, Table


def with_table(report: Report, analyzer: str, table: Table) -> Report:
    return replace(report, sections=(Section(analyzer, "", tables=(table,)),))


def test_a_report_has_a_chart_of_each_kind(bert_report: Report) -> None:
    titles = [Reader(str(each)).elements[0][0] for each in figures(bert_report)]
    assert titles == ["figure"] * 3
    assert list(figures(replace(bert_report, sections=()))) == []


def test_classes_are_counted(bert_report: Report) -> None:
    table = Table("word_classes", "", {"word_class": ("whole_word", "affix"), "tokens": (1234, 5)})
    (chart,) = figures(with_table(bert_report, "whole_words", table))
    text = Reader(str(chart)).text
    assert "1,234" in text
    assert "affixes" in text
    assert "fragments" not in text


def test_every_language_has_its_own_chart(bert_report: Report) -> None:
    columns = {
        "language": ("en", "de", "en"),
        "from_rank": (1, 1, 101),
        "to_rank": (100, 100, 200),
        "bare": (50, 40, 30),
        "spaced": (90, 80, 70),
    }
    found = list(
        figures(with_table(bert_report, "coverage", Table("frequency_bands", "", columns)))
    )
    for name, chart in zip(("(English)", "(German)"), found, strict=True):
        assert name in Reader(str(chart)).text


@pytest.mark.parametrize(
    "columns", [{}, {"word_class": ("whole_word",)}, {"word_class": (1,), "tokens": ("many",)}]
)
def test_a_table_without_its_columns_has_no_chart(
    columns: dict[str, tuple[object, ...]], bert_report: Report
) -> None:
    table = Table("word_classes", "", columns)
    assert list(figures(with_table(bert_report, "whole_words", table))) == []


def test_a_chart_stands_under_its_title() -> None:
    page = Reader(str(figure("T < U", "note", "content", wide=True)))
    assert page.elements[0] == ("figure", {"class": "wide"})
    assert page.text.split() == ["T", "<", "U", "notecontent"]

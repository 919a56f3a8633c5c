"""Splits of fixed texts are drawn from the result alone, which may be a saved one of anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import tokenizers
from tokenizers import models

import tokstat
from tests.conftest import load_known, wrap
from tokstat.render.panel import counts_of, is_panel, short_tables, splits_of
from tokstat.results.report import Report, Section, Table
from tokstat.splitting.panel import PANEL
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def section() -> Section:
    return tokstat.inspect(load_known("modernbert"), analyzers=["splits"]).section("splits")


def test_splits_are_those_of_encode(section: Section, modernbert: Tokenizer) -> None:
    splits = splits_of(["one"], [section])
    assert splits is not None
    direct = tokstat.encode(modernbert)
    assert splits.tokenizers == ("one",)
    assert [(text.name, text.text) for text in splits.texts] == list(PANEL.items())
    for saved, known in zip(splits, direct, strict=True):
        assert saved.ids == known.ids
        assert [(each.text, each.start, each.end, each.is_added) for each in saved] == [
            (each.text, each.start, each.end, each.is_added) for each in known
        ]


def test_people_read_a_row_for_each_text(section: Section) -> None:
    assert [table.name for table in short_tables(section)] == ["splits"]
    splits = splits_of(["one", "two"], [section, section])
    assert splits is not None
    assert counts_of(splits)[1] == ("word alone", "2", "2")


def test_a_skipped_tokenizer_is_left_out(section: Section) -> None:
    skipped = Section("splits", "Splits", skipped="it fails")
    assert not is_panel(skipped)
    splits = splits_of(["one", "two"], [skipped, section])
    assert splits is not None
    assert splits.tokenizers == ("two",)
    assert splits_of(["one"], [skipped]) is None


def _changed(section: Section, name: str, columns: dict[str, Any]) -> Section:
    tables = tuple(
        Table(table.name, table.title, columns) if table.name == name else table
        for table in section.tables
    )
    return replace(section, tables=tables)


@pytest.mark.parametrize("name", ["splits", "split_tokens"])
@pytest.mark.parametrize("columns", [{}, {"text": (None,)}, {"id": ("x",), "text": (1,)}])
def test_tables_of_another_form_are_shown_as_tables(
    section: Section, name: str, columns: dict[str, Any]
) -> None:
    other = _changed(section, name, columns)
    assert splits_of(["one"], [other]) is None
    assert splits_of(["one"], [replace(section, tables=())]) is None
    assert splits_of(["one", "two"], [section, _changed(section, "splits", columns)]) is None


def test_a_page_of_a_saved_report_is_the_same(section: Section, modernbert_report: Report) -> None:
    page = modernbert_report.to_html()
    assert Report.from_json(modernbert_report.to_json()).to_html() == page
    assert page.count('class="split ') == len(section.table("split_tokens"))
    for wrong in ({}, {"id": ("<b>",), "text": ("</td>",)}):
        others = [
            _changed(each, "split_tokens", wrong) if each.analyzer == "splits" else each
            for each in modernbert_report.sections
        ]
        page = replace(modernbert_report, sections=tuple(others)).to_html()
        assert 'class="split ' not in page
        assert "<b>" not in page.partition('id="section-splits"')[2].partition("</section>")[0]


def test_a_comparison_shows_every_tokenizer_that_splits_the_texts(modernbert: Tokenizer) -> None:
    failing = wrap(tokenizers.Tokenizer(models.WordLevel({"a": 0}, unk_token="[UNK]")), "failing")
    comparison = tokstat.compare(failing, modernbert, analyzers=["splits"])
    assert [section.skipped is None for section in comparison.splits] == [False, True]
    again = tokstat.Comparison.from_json(comparison.to_json())
    assert again == comparison
    page = again.to_html()
    assert page.count('class="split ') == len(comparison.splits[1].table("split_tokens"))
    assert ": skipped, " in page
    assert "| word alone | 2 |" in tokstat.render_report(again, "markdown")
    assert "TOKENS of fixed texts" in tokstat.render_report(again, verbose=True)
    with pytest.raises(tokstat.TokstatError):
        tokstat.Comparison.from_dict({**again.to_dict(), "splits": again.to_dict()["splits"][:1]})
    without = tokstat.compare(modernbert, modernbert, analyzers=["casing"])
    assert not without.splits
    assert "fixed texts" not in without.to_html()

"""The page and the Markdown of a corpus report: every number, from the report or its JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import tokstat
from tests.conftest import wrap
from tests.hostile import HOSTILE_NAME, HOSTILE_TOKENS, hostile_tokenizer
from tests.render.html.test_comparison import cells
from tests.render.html.test_markup import Reader
from tests.render.html.test_report import TWO_MEGABYTES, Checked
from tokstat import plots
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.report import CorpusReport
from tokstat.corpus.saved import report_from_dict
from tokstat.render.html.corpus import render_corpus_html
from tokstat.render.terminal.corpus import SHOWN_IN_TABLES, pivot, value_text
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


@pytest.fixture(scope="module")
def page(report: CorpusReport) -> str:
    return render_corpus_html(report)


def test_every_metric_stands_in_its_row(report: CorpusReport, page: str) -> None:
    listed = [
        [metric for metric in each.metrics if metric.name not in SHOWN_IN_TABLES]
        for each in report.tokenizers
    ]
    rows = cells(page, "All scores")
    assert len(rows) == len(listed[0]) > 10
    for row, metrics in zip(rows, zip(*listed, strict=True), strict=True):
        assert row[0].startswith(metrics[0].name)
        assert row[1:] == [value_text(metric) for metric in metrics]


def test_groups_languages_and_splits_have_their_tables(report: CorpusReport, page: str) -> None:
    groups = report.table("groups")
    for title, column in (
        ("Tokens per word", "fertility_micro"),
        ("Bytes per token", "bytes_per_token"),
    ):
        rows = cells(page, f"{title}, by group")
        assert [row[0] for row in rows] == sorted(TEXTS)
        shown = [float(cell) for row in rows for cell in row[-2:]]
        assert shown == pytest.approx(groups.columns[column], abs=0.006)
    parity = cells(page, "Tokens for the same lines, relative to the first language")
    assert [float(cell) for row in parity for cell in row[1:]] == pytest.approx(
        report.table("parity").columns["parity"], abs=0.006
    )
    rows = cells(page, "1 modernbert")
    own = [row[1:] for row in report.table("splits").rows() if row[0] == "modernbert"]
    assert [row[0] for row in rows] == [word for word, *_ in own]
    assert [row[2] for row in rows] == [tokens for *_, tokens in own]
    assert [row[0] for row in cells(page, "Tokens by file")] == list(
        dict.fromkeys(report.table("files").columns["file"])
    )


def test_the_saved_report_is_the_report_and_gives_the_same_bytes(
    report: CorpusReport, page: str
) -> None:
    again = report_from_dict(json.loads(report.to_json()))
    assert again == report
    assert render_corpus_html(again) == page
    assert len(page) < TWO_MEGABYTES // 10


def test_tokenizers_whose_names_end_alike_have_columns_of_their_own(report: CorpusReport) -> None:
    data = report.to_json()
    for name, start in (("modernbert", "one"), ("bert", "other")):
        data = data.replace(f'"{name}"', f'"{start}/{"x" * 40}"')
    renamed = report_from_dict(json.loads(data))
    groups = renamed.table("groups")
    shown = pivot(groups, ("group",), "fertility_micro")
    assert len(shown.columns) == 3
    assert list(shown.columns.values())[2] == groups.columns["fertility_micro"][1::2]
    assert len(cells(render_corpus_html(renamed), "Tokens per word, by group")[0]) == 6


def test_it_is_well_formed_also_of_one_tokenizer_that_is_hostile(page: str) -> None:
    hostile = tokstat.measure_corpus(
        [wrap(hostile_tokenizer(), HOSTILE_NAME)], texts=HOSTILE_TOKENS
    )
    tokenizer = replace(hostile.tokenizers[0], encoded_whole="<script>window.broken=1</script>")
    for made in (page, render_corpus_html(replace(hostile, tokenizers=(tokenizer,)))):
        checked = Checked(made)
        ids = checked.values("id")
        assert len(ids) == len(set(ids)) > 5
        assert not {name for _, name, _ in checked.attributes if name.startswith("on")}
        assert all(link[:5] == "data:" or link[1:] in ids for link in checked.values("href"))
    assert "encoded whole, as <script>" in Reader(made).text


def test_samples_are_split_in_colour(report: CorpusReport, page: str) -> None:
    table = report.table("sample_tokens")
    assert page.count('class="split split-') == len(table) > 50
    assert page.index('id="samples"') < page.index('class="more"')


def test_engines_are_told_of_where_the_page_tells_how_it_counted(page: str) -> None:
    fold = page.index('id="about"')
    assert page.index("the tokenizers library encoded") > fold
    assert page.index("UAX 29") > fold


def test_fertility_is_drawn_from_the_report_from_states_and_from_the_saved_json(
    report: CorpusReport, bert: Tokenizer, modernbert: Tokenizer, files: list[Path], tmp_path: Path
) -> None:
    saved = tmp_path / "corpus.json"
    saved.write_text(report.to_json())
    loaded = tokstat.load_result(saved)
    assert isinstance(loaded, CorpusReport)
    reading = Reading(group="folder")
    for file in files[:2]:
        tokstat.measure_corpus([modernbert, bert], [file], reading=reading, state=tmp_path / "s")
    of_states = tokstat.measure_corpus(
        [modernbert, bert], [files[2]], reading=reading, more_states=[tmp_path / "s"]
    )
    drawn = []
    for each in (report, loaded, of_states):
        axes = plots.fertility(each.table("groups"))
        assert isinstance(axes.figure, Figure)
        drawn.append(
            {
                str(points.get_label()): sorted(map(tuple, points.get_offsets().tolist()))  # type: ignore[union-attr]
                for points in axes.collections
            }
        )
    assert drawn[0] == drawn[1] == drawn[2]
    values = [x for points in drawn[0].values() for x, _ in points]
    assert sorted(values) == sorted(report.table("groups").columns["fertility_micro"])


def test_the_page_opens_with_the_number_of_tokens(report: CorpusReport, page: str) -> None:
    start = page.index("<h1>")
    for each in report.tokenizers:
        count = f"{each.spec} {each.metric('tokens').value:,.0f} "
        assert start < page.index(count) < page.index("<h2")
        assert count in report.to_markdown().partition("##")[0]

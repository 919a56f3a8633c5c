"""The charts of a corpus page: each value of each part, and what is lost."""

from __future__ import annotations

import json
import re

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.corpus.report import CorpusReport
from tokstat.corpus.saved import report_from_dict
from tokstat.render.html.corpus_charts import MOST, charts
from tokstat.render.terminal.corpus import digits

TEXTS = {"en": "the people of the world", "zh": "the people of 虎虎虎虎虎虎虎"}
NAMES = ("byte-level", "wordpiece")


@pytest.fixture(scope="module")
def report() -> CorpusReport:
    return tokstat.measure_corpus([load_known(name) for name in NAMES], texts=TEXTS)


def test_each_part_has_a_bar_for_each_tokenizer(report: CorpusReport) -> None:
    groups = report.table("groups").columns
    for drawn, column in zip(
        charts(report, NAMES), ("fertility_micro", "bytes_per_token"), strict=True
    ):
        labels = re.findall(r'aria-label="([^"]+)"', drawn)
        pairs = zip(groups["tokenizer"], groups[column], strict=True)
        assert labels == [f"{name}: {digits(value)}" for name, value in pairs]
        assert drawn.count("lossy") == drawn.count("unknown") == 1


def test_a_report_of_an_earlier_version_has_charts_too(report: CorpusReport) -> None:
    data = json.loads(report.to_json())
    for table in data["tables"]:
        for name in ("unknown_token_ratio", "dropped_word_ratio"):
            table["columns"].pop(name, None)
    data["tables"] = [each for each in data["tables"] if not each["name"].startswith("sample")]
    drawn = list(charts(report_from_dict(data), NAMES))
    assert len(drawn) == 2
    assert not any("lossy" in each for each in drawn)


def test_the_parts_of_the_most_text_are_drawn() -> None:
    texts = {f"{number:02}": "the people " * (1 + number) for number in range(2 * MOST)}
    report = tokstat.measure_corpus([load_known("byte-level")], texts=texts)
    for drawn in charts(report, NAMES[:1]):
        shown = re.findall(r"<span><bdi>(\d+)</bdi></span>", drawn)
        assert shown == sorted(texts)[MOST:]
        assert f"{MOST} with the most text of {2 * MOST}" in drawn


def test_no_groups_no_charts() -> None:
    assert not [*charts(tokstat.measure_corpus([load_known("byte-level")], texts="the"), NAMES)]

"""Every name is explained from its declaration, and near misses are named."""

from __future__ import annotations

import json

import pytest

import tokstat
from tests.conftest import Run
from tokstat.analyzers.registry import get_analyzers
from tokstat.corpus.metrics import CORPUS_METRICS
from tokstat.corpus.parity import PARITY_METRICS
from tokstat.errors import UnknownNameError
from tokstat.results.report import SCHEMA_VERSION

NAMES = [
    name
    for analyzer in get_analyzers()
    for name in (
        analyzer.id,
        *(metric.name for metric in analyzer.metrics),
        *(rule.code for rule in analyzer.rules),
    )
]
NAMES += ["TS190", "corpus", *(metric.name for metric in (*CORPUS_METRICS, *PARITY_METRICS))]


def test_all_names_are_explained_in_the_order_of_reports() -> None:
    assert [each.name for each in tokstat.explain()] == NAMES


def test_a_finding_is_explained_by_its_rule() -> None:
    (each,) = tokstat.explain("TS501")
    (rule,) = (r for a in get_analyzers() for r in a.rules if r.code == "TS501")
    assert (each.kind, each.analyzer, each.severity) == ("finding", "coverage", "warning")
    assert (each.title, each.meaning, each.what_to_do, each.source) == (
        rule.title,
        rule.rationale,
        rule.hint,
        rule.source,
    )
    assert "leading_space_gap" in each.related


def test_a_metric_is_explained_by_its_type() -> None:
    (each,) = tokstat.explain("near_duplicates")
    assert (each.kind, each.unit, each.analyzer) == ("metric", "tokens", "casing")
    assert "2404.06508" in each.source
    assert each.related == ("TS301",)


def test_an_analyzer_is_explained_by_its_docstring() -> None:
    (each,) = tokstat.explain("whole_words")
    assert each.kind == "analyzer"
    assert each.needs == ("content tokens", "alphabetic tokens")
    assert each.related == ("whole_word_ratio", "TS201")
    (analyzer,) = get_analyzers(["whole_words"])
    assert each.meaning.split() == (analyzer.function.__doc__ or "").split()


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ts501", "TS501"),
        ("TS5", "TS502"),
        ("whole_word", "whole_words"),
        ("casing_duplicate", "casing_duplicates"),
        ("compostion", "composition"),
        ("", "explain"),
        ("astrology", "explain"),
    ],
)
def test_a_near_miss_names_what_is_near(name: str, near: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        tokstat.explain(name)
    assert near in caught.value.hint


def test_the_command_lists_all_names(run: Run) -> None:
    outcome = run("explain")
    assert outcome.code == 0
    assert [line.split()[0] for line in outcome.stdout.splitlines() if line] == NAMES


def test_the_command_explains_several_names_once(run: Run) -> None:
    outcome = run("explain", "TS301", "coverage_bare", "TS301")
    starts = [
        line for line in outcome.stdout.splitlines() if line.startswith(("TS301", "coverage_b"))
    ]
    assert [line.partition(":")[0] for line in starts] == ["TS301", "coverage_bare"]
    assert "2510.09947" in outcome.stdout


def test_every_name_is_explained_in_lines_that_fit(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    outcome = run("explain", *NAMES)
    assert outcome.code == 0
    words = " ".join(outcome.stdout.split())
    for each in tokstat.explain():
        for part in (each.name, each.title, each.what_to_do, each.source):
            assert " ".join(part.split()) in words, each.name
    assert max(map(len, outcome.stdout.splitlines())) <= 60


def test_json_holds_the_same(run: Run) -> None:
    data = json.loads(run("explain", "TS301", "coverage", "--json").stdout)
    assert data["schema_version"] == SCHEMA_VERSION
    assert [each["name"] for each in data["explanations"]] == ["TS301", "coverage"]
    assert len(json.loads(run("explain", "--json").stdout)["explanations"]) == len(NAMES)


def test_an_unknown_name_is_one_line(run: Run) -> None:
    assert "TS501" in run("explain", "ts501").refusal
    assert run("explain", "TS501", "no_such_name", "--json").refusal


@pytest.mark.parametrize("word", ["chat_template", "eos", "EOS", "lstrip", "pad", "add_bos_token"])
def test_words_that_people_search_for_find_something(word: str) -> None:
    assert tokstat.explain(word)


def test_findings_that_tell_of_a_word_are_listed(run: Run) -> None:
    lines = run("explain", "eos").stdout.splitlines()
    assert {"TS654", "TS661"} <= {line.split()[0] for line in lines}

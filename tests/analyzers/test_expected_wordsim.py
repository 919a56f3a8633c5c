"""What inspect says to expect, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import BUNDLED, wrap
from tests.small_tokenizers import SMALL
from tokstat.analyzers import expected_wordsim as analyzer
from tokstat.analyzers.expected_wordsim import EXPECTED, expected_wordsim
from tokstat.analyzers.subject import Subject
from tokstat.api.inspection import inspect
from tokstat.render.markdown.report import render_markdown
from tokstat.render.terminal.report import render_terminal
from tokstat.results.report import Report
from tokstat.tokenizer.single_words import CONVENTIONS, Convention
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.wordsim.expectation import PREDICTORS, Curve, Expectation, best_curve, expect
from tokstat.wordsim.study_results import Study, packaged_study


def expectation(study: Study, score: str, value: float) -> Expectation:
    """Return what the study predicts, of a score within its range."""
    found = expect(study, best_curve(study, [score]), value)
    assert found is not None
    return found


def report_of(tokenizer: Tokenizer, lang: str = "en") -> Report:
    return inspect(tokenizer, lang=lang, analyzers=["expected_wordsim"])


@pytest.fixture(scope="module")
def report(modernbert: Tokenizer) -> Report:
    return report_of(modernbert)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", BUNDLED)
def test_what_was_measured_is_within(
    name: str, convention: Convention, bert: Tokenizer, modernbert: Tokenizer
) -> None:
    tokenizer = {"bert": bert, "modernbert": modernbert}[name]
    (row,) = (
        row
        for row in packaged_study().rows
        if (row.tokenizer, row.convention) == (BUNDLED[name], convention)
    )
    metric = report_of(tokenizer).metric(EXPECTED[convention].name)
    assert metric.interval is not None
    assert metric.value is not None
    low, high = metric.interval
    assert low < row.wordsim < high
    assert low < metric.value < high
    assert high - low < 20
    best = best_curve(packaged_study(), PREDICTORS).score
    assert metric.value == round(expectation(packaged_study(), best, getattr(row, best)).value, 1)


@pytest.mark.parametrize("predictor", PREDICTORS)
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_predictor_is_measured_as_in_the_study(
    modernbert: Tokenizer,
    english: Lexicon,
    predictor: str,
    convention: Convention,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(analyzer, "PREDICTORS", (predictor,))
    (row,) = (
        row
        for row in packaged_study().rows
        if (row.tokenizer, row.convention) == (BUNDLED["modernbert"], convention)
    )
    section = expected_wordsim(Subject(modernbert, english))
    expected = expectation(packaged_study(), predictor, getattr(row, predictor)).value
    assert section.metric(EXPECTED[convention].name).value == round(expected, 1)


def test_the_scope_names_what_it_rests_on(report: Report) -> None:
    study = packaged_study()
    tokenizers = len({row.tokenizer for row in study.rows})
    for convention in CONVENTIONS:
        metric = report.metric(EXPECTED[convention].name)
        assert metric.scope is not None
        for part in (
            "untrained",
            study.teacher,
            best_curve(study, PREDICTORS).score,
            "% interval",
        ):
            assert part in metric.scope
    basis = report.section("expected_wordsim").table("basis").columns
    assert basis["convention"] == CONVENTIONS
    assert basis["teacher"] == (study.teacher,) * 2
    assert basis["tokenizers"] == (tokenizers,) * 2


def test_a_blank_is_worth_much_to_modernbert_and_nothing_to_bert(
    report: Report, bert: Tokenizer
) -> None:
    bare, spaced = (report.metric(EXPECTED[each].name).value for each in CONVENTIONS)
    assert bare is not None
    assert spaced is not None
    assert spaced - bare > 15
    bare, spaced = (report_of(bert).metric(EXPECTED[each].name).value for each in CONVENTIONS)
    assert bare == spaced


def test_json_keeps_the_interval(report: Report) -> None:
    again = Report.from_json(report.to_json())
    assert again == report
    for kind in EXPECTED.values():
        interval = again.metric(kind.name).interval
        assert isinstance(interval, tuple)
        assert interval == report.metric(kind.name).interval


def test_intervals_are_written(report: Report) -> None:
    for text in (render_terminal(report), render_markdown(report)):
        for kind in EXPECTED.values():
            metric = report.metric(kind.name)
            assert metric.interval is not None
            assert metric.scope is not None
            for part in (metric.value, *metric.interval):
                assert str(part) in text


def test_other_languages_get_no_number(modernbert: Tokenizer) -> None:
    section = report_of(modernbert, lang="de").section("expected_wordsim")
    assert section.skipped is not None
    assert "English" in section.skipped
    assert section.metrics == ()


@pytest.mark.parametrize("kind", [*SMALL])
def test_a_number_has_an_interval_and_no_number_a_reason(kind: str) -> None:
    study = packaged_study()
    predictor = best_curve(study, PREDICTORS).score
    studied = [getattr(row, predictor) for row in study.rows]
    for metric in report_of(wrap(SMALL[kind](), kind)).section("expected_wordsim").metrics:
        if metric.value is None:
            assert metric.interval is None
            assert metric.scope is not None
            assert "not predicted" in metric.scope
        else:
            assert metric.interval is not None
            assert metric.interval[0] < metric.value < metric.interval[1]
            lowest, highest = (expectation(study, predictor, each(studied)) for each in (min, max))
            assert lowest.value - 5 < metric.value < highest.value + 5


def test_nothing_is_said_far_from_what_was_studied() -> None:
    study = packaged_study()
    studied = [row.coverage for row in study.rows]
    reach = (max(studied) - min(studied)) / 10
    line = Curve("coverage", "line", 0.0)
    assert expect(study, line, max(studied) + reach * 0.99) is not None
    assert expect(study, line, min(studied) - reach * 0.99) is not None
    assert expect(study, line, max(studied) + reach * 1.01) is None
    assert expect(study, line, min(studied) - reach * 1.01) is None


def test_a_tokenizer_that_the_study_lacks(modernbert: Tokenizer) -> None:
    """As if the packaged study had been made without it."""
    study = packaged_study()
    name = BUNDLED["modernbert"]
    others = replace(study, rows=tuple(row for row in study.rows if row.tokenizer != name))
    for row in (row for row in study.rows if row.tokenizer == name):
        predictor = best_curve(others, PREDICTORS).score
        found = expectation(others, predictor, getattr(row, predictor)).interval
        assert found.low < row.wordsim < found.high

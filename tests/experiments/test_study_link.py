"""The packaged study, and the statistics over it, worked out a second time."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.studies import make_study
from tokstat.errors import DataError
from tokstat.experiments import study_link
from tokstat.experiments.study_link import ScoreLink, StudyLink, link_study
from tokstat.render.terminal.study import render_study_link, study_link_to_json
from tokstat.results.report import SCHEMA_VERSION
from tokstat.tokenizer.single_words import CONVENTIONS
from tokstat.wordsim.expectation import FORMS, PREDICTORS, check
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.study_results import SCORES, VOCABULARY_SCORES, Study, packaged_study

COVERAGES = tuple(score for score in SCORES if score not in VOCABULARY_SCORES)

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def study() -> Study:
    return packaged_study()


@pytest.fixture(scope="module")
def link(study: Study) -> StudyLink:
    return link_study(study)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw little where what is drawn does not matter."""
    monkeypatch.setattr(study_link, "_RESAMPLES", 50)
    monkeypatch.setattr(study_link, "_PERMUTATIONS", 50)


def column(study: Study, name: str) -> Floats:
    return np.array([getattr(row, name) for row in study.rows])


def names(study: Study) -> list[str]:
    return list(dict.fromkeys(row.tokenizer for row in study.rows))


def left_out_errors(study: Study, score: str, form: str, y: Floats) -> Floats:
    """Errors of each family's rows, one fit at a time."""
    x = column(study, score)
    owner = np.array([row.family or row.tokenizer for row in study.rows])
    errors = []
    for name in dict.fromkeys(owner.tolist()):
        if form == "square":
            x_in, degree = x**2, 1
        else:
            x_in, degree = x, {"line": 1, "quadratic": 2}[form]
        fitted = np.polyfit(x_in[owner != name], y[owner != name], degree)
        errors += (y - np.polyval(fitted, x_in))[owner == name].tolist()
    return np.array(errors)


def by_score(link: StudyLink) -> dict[str, ScoreLink]:
    return {each.score: each for each in link.scores}


# What is packaged.


def test_tokenizers_and_families(study: Study) -> None:
    assert len(names(study)) == len({row.sha256 for row in study.rows}) >= 12
    assert all(len(row.sha256) == 64 for row in study.rows)
    assert len({row.scheme for row in study.rows}) >= 4
    assert [(row.tokenizer, row.convention) for row in study.rows] == [
        (name, convention) for name in names(study) for convention in CONVENTIONS
    ]


def test_rows_are_whole(study: Study) -> None:
    for row in study.rows:
        assert set(row.rho) == {source.name for source in WORDSIM_SETS}
        assert row.wordsim == pytest.approx(np.mean([*row.rho.values()]))
        assert row.interval_low < row.wordsim < row.interval_high
        assert all(0 <= getattr(row, score) <= 1 for score in SCORES)


def test_both_rows_are_of_one_vocabulary(study: Study) -> None:
    shared = ("sha256", "scheme", "vocab_size", *VOCABULARY_SCORES)
    for bare, spaced in zip(study.rows[::2], study.rows[1::2], strict=True):
        for name in shared:
            assert getattr(bare, name) == getattr(spaced, name)


def test_the_case(study: Study) -> None:
    """As measured with Model2Vec itself, whole vocabularies: 43.3, 12.9, 39.1, 12.2, 42.8."""
    found = {(row.tokenizer, row.convention): row.wordsim for row in study.rows}
    expected = {
        ("google-bert/bert-base-uncased", "bare"): 43.3,
        ("answerdotai/ModernBERT-base", "bare"): 12.9,
        ("answerdotai/ModernBERT-base", "spaced"): 39.1,
        ("gpt2", "bare"): 12.2,
        ("gpt2", "spaced"): 42.8,
    }
    assert {key: found[key] for key in expected} == pytest.approx(expected, abs=1)


def test_no_place_of_a_machine(study: Study) -> None:
    text = study.to_json()
    assert not [place for place in ("/work", "/tmp", "/home", "/root", "\\\\") if place in text]
    assert not [name for name in (study.teacher, *names(study)) if name.startswith(("/", ".", "~"))]
    assert Study.from_json(text) == study


# Coefficients.


@pytest.mark.parametrize("score", SCORES)
def test_coefficients_are_scipy_s(study: Study, link: StudyLink, score: str) -> None:
    from scipy import stats  # type: ignore[import-untyped]

    x, y = column(study, score), column(study, "wordsim")
    found = by_score(link)[score]
    assert found.spearman is not None
    assert found.spearman == pytest.approx(stats.spearmanr(x, y).statistic)
    assert found.pearson == pytest.approx(stats.pearsonr(x, y).statistic)
    if found.form != "quadratic":
        power = {"line": 1, "square": 2}[found.form]
        assert found.unexplained == pytest.approx(1 - stats.linregress(x**power, y).rvalue ** 2)
    assert found.interval is not None
    assert found.interval.low < found.spearman < found.interval.high


@pytest.mark.parametrize("score", SCORES)
def test_left_out_errors_are_of_one_fit_a_family(study: Study, link: StudyLink, score: str) -> None:
    """No form that rises has a smaller error; that without rel353 is of the same form."""
    found, y = by_score(link)[score], column(study, "wordsim")
    expected = np.sqrt(np.mean(left_out_errors(study, score, found.form, y) ** 2))
    assert found.left_out_error == pytest.approx(expected)
    six = np.array(
        [np.mean([v for k, v in row.rho.items() if k != "rel353"]) for row in study.rows]
    )
    expected = np.sqrt(np.mean(left_out_errors(study, score, found.form, six) ** 2))
    assert found.error_without == pytest.approx(expected)
    assert found.form in FORMS


def test_the_baseline_says_the_mean_of_the_others(study: Study, link: StudyLink) -> None:
    y = column(study, "wordsim")
    owner = np.array([row.family or row.tokenizer for row in study.rows])
    errors = [each - y[owner != name].mean() for each, name in zip(y, owner, strict=True)]
    assert link.baseline_error == pytest.approx(np.sqrt(np.mean(np.square(errors))))


def test_expected_wordsim_is_checked_on_families_left_out(study: Study, link: StudyLink) -> None:
    assert link.check == check(study, PREDICTORS)
    assert link.check.held <= link.check.rows <= len(study.rows)


def test_counts_and_order(study: Study, link: StudyLink) -> None:
    assert (link.tokenizers, link.rows) == (len(names(study)), len(study.rows))
    errors = [each.left_out_error for each in link.scores]
    assert errors == sorted(errors)
    assert {each.score for each in link.scores} == set(SCORES)


def test_holm_by_hand() -> None:
    """4 x 0.005; 3 x 0.01; 2 x 0.03; then 0.04, which may not be below the one before."""
    found = study_link._holm([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert study_link._holm([0.5, 0.9]) == [1, 1]


def test_p_values(link: StudyLink) -> None:
    found = by_score(link)
    for score in COVERAGES:
        assert found[score].p < found[score].p_holm < 0.01
    assert found["whole_word_ratio"].p > 0.1
    corrected = study_link._holm([found[score].p for score in SCORES])
    assert [found[score].p_holm for score in SCORES] == corrected


def test_permutations_are_of_whole_tokenizers(study: Study) -> None:
    """Of three tokenizers, all six orders: one or two in six do as well."""
    x, y = [0.0, 0.1, 0.4, 0.5, 0.8, 0.9], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    found = by_score(link_study(make_study(x, y)))["coverage"]
    assert found.spearman == pytest.approx(1)
    assert found.p == pytest.approx(1 / 6, abs=0.02)


def test_coverage_predicts_and_vocabulary_scores_do_not(link: StudyLink) -> None:
    found = by_score(link)
    assert {each.score for each in link.scores[: len(COVERAGES)]} == set(COVERAGES)
    for score in COVERAGES:
        assert found[score].left_out_error < link.baseline_error / 3
        assert found[score].unexplained < 0.1
        assert found[score].error_without < link.baseline_error / 3
    ratio = found["whole_word_ratio"]
    assert ratio.unexplained > 0.7
    assert ratio.left_out_error > 0.9 * link.baseline_error
    assert ratio.interval is not None
    assert ratio.interval.low < 0 < ratio.interval.high


def test_partial_effects_are_partial_correlations(study: Study, link: StudyLink) -> None:
    best = link.scores[0]
    assert {each.score for each in link.partial} == {*SCORES} - {best.score}
    for each in link.partial:
        assert each.given == best.score
        given = [column(study, best.score) ** power for power in FORMS[best.form]]
        table = np.array([column(study, each.score), column(study, "wordsim"), *given])
        inverse = np.linalg.inv(np.corrcoef(table))
        expected = -inverse[0, 1] / np.sqrt(inverse[0, 0] * inverse[1, 1])
        assert each.pearson == pytest.approx(expected)


def test_pairs(study: Study, link: StudyLink) -> None:
    rows = {(row.tokenizer, row.convention): row for row in study.rows}
    for pair in link.conventions:
        bare, spaced = (rows[pair.tokenizer, convention] for convention in CONVENTIONS)
        assert (pair.bare, pair.spaced) == (bare.wordsim, spaced.wordsim)
        gain = pair.spaced - pair.bare
        if spaced.coverage == bare.coverage:
            assert gain == 0
        elif spaced.coverage > bare.coverage + 0.3:
            assert gain > 10
        else:
            assert gain > 0


@pytest.mark.usefixtures("quick")
def test_the_same_seed_gives_the_same(study: Study) -> None:
    first, again, other = (link_study(study, seed) for seed in (0, 0, 1))
    assert first == again != other
    assert first.conventions == other.conventions
    assert by_score(first)["coverage"].interval != by_score(other)["coverage"].interval


def test_plain_data_is_json(link: StudyLink) -> None:
    data = json.loads(json.dumps(link.to_dict(), allow_nan=False))
    assert data["schema_version"] == SCHEMA_VERSION
    assert [each["score"] for each in data["scores"]] == [each.score for each in link.scores]


# Studies that say little.


@pytest.mark.parametrize("value", [0.0, 0.1, 0.3])
@pytest.mark.usefixtures("quick")
def test_a_score_that_is_the_same_everywhere(study: Study, value: float) -> None:
    """Such as the casing duplicates of uncased vocabularies."""
    rows = tuple(replace(row, casing_duplicate_ratio=value) for row in study.rows)
    link = link_study(replace(study, rows=rows))
    found = by_score(link)["casing_duplicate_ratio"]
    assert (found.spearman, found.pearson, found.interval) == (None, None, None)
    assert (found.p, found.p_holm, found.unexplained) == (1, 1, 1)
    assert found.left_out_error == pytest.approx(link.baseline_error)
    (partial,) = (each for each in link.partial if each.score == "casing_duplicate_ratio")
    assert (partial.pearson, partial.interval) == (None, None)
    json.loads(study_link_to_json(link))
    assert "casing_duplicate_ratio" in render_study_link(link)


@pytest.mark.parametrize("tokenizers", [0, 1, 2])
def test_too_few_tokenizers(study: Study, tokenizers: int) -> None:
    with pytest.raises(DataError, match=rf"\b{tokenizers}\b"):
        link_study(replace(study, rows=study.rows[: 2 * tokenizers]))


def test_a_tokenizer_with_one_convention(study: Study) -> None:
    with pytest.raises(DataError, match=study.rows[-1].tokenizer):
        link_study(replace(study, rows=study.rows[:-1]))

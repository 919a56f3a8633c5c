"""What published results can show: the case, counter-examples, and when a verdict is given."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from tokstat.experiments import published_link
from tokstat.experiments.published_link import (
    FEWEST_TOKENIZERS,
    SCORES,
    Correlation,
    PublishedLink,
    link_published,
)
from tokstat.results.references import ReferenceTokenizer
from tokstat.results.report import SCHEMA_VERSION
from tokstat.wordsim.published import CASE, PublishedResult

SCORE = SCORES[0]


@pytest.fixture(scope="module")
def link() -> PublishedLink:
    return link_published()


def test_the_case_and_its_differences(link: PublishedLink) -> None:
    assert [(each.row.model, each.row.wordsim, each.difference) for each in link.case] == [
        ("bge-base-en-v1.5 distill", 49.7, 0),
        ("gte-modernbert-base distill", 25.6, -24.1),
        ("modernbert-embed-base distill", 26.1, -23.6),
    ]
    first, *others = (each.row for each in link.case)
    for row in (first, *others):
        assert row.scores is not None
        assert set(row.scores) == set(SCORES)
    assert [row.scores for row in others] == [others[0].scores] * 2 != [first.scores] * 2


def test_rows_are_all_static_models_by_wordsim(link: PublishedLink) -> None:
    values = [row.wordsim for row in link.rows]
    assert len(values) == 26
    assert values == sorted(values, reverse=True)
    assert "all-MiniLM-L6-v2" not in {row.model for row in link.rows}


@pytest.mark.parametrize("score", SCORES)
def test_n_is_of_distinct_tokenizers(link: PublishedLink, score: str) -> None:
    static, distils = (link.correlation(group, score) for group in ("static", "distils"))
    assert (static.rows, static.tokenizers) == (18, 3)
    assert (distils.rows, distils.tokenizers) == (13, 2)
    assert (distils.pearson, distils.spearman, distils.interval) == (None, None, None)
    for found, group in ((static, "static"), (distils, "distils")):
        assert str(found.tokenizers) in found.verdict
        points = link.points(score, group)
        assert len(points) == found.rows
        assert len({row.tokenizer for row, _ in points}) == found.tokenizers
        assert all(row.scores is not None and row.scores[score] == x for row, x in points)


def test_coefficients_are_over_the_means_of_tokenizers(link: PublishedLink) -> None:
    from scipy import stats  # type: ignore[import-untyped]

    by_tokenizer: dict[str | None, list[float]] = {}
    x = {}
    for row, value in link.points(SCORE):
        by_tokenizer.setdefault(row.tokenizer, []).append(row.wordsim)
        x[row.tokenizer] = value
    y = [float(np.mean(values)) for values in by_tokenizer.values()]
    found = link.correlation("static", SCORE)
    assert found.pearson == pytest.approx(stats.pearsonr([*x.values()], y).statistic)
    assert found.spearman == pytest.approx(stats.spearmanr([*x.values()], y).statistic)


def test_three_tokenizers_leave_all_open(link: PublishedLink) -> None:
    """Few resamples of three points hold three distinct ones."""
    interval = link.correlation("static", SCORE).interval
    assert interval is not None
    assert (interval.low, interval.high) == (-1, 1)


def test_unknown_groups_and_scores(link: PublishedLink) -> None:
    for group, score in (("static", "beauty"), ("dynamic", SCORE)):
        with pytest.raises(KeyError):
            link.correlation(group, score)


def test_counter_examples(link: PublishedLink) -> None:
    found = {row.model: (row.family, row.wordsim) for row in link.counter_examples}
    assert found["WL256 (WordLlama l2_supercat_256)"] == ("BPE", 45.16)
    assert found["M2V_bert_output_nozipf_nopca"] == ("WordPiece", 26.72)
    assert link.boundary == pytest.approx((49.7 + 26.1) / 2)
    for family, wordsim in found.values():
        assert (wordsim > link.boundary) == (family == "BPE")
    assert not {each.row.model for each in link.case} & set(found)


def test_one_tokenizer_goes_far_apart(link: PublishedLink) -> None:
    widest, *others = link.same_tokenizer
    assert (widest.tokenizer, widest.rows) == ("google-bert/bert-base-uncased", 15)
    assert (widest.lowest.wordsim, widest.highest.wordsim) == (26.72, 50.75)
    (modernbert,) = others
    assert (modernbert.rows, modernbert.lowest.wordsim, modernbert.highest.wordsim) == (
        2,
        25.6,
        26.1,
    )


def test_the_same_seed_gives_the_same(link: PublishedLink) -> None:
    assert link_published(seed=0) == link
    assert link_published(seed=1).case == link.case


def test_plain_data_is_json(link: PublishedLink) -> None:
    data = json.loads(json.dumps(link.to_dict(), allow_nan=False))
    assert data["schema_version"] == SCHEMA_VERSION
    assert [each["difference"] for each in data["case"]] == [0, -24.1, -23.6]
    assert len(data["correlations"]) == 2 * len(SCORES)


def test_the_table(link: PublishedLink) -> None:
    table = link.to_table()
    assert [*table.columns][-len(SCORES) :] == list(SCORES)
    assert {len(column) for column in table.columns.values()} == {26}
    unknown = table.columns["model"].index("BPEmb_50k_300d")
    assert all(table.columns[score][unknown] is None for score in SCORES)
    known = table.columns["model"].index(CASE[0])
    assert round(table.columns["whole_word_ratio"][known], 4) == 0.7960


# Tokenizers that there are not, to see when something may be said.


def result(model: str, tokenizer: str, wordsim: float) -> PublishedResult:
    kind, family, note = "m2v_distill", "WordPiece", ""
    return PublishedResult(
        model, "teacher", kind, tokenizer, family, wordsim, None, None, None, note, "source"
    )


def correlate(
    x: Sequence[float], y: Sequence[float], monkeypatch: pytest.MonkeyPatch
) -> Correlation:
    """Link one made-up model for each tokenizer, with the names of the case as the first three."""
    names = [*CASE, *(f"model {index}" for index in range(len(x)))][: len(x)]
    scores = {
        f"t{index}": ReferenceTokenizer(
            f"t{index}", "", "", "", "", "", 0, dict.fromkeys(SCORES, value)
        )
        for index, value in enumerate(x)
    }
    results = tuple(
        result(name, key, wordsim) for name, key, wordsim in zip(names, scores, y, strict=True)
    )
    monkeypatch.setattr(published_link, "published_results", lambda: results)
    monkeypatch.setattr(published_link, "references_by_name", lambda: scores)
    monkeypatch.setattr(published_link, "SCORES", SCORES[:1])
    return link_published().correlation("distils", SCORE)


def verdicts() -> dict[str, list[float]]:
    generator = np.random.default_rng(0)
    x = np.linspace(0, 1, FEWEST_TOKENIZERS + 4)
    return {
        "strong": (20 + 30 * x + generator.normal(0, 1, len(x))).tolist(),
        "reverse": (50 - 30 * x + generator.normal(0, 1, len(x))).tolist(),
        "none": (35 + 10 * np.cos(4 * np.pi * x)).tolist(),
    }


@pytest.mark.parametrize(("kind", "sign"), [("strong", 1), ("reverse", -1)])
def test_many_tokenizers_can_show_a_correlation(
    kind: str, sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    y = verdicts()[kind]
    found = correlate(np.linspace(0, 1, len(y)).tolist(), y, monkeypatch)
    assert found.tokenizers == len(y)
    assert found.pearson is not None
    assert found.interval is not None
    assert found.pearson * sign > 0.9
    assert min(sign * found.interval.low, sign * found.interval.high) > 0
    assert found.verdict.startswith("correlated with WordSim")


def test_many_tokenizers_can_show_none(monkeypatch: pytest.MonkeyPatch) -> None:
    y = verdicts()["none"]
    found = correlate(np.linspace(0, 1, len(y)).tolist(), y, monkeypatch)
    assert found.interval is not None
    assert found.interval.low <= 0 <= found.interval.high
    assert found.verdict.startswith("no correlation:")


@pytest.mark.parametrize("count", range(3, FEWEST_TOKENIZERS))
def test_few_tokenizers_never_do(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However perfect the line."""
    x = np.linspace(0, 1, count)
    found = correlate(x.tolist(), (50 * x).tolist(), monkeypatch)
    assert found.pearson == pytest.approx(1)
    assert found.verdict.startswith(f"{count} tokenizer")


def test_a_score_that_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    found = correlate([0.1] * 10, [float(value) for value in range(10)], monkeypatch)
    assert (found.pearson, found.spearman) == (None, None)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (-1, 1)
    assert found.verdict.startswith("no correlation:")

"""Scores: against scipy and published numbers, and what is counted beside them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import tokstat
from tests.conftest import wrap
from tests.needs import need
from tests.wordsim import make_set, random_pairs, word_level
from tokstat.errors import DataError, ModelError
from tokstat.wordsim import evaluation
from tokstat.wordsim.evaluation import ModelScore, Resampling, evaluate, scores_to_dict
from tokstat.wordsim.models import Embed, FunctionModel, TokenModel, load_model
from tokstat.wordsim.sets import PACKAGED_SETS, WORDSIM_SETS, WordSet
from tokstat.wordsim.store import load_sets

WORDS = [f"word{index}" for index in range(40)]

SEVEN = [
    make_set(random_pairs(30 + 10 * index, WORDS, index), source.name)
    for index, source in enumerate(WORDSIM_SETS)
]
"""Stand-ins of the names of the seven sets."""

EXTRA = make_set(random_pairs(25, WORDS, 99), "extra")


def embed(words: list[str]) -> NDArray[np.float64]:
    """Give each word a vector that hangs on nothing but the word."""
    return np.array(
        [np.random.default_rng(zlib.crc32(word.encode())).normal(size=6) for word in words]
    )


def score(
    function: Embed, sets: Sequence[WordSet], resamples: int = 50, seed: int = 0
) -> ModelScore:
    return evaluate(load_model(function), sets, resamples=resamples, seed=seed)


def expected_rho(words: WordSet) -> float:
    """Pair by pair, as plainly as it can be."""
    from scipy import stats  # type: ignore[import-untyped]

    cosines = []
    for pair in zip(words.first, words.second, strict=True):
        one, other = embed(list(pair))
        cosines.append(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
    return 100 * float(stats.spearmanr(np.round(cosines, 12), words.ratings).statistic)


def test_rho_is_scipy_s_and_wordsim_the_mean_of_seven() -> None:
    found = score(embed, [EXTRA, *SEVEN])
    expected = [expected_rho(each) for each in (EXTRA, *SEVEN)]
    assert [each.rho for each in found.sets] == pytest.approx(expected)
    assert found.wordsim == found.mean == pytest.approx(np.mean(expected[1:]))
    assert found.missing_sets == ()


def test_each_distinct_word_is_encoded_once() -> None:
    calls: list[list[str]] = []

    def counted(words: list[str]) -> NDArray[np.float64]:
        calls.append(words)
        return embed(words)

    score(counted, [EXTRA, *SEVEN])
    (words,) = calls
    assert sorted(words) == sorted({word for each in (EXTRA, *SEVEN) for word in each.words})


def test_a_part_of_the_sets_is_not_called_wordsim() -> None:
    found = score(embed, [*SEVEN[:3], *SEVEN[4:], EXTRA])
    assert found.wordsim is None
    assert found.missing_sets == ("rel353",)
    six = [each.rho for each in found.sets if each.name != "extra"]
    assert found.mean == pytest.approx(np.mean(six))


def test_only_other_sets() -> None:
    found = score(embed, [EXTRA])
    assert (found.wordsim, found.mean) == (None, found.sets[0].rho)
    assert found.missing_sets == tuple(source.name for source in WORDSIM_SETS)


def test_intervals_hang_on_the_seed_and_not_on_other_sets() -> None:
    alone, among = score(embed, [SEVEN[2]]), score(embed, SEVEN)
    assert alone.sets[0] == among.sets[2] == score(embed, SEVEN).sets[2]
    assert score(embed, SEVEN, seed=1).sets[2].interval != among.sets[2].interval
    assert score(embed, SEVEN, seed=1).wordsim == among.wordsim


def test_the_interval_of_the_mean_is_narrower_than_those_of_sets() -> None:
    found = score(embed, SEVEN, resamples=300)
    assert found.interval is not None
    assert found.interval.low < found.mean < found.interval.high
    widths = [each.interval.high - each.interval.low for each in found.sets if each.interval]
    assert len(widths) == 7
    assert found.interval.high - found.interval.low < min(widths)


def test_plain_data_has_the_schema_of_the_command() -> None:
    data = json.loads(json.dumps(scores_to_dict([score(embed, SEVEN[:2])]), allow_nan=False))
    assert (data["schema_version"], len(data["models"])) == (2, 1)
    (model,) = data["models"]
    assert {"model", "wordsim", "sets", "missing_sets"} <= set(model)
    assert (model["model"], model["wordsim"]) == ("embed", None)
    assert len(model["missing_sets"]) == 5
    expected = {"name", "rho", "interval", "pairs", "words", "single_token_pairs"}
    for each in (*model["sets"],):
        assert expected <= set(each)
        low, high = each["interval"]
        assert low < each["rho"] < high
    assert [each["pairs"] for each in model["sets"]] == [30, 40]
    assert model["sets"][0]["words"] == len(SEVEN[0].words)


def test_single_tokens_unknown_words_and_zero_vectors_are_counted() -> None:
    pairs = [("tiger", "cat", 3), ("New_York", "tiger", 2), ("zebra", "cat", 1), ("cat", "no", 4)]
    tokenizer = wrap(word_level("tiger", "cat", "New", "York", "no"), "words")
    vectors = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [-1, 3], [0, 0]])
    found = evaluate(TokenModel("m", tokenizer, vectors), [make_set(pairs)])
    (counts,) = found.sets
    assert (counts.pairs, counts.words) == (4, 5)
    assert (counts.single_token_words, counts.single_token_pairs) == (3, 2)
    assert (counts.unknown_words, counts.zero_vectors) == (1, 2)


def test_a_zero_vector_has_cosine_zero() -> None:
    pairs = [("a", "zero", 2), ("a", "b", 3), ("a", "c", 1), ("zero", "zero", 2)]
    vectors = {"a": (1, 0), "b": (1, 1), "c": (-1, 1), "zero": (0, 0)}
    (found,) = score(lambda words: [vectors[word] for word in words], [make_set(pairs)]).sets
    assert found.rho == pytest.approx(100)
    assert found.zero_vectors == 1
    assert (found.single_token_pairs, found.unknown_words) == (None, None)


def spoiled(value: float) -> Embed:
    def with_one_spoiled(words: list[str]) -> NDArray[np.float64]:
        vectors = embed(words)
        vectors[words.index("word7"), 2] = value
        return vectors

    return with_one_spoiled


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_vectors_that_are_not_finite(value: float) -> None:
    with pytest.raises(ModelError, match="'word7'"):
        score(spoiled(value), SEVEN)


@pytest.mark.parametrize(
    "function",
    [
        lambda words: embed(words)[:-1],
        lambda words: embed(words)[:, 0],
        lambda words: embed(words)[:, None],
        lambda words: [[1.0] * len(word) for word in words],
        lambda words: embed(words) * 0,
        lambda words: embed(words) * 0 + 1,
        lambda words: [[len(word) / 3, len(word) / 7] for word in words],
    ],
    ids=[
        "a row too few",
        "no rows",
        "too deep",
        "differing widths",
        "all zero",
        "all equal",
        "parallel",
    ],
)
def test_vectors_that_give_no_score(function: Embed) -> None:
    with pytest.raises(ModelError):
        score(function, SEVEN)


def test_no_sets() -> None:
    with pytest.raises(DataError):
        evaluate(FunctionModel("m", embed), [])


def test_the_packaged_set_is_always_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("TOKSTAT_DATA", raising=False)
    found = tokstat.evaluate_wordsim(embed, resamples=10)
    assert [each.name for each in found.sets] == ["wordsim353"]
    (packaged,), _ = load_sets(PACKAGED_SETS)
    assert found.sets[0].rho == pytest.approx(expected_rho(packaged))


def test_wordllama_has_its_published_wordsim(shared: Path) -> None:
    """45.16 in Model2Vec's results, https://github.com/MinishLab/model2vec at e3496c2."""
    need("wordllama")
    found = tokstat.evaluate_wordsim("wordllama", data=shared / "wordsim")
    assert found.wordsim is not None
    assert round(found.wordsim, 2) == 45.16
    by_name = {each.name: each for each in found.sets}
    assert round(by_name["rw"].rho, 2) == 38.41
    assert (by_name["rw"].pairs, by_name["rw"].words) == (2034, 2951)
    assert found.missing_sets == ()
    assert all(each.zero_vectors == each.unknown_words == 0 for each in found.sets)


def test_a_brute_force_over_the_seven_sets(shared: Path) -> None:
    sets, missing = load_sets(WORDSIM_SETS, shared / "wordsim")
    assert missing == []
    found = score(embed, sets, resamples=2)
    assert [each.rho for each in found.sets] == pytest.approx([expected_rho(each) for each in sets])


@pytest.mark.parametrize("resampling", ["words", "pairs"])
def test_models_that_share_resamples_score_as_each_alone(resampling: Resampling) -> None:
    """What the ratings make of a resample is computed once for all models."""

    def other(words: list[str]) -> NDArray[np.float64]:
        return np.round(embed(words))  # with ties

    def fresh(function: Embed) -> ModelScore:
        evaluation._resamples.cache_clear()
        return evaluate(load_model(function), SEVEN, resamples=20, resampling=resampling)

    alone = [fresh(function) for function in (embed, other)]
    evaluation._resamples.cache_clear()
    together = [
        evaluate(load_model(function), SEVEN, resamples=20, resampling=resampling)
        for function in (embed, other)
    ]
    assert alone == together
    assert evaluation._resamples.cache_info().hits == len(SEVEN)

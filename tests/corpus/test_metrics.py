"""The metrics, by hand and by brute force."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.corpus.documents import Reading
from tokstat.corpus.metrics import (
    CORPUS_METRICS,
    Vocabulary,
    corpus_metrics,
    entropy,
    gini,
    renyi_efficiency,
)
from tokstat.corpus.parity import PARITY_METRICS, Language, measure_parity
from tokstat.corpus.plan import Plan
from tokstat.corpus.window import Document
from tokstat.errors import CorpusError
from tokstat.tokenizer import Tokenizer

counted = strategies.lists(strategies.integers(0, 1000), min_size=1, max_size=20)


@given(counted)
def test_entropy_and_efficiency(counts: list[int]) -> None:
    array = np.array(counts, np.int64)
    seen = [count / sum(counts) for count in counts if count]
    if not seen:
        assert entropy(array) is None
        return
    assert entropy(array) == pytest.approx(-sum(p * math.log2(p) for p in seen))
    if len(counts) > 1:
        renyi = math.log(sum(p**2.5 for p in seen)) / (1 - 2.5)
        assert renyi_efficiency(array, len(counts)) == pytest.approx(renyi / math.log(len(counts)))


def test_efficiency_of_even_and_single_distributions() -> None:
    assert renyi_efficiency(np.array([7, 7, 7, 7]), 4) == pytest.approx(1)
    assert renyi_efficiency(np.array([7, 7, 0, 0]), 4) == pytest.approx(0.5)
    assert renyi_efficiency(np.array([7]), 4) == 0
    assert renyi_efficiency(np.array([7]), 1) is None


@given(strategies.lists(strategies.integers(0, 1000), max_size=12))
def test_gini(values: list[int]) -> None:
    found = gini(values)
    if not sum(values):
        assert found is None
        return
    gaps = sum(abs(one - other) for one in values for other in values)
    assert found == pytest.approx(gaps / (2 * len(values) * sum(values)))


def metrics_of(names: Sequence[str], texts: Sequence[str]) -> list[dict[str, float | None]]:
    tokenizers = [wrap(SMALL[name](), name) for name in names]
    plan = Plan.of(tokenizers, "unicode", Reading())
    counts = plan.count(Document(text, f"file{number}") for number, text in enumerate(texts))
    found = corpus_metrics(counts, [Vocabulary.of(each) for each in tokenizers])
    return [{metric.name: metric.value for metric in each} for each in found]


def test_metrics_of_a_sentence_by_hand() -> None:
    """`the`, `the`, `xyzzy` and a mark outside the vocabulary, in two files."""
    words = wrap(SMALL["word-level"](), "word-level")
    text = "the the xyzzy ∮"
    (found,) = metrics_of(["word-level"], [text, "the"])
    assert {metric.name for metric in CORPUS_METRICS} == set(found)
    assert found["tokens"] == 5
    assert found["fertility_micro"] == 1  # the mark is no word
    assert found["fertility_macro"] == 1
    assert found["tokens_per_word"] == 5 / 4
    assert found["bytes_per_token"] == (len(text.encode()) + 3) / 5
    assert found["characters_per_token"] == (len(text) + 3) / 5
    assert found["unknown_token_ratio"] == 2 / 5
    assert found["single_token_word_ratio"] == 1
    assert found["continued_word_ratio"] == 0
    assert found["vocabulary_utilisation"] == 2 / len(words.vocabulary)
    assert found["dead_tokens"] == len(words.vocabulary) - 2
    assert found["entropy"] == pytest.approx(-(3 / 5 * math.log2(3 / 5) + 2 / 5 * math.log2(2 / 5)))
    assert found["normalized_sequence_length"] == 1


def test_metrics_compare_tokenizers() -> None:
    one, two = metrics_of(["byte-level", "metaspace"], ["the people \U0001f9ff\n", "of the"])
    assert two["normalized_sequence_length"] == two["tokens"] / one["tokens"]  # type: ignore[operator]
    assert two["byte_token_ratio"] > 0  # type: ignore[operator]
    assert one["fertility_macro"] != one["fertility_micro"] or one["continued_word_ratio"] == 0


def test_metrics_of_no_text() -> None:
    (found,) = metrics_of(["byte-level"], [""])
    assert found["tokens"] == 0
    assert found["fertility_micro"] is None
    assert found["renyi_efficiency_observed"] is None


def test_every_metric_has_a_definition() -> None:
    names = [metric.name for metric in (*CORPUS_METRICS, *PARITY_METRICS)]
    assert len(names) == len(set(names))
    assert all(metric.definition for metric in (*CORPUS_METRICS, *PARITY_METRICS))


@pytest.fixture(scope="module")
def byte_level() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "byte-level")


def test_parity(byte_level: Tokenizer) -> None:
    languages = [
        Language("en", ["the people", "", "of the world"]),
        Language("de", ["die Leute", "und", "der Welt"]),
        Language("ru", ["люди", "и", "мира"]),
    ]
    lengths = [
        [len(byte_level.backend.encode(line, add_special_tokens=False)) for line in each.lines]
        for each in languages
    ]
    found = measure_parity(byte_level, languages)
    assert found.tokens == tuple(map(sum, lengths))
    assert found.parity[0] == 1
    for number in (1, 2):
        ratios = [lengths[number][row] / lengths[0][row] for row in (0, 2)]
        assert found.parity[number] == pytest.approx(sum(ratios) / 2)
        assert found.total[number] == sum(lengths[number]) / sum(lengths[0])
    assert found.gini == gini(found.tokens)


def test_lines_that_do_not_match(byte_level: Tokenizer) -> None:
    with pytest.raises(CorpusError, match="1 lines and de has 2"):
        measure_parity(byte_level, [Language("en", ["a"]), Language("de", ["a", "b"])])

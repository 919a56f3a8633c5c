"""The metrics, by hand and by brute force."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import tokenizers
from hypothesis import given, strategies
from tokenizers import models, pre_tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.state import Counts, File, Group, Identity, TextCounts, TokenCounts
from tokstat.corpus.counting.tally import Tally
from tokstat.corpus.counting.window import Document
from tokstat.corpus.metrics import (
    CORPUS_METRICS,
    CountedVocabulary,
    corpus_metrics,
    entropy,
    fertility,
    gini,
    group_metrics,
    loses_text,
    renyi_efficiency,
)
from tokstat.corpus.parity import PARITY_METRICS
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.results.report import Metric

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
    assert renyi_efficiency(np.array([1, 1]), 2) == pytest.approx(1)
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
    found = corpus_metrics(counts, [CountedVocabulary.of(each) for each in tokenizers])
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
    assert found["dropped_word_ratio"] == 0
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


VOCABULARY = CountedVocabulary(
    size=6,
    model=np.array([True, True, True, False, True, True]),
    bytes=np.array([False, False, False, True, False, True]),
    unknown=0,
)
"""Six tokens: 0 is the unknown one, 3 an added one, 3 and 5 single bytes."""


def counts_of(tokens: Sequence[int], words: Sequence[int]) -> TokenCounts:
    return TokenCounts(
        Tally.of(np.arange(len(tokens)), np.array(tokens)), np.array(words, np.int64)
    )


def group_of(words: int, *tokenizers: TokenCounts) -> Group:
    return Group(TextCounts(documents=2, bytes=40, characters=20, words=words), tokenizers)


def measured(group: Group, vocabulary: CountedVocabulary = VOCABULARY) -> dict[str, Metric]:
    return {metric.name: metric for metric in group_metrics(group, 0, vocabulary, 1.25)}


def test_metrics_of_counts_by_hand() -> None:
    """Ten tokens; one word of none, four of one, two of two and one of three."""
    found = measured(group_of(8, counts_of([5, 0, 3, 2], [1, 4, 2, 1])))
    ratios = {name: (each.numerator, each.denominator) for name, each in found.items()}
    assert found["tokens"].value == 10
    assert found["fertility_micro"].value == 11 / 8
    assert ratios["fertility_micro"] == (11, 8)
    assert found["fertility_macro"].value == 1.25
    assert found["tokens_per_word"].value == 10 / 8
    assert ratios["tokens_per_word"] == (10, 8)
    assert found["bytes_per_token"].value == 4
    assert ratios["bytes_per_token"] == (40, 10)
    assert found["characters_per_token"].value == 2
    assert ratios["characters_per_token"] == (20, 10)
    assert ratios["continued_word_ratio"] == (3, 8)
    assert ratios["single_token_word_ratio"] == (4, 8)
    assert ratios["vocabulary_utilisation"] == (3, 6)
    assert found["dead_tokens"].value == 3
    assert ratios["unknown_token_ratio"] == (5, 10)
    assert ratios["dropped_word_ratio"] == (1, 8)
    assert ratios["byte_token_ratio"] == (2, 10)
    definitions = {metric.name: metric.definition for metric in CORPUS_METRICS}
    assert all(each.definition == definitions[name] for name, each in found.items())
    shares = (0.5, 0.3, 0.2)
    assert found["entropy"].value == pytest.approx(-sum(p * math.log2(p) for p in shares))
    renyi = math.log(sum(p**2.5 for p in shares)) / (1 - 2.5)
    assert found["renyi_efficiency_observed"].value == pytest.approx(renyi / math.log(3))
    assert found["renyi_efficiency_nominal"].value == pytest.approx(renyi / math.log(6))


def test_counts_that_end_before_the_vocabulary_does() -> None:
    vocabulary = replace(VOCABULARY, unknown=2)
    found = measured(group_of(1, counts_of([1, 4], [0])), vocabulary)
    assert found["unknown_token_ratio"].numerator == 0
    assert found["byte_token_ratio"].numerator == 0
    assert found["dead_tokens"].value == 3
    assert found["single_token_word_ratio"].numerator == 0
    assert found["continued_word_ratio"].numerator == 0
    found = measured(group_of(3, counts_of([1, 4], [0, 3])), replace(vocabulary, unknown=1))
    assert found["unknown_token_ratio"].numerator == 4
    assert found["single_token_word_ratio"].numerator == 3
    found = measured(group_of(1, counts_of([1, 4], [0])), replace(vocabulary, unknown=None))
    assert found["unknown_token_ratio"].numerator == 0


def test_no_words_at_all() -> None:
    found = measured(group_of(0, counts_of([1], [])))
    for name in ("fertility_micro", "tokens_per_word", "continued_word_ratio"):
        assert found[name].value is None
    assert fertility(counts_of([1], [])) is None
    assert fertility(counts_of([1], [0, 1])) == 1
    assert fertility(counts_of([9], [1, 4, 2, 1])) == 11 / 8


def run_of(groups: dict[str, Group], files: dict[str, File]) -> dict[str, float | None]:
    several = len(next(iter(groups.values())).tokenizers)
    identities = tuple(Identity(f"t{number}", "") for number in range(several))
    counts = Counts(identities, "unicode", groups, files)
    vocabularies = [VOCABULARY] * several
    return {each.name: each.value for each in corpus_metrics(counts, vocabularies)[-1]}


def test_the_macro_mean_is_over_groups_where_there_are_several() -> None:
    one = group_of(2, counts_of([2], [0, 2]))  # 1 token a word
    two = group_of(1, counts_of([4], [0, 0, 0, 0, 1]))  # 4
    none = group_of(0, counts_of([3], []))
    file = File(TextCounts(words=2), (6,), (14,))
    assert run_of({"a": one, "b": two, "c": none}, {"f": file})["fertility_macro"] == 2.5
    assert run_of({"a": one, "b": two}, {"f": file})["fertility_micro"] == 2
    assert run_of({"c": none, "d": none}, {"f": file})["fertility_macro"] is None


def test_the_macro_mean_is_over_files_where_there_is_one_group() -> None:
    group = group_of(4, counts_of([4], [0, 4]), counts_of([8], [0, 0, 4]))
    files = {
        "a": File(TextCounts(words=1), (1, 1), (1, 2)),
        "b": File(TextCounts(words=2), (3, 3), (3, 10)),
        "blank": File(TextCounts(words=0), (3, 3), (0, 0)),
    }
    assert run_of({"": group}, files)["fertility_macro"] == 3.5
    assert run_of({"": group}, files)["normalized_sequence_length"] == 2


def test_no_length_beside_a_tokenizer_of_no_tokens() -> None:
    group = group_of(4, counts_of([0], [4]), counts_of([8], [0, 0, 4]))
    assert run_of({"": group}, {})["normalized_sequence_length"] is None
    assert corpus_metrics(Counts((), "unicode"), []) == []


def test_a_vocabulary_s_masks() -> None:
    tokenizer = wrap(SMALL["metaspace"](), "metaspace")
    rows, found = tokenizer.vocabulary, CountedVocabulary.of(tokenizer)
    assert found.size == len(rows)
    assert found.unknown == tokenizer.unknown_id
    assert len(found.model) == len(found.bytes) == max(rows.ids) + 1
    added = set(tokenizer.backend.get_added_tokens_decoder())
    assert 0 < len(added) < found.size
    assert set(np.flatnonzero(~found.model)) == added
    assert found.bytes.sum() > 0
    for number in np.flatnonzero(found.bytes).tolist():
        assert re.fullmatch("<0x[0-9A-F]{2}>", tokenizer.backend.id_to_token(number) or "")


def test_every_metric_has_a_definition() -> None:
    names = [metric.name for metric in (*CORPUS_METRICS, *PARITY_METRICS)]
    assert len(names) == len(set(names))
    assert all(metric.definition for metric in (*CORPUS_METRICS, *PARITY_METRICS))


def test_every_metric_has_the_unit_that_its_type_declares() -> None:
    group = Group(TextCounts(1, 10, 10, 2), (counts_of([3, 1, 0], [0, 1, 1]),))
    vocabulary = CountedVocabulary.of(wrap(SMALL["wordpiece"](), "one"))
    declared = {each.name: (each.unit, each.definition) for each in CORPUS_METRICS}
    for metric in group_metrics(group, 0, vocabulary, 1.0):
        assert (metric.unit, metric.definition) == declared[metric.name]


def test_words_that_a_tokenizer_drops_are_counted() -> None:
    """A BPE of `ab` alone, without an unknown token, makes nothing of other letters."""
    backend = tokenizers.Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    plan = Plan.of([wrap(backend, "ab")], "unicode", Reading())
    counts = plan.count([Document("ab xyz ab xyz xaz")])
    (found,) = corpus_metrics(counts, [CountedVocabulary.of(each) for each in plan.tokenizers])
    named = {metric.name: metric for metric in found}
    assert named["dropped_word_ratio"].numerator == 2  # of `xaz` a letter stays
    assert named["tokens"].value == 3
    assert loses_text(named["dropped_word_ratio"].value)


@pytest.mark.parametrize(
    ("shares", "lost"), [((), False), ((None, 0.0), False), ((0.0009,), False), ((0, 0.001), True)]
)
def test_a_loss_counts_from_one_in_a_thousand(shares: tuple[float | None, ...], lost: bool) -> None:
    assert loses_text(*shares) == lost

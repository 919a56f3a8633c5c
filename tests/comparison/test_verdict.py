"""The verdict on a comparison, by its rules."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import tokenizers

import tokstat
from tests.conftest import word_level_json, wrap
from tokstat.comparison.comparison import Comparison
from tokstat.comparison.verdict import verdict_on
from tokstat.results.verdict import Statement
from tokstat.tokenizer.tokenizer import Tokenizer

LABELS = ("A", "B", "C")
SPLIT = "Words are split when encoded alone"


@dataclass(frozen=True)
class Fault:
    """A finding of some tokenizers."""

    code: str
    severity: str
    title: str
    tokenizers: tuple[int, ...]


def judged(
    count: int, *faults: Fault, differs: bool = True, **scores: tuple[float | None, ...]
) -> tuple[Statement, ...]:
    return verdict_on(LABELS[:count], ("en",), scores, faults, differs=differs)


def sentences(found: tuple[Statement, ...]) -> list[str]:
    return [each.sentence for each in found]


def test_one_is_best_in_text_and_alone() -> None:
    (found,) = judged(2, coverage_spaced=(0.866, 0.748), coverage_bare=(0.866, 0.211))
    assert found.sentence == (
        "A is best for frequent words of English: 86.6% are one token in text (B 74.8%), "
        "86.6% alone (B 21.1%)."
    )
    assert found.metrics == ("coverage_spaced", "coverage_bare")


def test_another_is_best_alone() -> None:
    found = judged(3, coverage_spaced=(0.5, 0.9, 0.7), coverage_bare=(0.9, 0.2, 0.3))
    assert sentences(found) == [
        "B is best for frequent words of English in text: 90.0% are one token "
        "(the others 50.0% to 70.0%).",
        "A is best for words alone: 90.0% are one token (the others 20.0% to 30.0%).",
    ]


def test_near_shares_are_equal() -> None:
    (found,) = judged(2, coverage_spaced=(0.866, 0.865), coverage_bare=(0.866, 0.866))
    assert found.sentence.startswith("All are about equal")
    found_by_two = judged(3, coverage_spaced=(0.9, 0.899, 0.2))
    assert sentences(found_by_two)[0].startswith("A and B are best")


def test_scores_that_one_tokenizer_alone_has_are_not_compared() -> None:
    assert judged(2, coverage_spaced=(0.9, None), coverage_bare=(None, None)) == ()
    assert judged(2) == ()


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ((Fault("TS501", "warning", SPLIT, (1,)),), "(only B)"),
        ((Fault("TS501", "warning", SPLIT, (0, 1)),), "(2 of 3)"),
        ((Fault("TS501", "warning", SPLIT, (0, 1, 2)),), None),
        ((Fault("TS301", "info", "Duplicates by case", (1,)),), None),
    ],
)
def test_faults_that_not_all_have(faults: tuple[Fault, ...], expected: str | None) -> None:
    found = judged(3, *faults)
    if expected is None:
        assert found == ()
        return
    assert expected in found[0].sentence
    assert found[0].codes == ("TS501",)


def test_errors_come_first_and_the_rest_is_counted() -> None:
    faults = [Fault(f"TS60{n}", "error", f"Fault {n}", (0,)) for n in range(4)]
    (found,) = judged(2, *faults)
    assert found.sentence.startswith("Errors: fault 0 (only A); fault 1 (only A); 2 more")
    assert len(found.codes) == 4
    (mixed,) = judged(2, faults[0], Fault("TS501", "warning", SPLIT, (1,)))
    assert mixed.sentence.startswith("Error and warning: fault 0 (only A); words")


def test_the_same_tokenizer_twice(bert: Tokenizer) -> None:
    found = tokstat.compare(bert, bert, analyzers=["coverage"])
    assert found.verdict[0].sentence == "Nothing differs in pipelines, tokens and ids."
    assert found.to_dict()["verdict"][0]["sentence"] == found.verdict[0].sentence
    assert Comparison.from_json(found.to_json()) == found


def test_another_vocabulary_in_the_same_pipeline_differs() -> None:
    made = (word_level_json("the", "cat"), word_level_json("the", "dog"))
    one, two = (wrap(tokenizers.Tokenizer.from_buffer(each), "x") for each in made)
    found = tokstat.compare(one, two, analyzers=["coverage"])
    assert not any("Nothing differs" in each.sentence for each in found.verdict)

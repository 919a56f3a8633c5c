"""Words of the word-similarity sets that are one token."""

from __future__ import annotations

import pytest

from tokstat.analyzers.subject import Subject
from tokstat.analyzers.wordsim_coverage import wordsim_coverage
from tokstat.wordsim.sets import PACKAGED_SETS
from tokstat.wordsim.store import load_set


@pytest.fixture(autouse=True)
def no_fetched_sets(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKSTAT_DATA", str(tmp_path_factory.mktemp("sets")))


def test_the_packaged_set_stands_in_for_the_seven(case: Subject) -> None:
    section = wordsim_coverage(case)
    for name in ("wordsim_coverage_bare", "wordsim_coverage_spaced"):
        metric = section.metric(name)
        assert (metric.denominator, metric.scope) == (437, "wordsim353")
    assert len(section.table("sets")) == len(PACKAGED_SETS)


def test_the_counts_are_those_of_its_words_one_by_one(case: Subject) -> None:
    section = wordsim_coverage(case)
    packaged = load_set(PACKAGED_SETS[0])
    assert packaged is not None
    encode = case.tokenizer.backend.encode
    for name, start in (("bare", ""), ("spaced", " ")):
        alone = [
            word
            for word in packaged.words
            if len(encode(start + word, add_special_tokens=False).ids) == 1
        ]
        assert section.metric(f"wordsim_coverage_{name}").numerator == len(alone)


def test_a_tokenizer_without_leading_spaces_has_one_number(bert_case: Subject) -> None:
    section = wordsim_coverage(bert_case)
    bare, spaced = (section.metric(f"wordsim_coverage_{name}") for name in ("bare", "spaced"))
    assert bare.numerator == spaced.numerator == 418

"""Words that are one token alone and in text: tables agree with metrics."""

from __future__ import annotations

import pytest

from tokstat.analyzers.coverage import coverage
from tokstat.analyzers.subject import Subject
from tokstat.tokenizer.single_words import split_words


def test_coverage_tables_agree_with_its_metrics(case: Subject) -> None:
    section = coverage(case)
    bare, spaced = section.metric("coverage_bare"), section.metric("coverage_spaced")
    for table in ("languages", "frequency_bands"):
        assert sum(section.table(table).columns["bare"]) == bare.numerator
        assert sum(section.table(table).columns["spaced"]) == spaced.numerator
    assert bare.denominator == spaced.denominator == 20_000
    gap = section.metric("leading_space_gap")
    assert bare.value is not None
    assert spaced.value is not None
    assert gap.value == pytest.approx(spaced.value - bare.value)


def test_lost_words_are_one_token_only_after_a_word(case: Subject) -> None:
    table = coverage(case).table("lost_alone")
    for word, alone, after in table.rows():
        assert alone.count("|") >= 1
        assert after == "·" + word
        assert len(split_words(case.tokenizer, [word], "bare")[0]) == alone.count("|") + 1


def test_the_gap_is_a_finding_where_words_lose_by_standing_alone(
    case: Subject, bert_case: Subject
) -> None:
    assert [finding.code for finding in coverage(case).findings] == ["TS501"]
    assert coverage(bert_case).findings == ()

"""Duplicates by case in the packaged pair, against the vocabulary."""

from __future__ import annotations

from tests.analyzers.conftest import alphabetic_texts
from tokstat.analyzers.casing import casing
from tokstat.analyzers.subject import Subject


def test_casing_duplicates_leave_one_token_of_each_word(case: Subject) -> None:
    (finding,) = casing(case).findings
    removed = set(finding.token_ids)
    rest = [
        (starts, text.lower(), text)
        for token, starts, text in alphabetic_texts(case.vocabulary)
        if token not in removed
    ]
    assert len({(starts, folded) for starts, folded, _ in rest}) == len(rest)
    kept = {(starts, folded): text for starts, folded, text in rest}
    lower_cased = [
        (starts, text) for _, starts, text in alphabetic_texts(case.vocabulary) if text.islower()
    ]
    assert all(kept[starts, text] == text for starts, text in lower_cased)


def test_families_hold_all_tokens_of_a_word(case: Subject) -> None:
    table = casing(case).table("duplicate_families")
    word, size, members = next(table.rows())
    tokens = [text for _, _, text in alphabetic_texts(case.vocabulary) if text.lower() == word]
    assert len(tokens) == size == len(members.split("|"))
    assert sorted(member.lstrip("·") for member in members.split("|")) == sorted(tokens)


def test_an_uncased_vocabulary_has_no_casing_duplicates(bert_case: Subject) -> None:
    section = casing(bert_case)
    assert section.metric("casing_duplicates").value == 0
    assert section.findings == ()

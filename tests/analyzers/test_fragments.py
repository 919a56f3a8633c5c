"""Fragments and affixes of the packaged pair, against the vocabulary."""

from __future__ import annotations

import regex

from tests.analyzers.conftest import alphabetic_texts
from tokstat.analyzers.fragments import fragments
from tokstat.analyzers.subject import Subject
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import load_lexicon


def test_fragments_and_affixes_are_told_apart(case: Subject, bert_case: Subject) -> None:
    for subject in (case, bert_case):
        section = fragments(subject)
        ratio = section.metric("fragment_ratio")
        assert ratio.numerator == len(subject.rows_of_class("fragment"))
        assert ratio.denominator == section.metric("in_script_tokens").value
        assert ratio.scope == "English"
    assert {"ing", "ment", "ness"} <= set(fragments(bert_case).table("affixes").columns["token"])


def test_in_script_tokens_have_letters_of_the_script_only(case: Subject) -> None:
    """Counted letter by letter, by another library's scripts."""
    in_script = [
        text
        for _, _, text in alphabetic_texts(case.vocabulary)
        if regex.fullmatch(r"(?:\p{sc=Latin}|[\p{sc=Common}\p{sc=Inherited}])+", text)
        and regex.search(r"\p{sc=Latin}", text)
    ]
    assert fragments(case).metric("in_script_tokens").value == len(in_script) == 43_831


def test_known_fragments_are_seldom_alone(case: Subject) -> None:
    rows = case.rows_of_class("fragment")
    known = [
        (case.vocabulary.texts[row] or "").lower()
        for row in rows.tolist()
        if case.row_frequencies[row] >= 2.0
    ]
    assert fragments(case).metric("known_fragments").value == len(known) > 1000
    (words,) = case.lexicon.word_lists
    assert set(known) <= words.seldom_alone.starting | words.seldom_alone.inside


def test_longest_fragments_come_first(case: Subject) -> None:
    characters = fragments(case).table("longest_fragments").columns["characters"]
    assert list(characters) == sorted(characters, reverse=True)
    assert characters[0] == max(case.vocabulary.properties.lengths[case.rows_of_class("fragment")])


def test_words_of_other_languages_are_counted_by_language(bert: Tokenizer) -> None:
    section = fragments(Subject(bert, load_lexicon(["ru"])))
    languages = section.table("other_languages").columns
    assert sum(languages["tokens"]) <= section.metric("other_language_tokens").value
    latin = {"en", "de", "fr", "es"}
    assert not latin.intersection(languages["language"])


def test_hints_name_the_language_that_was_asked_for(bert: Tokenizer) -> None:
    hints = [each.hint for each in fragments(Subject(bert, load_lexicon(["fi"]))).findings]
    assert any("`tokstat compare SPEC OTHER --lang fi`" in hint for hint in hints)

"""Fragments and affixes of the packaged pair, against the vocabulary."""

from __future__ import annotations

import regex
import tokenizers

from tests.analyzers.conftest import alphabetic_texts
from tests.conftest import word_level_json, wrap
from tokstat.analyzers.fragments import fragments
from tokstat.analyzers.subject import Options, Subject
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


def test_fragments_lie_in_frequent_words_that_are_not_tokens(case: Subject) -> None:
    columns = fragments(case).table("frequent_fragments").columns
    fragment_ids = set(case.vocabulary.ids[case.rows_of_class("fragment")].tolist())
    assert fragment_ids.issuperset(columns["id"])
    assert len(set(columns["id"])) == len(columns["id"]) > 10
    places = [case.usual_words[0].index(word) for word in columns["word"]]
    assert places == sorted(places)
    for token, word in zip(columns["token"], columns["word"], strict=True):
        text = token.removeprefix("·")
        assert len(text) >= 4
        assert word.startswith(text) if token.startswith("·") else text in word[1:]
        assert word.lower() not in case.vocabulary.words


def test_phrases_of_scripts_without_spaces_are_no_examples() -> None:
    words = ("你们", "天天中彩票", "们", "人们都")
    backend = tokenizers.Tokenizer.from_buffer(word_level_json(*words))
    tokenizer = wrap(backend, "chinese")
    subject = Subject(tokenizer, load_lexicon(["zh"]))
    texts = subject.vocabulary.texts
    shown = {texts[row] for row in range(len(texts)) if subject.may_show_row(row)}
    assert {"你们", "们"} <= shown
    assert "天天中彩票" not in shown
    examples = fragments(subject).table("unknown_tokens").columns["examples"]
    assert not any("彩票" in each for each in examples)
    everything = Subject(tokenizer, load_lexicon(["zh"]), Options(all_words=True))
    assert everything.may_show_row(list(texts).index("天天中彩票"))


def test_words_of_other_languages_are_counted_by_language(bert: Tokenizer) -> None:
    section = fragments(Subject(bert, load_lexicon(["ru"])))
    languages = section.table("other_languages").columns
    assert sum(languages["tokens"]) <= section.metric("other_language_tokens").value
    latin = {"en", "de", "fr", "es"}
    assert not latin.intersection(languages["language"])


def test_hints_name_the_language_that_was_asked_for(bert: Tokenizer) -> None:
    hints = [each.hint for each in fragments(Subject(bert, load_lexicon(["fi"]))).findings]
    assert any("`tokstat compare SPEC OTHER --lang fi`" in hint for hint in hints)

"""The named scores on the packaged pair: tables that must agree with each other and with counts."""

from __future__ import annotations

import itertools

import pytest
import regex

from tokstat.analyzers.casing import casing
from tokstat.analyzers.coverage import coverage
from tokstat.analyzers.fragments import fragments
from tokstat.analyzers.subject import Subject
from tokstat.analyzers.whole_words import whole_words
from tokstat.tokenizer.single_words import split_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.lexicon import Lexicon
from tokstat.words.word_classes import WORD_CLASSES


@pytest.fixture(scope="module")
def case(modernbert: Tokenizer, english: Lexicon) -> Subject:
    return Subject(modernbert, english)


@pytest.fixture(scope="module")
def bert_case(bert: Tokenizer, english: Lexicon) -> Subject:
    return Subject(bert, english)


def alphabetic_texts(vocabulary: Vocabulary) -> list[tuple[int, bool, str]]:
    return [
        (token.id, token.starts_word, token.text)
        for token in vocabulary
        if token.kind == "text" and token.text and all(c.isalpha() for c in token.text)
    ]


def test_word_classes_count_every_content_token(case: Subject) -> None:
    table = whole_words(case).table("word_classes")
    assert table.columns["word_class"] == WORD_CLASSES
    assert sum(table.columns["tokens"]) == case.vocabulary.content.sum()
    by_class = dict(zip(WORD_CLASSES, table.columns["tokens"], strict=True))
    assert by_class["whole_word"] == whole_words(case).metric("whole_word_ratio").numerator


def test_frequent_whole_words_name_each_word_once(case: Subject) -> None:
    table = whole_words(case).table("frequent_whole_words")
    assert table.columns["token"][:3] == ("·the", "·to", "·and")
    assert len(set(table.columns["token"])) == len(table) == 20
    assert list(table.columns["zipf"]) == sorted(table.columns["zipf"], reverse=True)


def test_missing_words_have_no_whole_token(case: Subject) -> None:
    missing = whole_words(case).table("missing_words").columns["word"]
    spelled = {text.lower() for _, starts, text in alphabetic_texts(case.vocabulary) if starts}
    assert len(missing) == 20
    assert not spelled & set(missing)


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


def test_fragments_and_affixes_are_told_apart(case: Subject, bert_case: Subject) -> None:
    for subject in (case, bert_case):
        section = fragments(subject)
        ratio = section.metric("fragment_ratio")
        assert ratio.numerator == len(subject.rows_of_class("fragment"))
        assert ratio.denominator == section.metric("in_script_tokens").value
        assert ratio.scope == "en"
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


def test_known_fragments_have_no_twin(case: Subject) -> None:
    whole = {case.vocabulary.texts[row] for row in case.rows_of_class("whole_word").tolist()}
    folded = {(text or "").lower() for text in whole}
    rows = case.rows_of_class("fragment")
    known = [
        (case.vocabulary.texts[row] or "").lower()
        for row in rows.tolist()
        if case.row_frequencies[row] >= 2.0
    ]
    assert fragments(case).metric("known_fragments").value == len(known) > 1000
    assert not folded & set(known)


def test_longest_fragments_come_first(case: Subject) -> None:
    characters = fragments(case).table("longest_fragments").columns["characters"]
    assert list(characters) == sorted(characters, reverse=True)
    assert characters[0] == max(case.vocabulary.properties.lengths[case.rows_of_class("fragment")])


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


def test_the_sample_runs_from_the_first_id_to_the_last(case: Subject) -> None:
    columns = whole_words(case).table("sample").columns
    ids = columns["id"]
    assert len(ids) == 500
    assert (ids[0], ids[-1]) == (case.vocabulary.ids[0], case.vocabulary.ids[-1])
    steps = {after - before for before, after in itertools.pairwise(ids)}
    assert max(steps) - min(steps) <= 1
    for token, shown, kind, script in zip(
        ids, columns["token"], columns["kind"], columns["script"], strict=True
    ):
        row = case.vocabulary[token]
        assert (row.display, row.kind, row.script) == (shown, kind, script)


def test_a_small_vocabulary_is_its_own_sample(superword: Tokenizer, english: Lexicon) -> None:
    assert len(superword.vocabulary) < 500
    columns = whole_words(Subject(superword, english)).table("sample").columns
    assert list(columns["id"]) == superword.vocabulary.ids.tolist()

"""Classes of words in the packaged pair, against counts."""

from __future__ import annotations

import itertools
from pathlib import Path

import tokenizers

from tests.analyzers.conftest import alphabetic_texts
from tests.conftest import word_level_json, wrap
from tokstat.analyzers.subject import Subject
from tokstat.analyzers.whole_words import whole_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon, load_lexicon
from tokstat.words.word_classes import WORD_CLASSES


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


def test_hints_name_the_languages_that_were_asked_for(bert: Tokenizer) -> None:
    (finnish,) = whole_words(Subject(bert, load_lexicon(["fi"]))).findings
    assert "--class fragment --lang fi`" in finnish.hint
    (greek,) = whole_words(Subject(bert, load_lexicon(["el"]))).findings
    assert "tokstat rank --lang el" in greek.hint


def test_tokens_that_a_list_does_not_tell_apart_are_one_word() -> None:
    backend = tokenizers.Tokenizer.from_str(word_level_json("في", "فِي", "من").decode())
    subject = Subject(wrap(backend, "arabic"), load_lexicon(["ar"]))
    assert whole_words(subject).metric("whole_word_ratio").numerator == 3
    assert whole_words(subject).table("frequent_whole_words").columns["token"] == ("·في", "·من")


def test_no_whole_word_is_not_only_zero_percent() -> None:
    backend = tokenizers.Tokenizer.from_str(word_level_json("ξψζ").decode())
    (finding,) = whole_words(Subject(wrap(backend, "greek"), load_lexicon(["el"]))).findings
    assert finding.code == "TS201"
    assert "%" not in finding.message.partition(".")[0]


def test_hints_name_the_file_that_was_given(bert: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("tiger\t3\n")
    (finding,) = whole_words(Subject(bert, load_lexicon(path=path))).findings
    assert "--class fragment --lexicon FILE`" in finding.hint

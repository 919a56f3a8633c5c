"""Letters and words that are lost, counted once more with the tokenizers library."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers

from tests.cases import broken_words as cases
from tests.cases.made import findings_of, write_case
from tests.conftest import wrap
from tokstat.analyzers.lost_words import lost_words
from tokstat.analyzers.subject import Subject
from tokstat.words.lexicon import Lexicon, load_lexicon


def backend_of(folder: Path) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.mark.parametrize("family", ["wordpiece", "unigram"])
def test_two_words_become_one(family: str, tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path / "a", family, cases.vowel_signs_of_hindi)
    write_case(tmp_path / "b", family, cases.words_of_hindi_with_their_marks)
    broken, clean = backend_of(tmp_path / "a"), backend_of(tmp_path / "b")
    assert broken.encode("कुछ").ids == broken.encode("कछ").ids
    assert clean.encode("कुछ").ids != clean.encode("कछ").ids
    assert [each.code for each in findings_of(tmp_path / "a", "lost_words", english)] == ["TS721"]


def test_english_alone_may_lose_its_accents(bert_json: bytes, english: Lexicon) -> None:
    subject = Subject(wrap(tokenizers.Tokenizer.from_buffer(bert_json), "made"), english)
    assert lost_words(subject).findings == ()


def test_another_language_may_not(bert_json: bytes) -> None:
    backend = tokenizers.Tokenizer.from_buffer(bert_json)
    section = lost_words(Subject(wrap(backend, "made"), load_lexicon(["de"])))
    assert [each.code for each in section.findings] == ["TS721"]


@pytest.mark.parametrize("family", ["wordpiece", "continuation"])
def test_unknown_words_are_counted(family: str, tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path, family, cases.letter_without_its_form_inside_words)
    (found,) = findings_of(tmp_path, "lost_words", english)
    backend = backend_of(tmp_path)
    words = english.word_lists[0].top(20_000)
    encodings = backend.encode_batch([f"the {word}" for word in words])
    assert f"{sum('[UNK]' in each.tokens for each in encodings):,} of" in found.message


def test_vanishing_letters_are_counted(tmp_path: Path, english: Lexicon) -> None:
    write_case(tmp_path, "byte-level", cases.bytes_that_vanish)
    (found,) = findings_of(tmp_path, "lost_words", english)
    backend = backend_of(tmp_path)
    words = english.word_lists[0].top(20_000)
    decoded = [backend.decode(each.ids) for each in backend.encode_batch(words)]
    lost = sum(text != word for word, text in zip(words, decoded, strict=True))
    assert f"{lost:,} of" in found.message
    assert "vanish" in found.message

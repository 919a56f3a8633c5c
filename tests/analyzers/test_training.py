"""Phrases, bytes and marks, counted once more and shown with the tokenizers library."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers

from tests.cases import broken_words as cases
from tests.cases.made import findings_of, write_case
from tests.conftest import wrap
from tests.small_tokenizers import superword_bpe
from tokstat.analyzers.subject import Subject
from tokstat.analyzers.training import training
from tokstat.words.lexicon import Lexicon


def backend_of(folder: Path) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_a_token_over_two_words(english: Lexicon) -> None:
    backend = superword_bpe()
    assert "ĠofĠthe" in backend.encode(" of the").tokens
    section = training(Subject(wrap(backend, "made"), english))
    # One token is too few for a finding.
    assert section.findings == ()


def test_tokens_over_several_words_are_counted(tmp_path: Path, english: Lexicon) -> None:
    made = write_case(tmp_path, "byte-level", cases.byte_level_tokens_over_several_words)
    (found,) = findings_of(tmp_path, "training", english)
    parts = {number: token.split("Ġ") for token, number in made.vocab.items()}
    expected = {
        number
        for number, words in parts.items()
        if len(words) == 3 and words[1][-1:].isalpha() and words[2][:1].isalpha()
    }
    assert set(found.token_ids) == expected


@pytest.mark.parametrize("family", ["unigram", "metaspace"])
def test_a_character_is_lost_without_its_bytes(
    family: str, tmp_path: Path, english: Lexicon
) -> None:
    write_case(tmp_path, family, cases.byte_fallback_without_bytes)
    backend = backend_of(tmp_path)
    assert backend.token_to_id("<unk>") in backend.encode("𐍈").ids
    (found,) = findings_of(tmp_path, "training", english)
    assert found.code == "TS632"


@pytest.mark.parametrize("family", ["wordpiece", "continuation"])
def test_words_are_unknown_with_a_prefix_of_no_token(
    family: str, tmp_path: Path, english: Lexicon
) -> None:
    write_case(tmp_path, family, cases.prefix_that_no_token_has)
    assert "[UNK]" in backend_of(tmp_path).encode("misunderstood").tokens
    assert [each.code for each in findings_of(tmp_path, "training", english)] == ["TS633"]

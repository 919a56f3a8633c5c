"""Stored padding and truncation are found, and count for nothing else."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import models, normalizers

from tests.conftest import wrap
from tests.loading.conftest import model_of
from tokstat.analyzers.pipeline import _MARKED, pipeline
from tokstat.analyzers.subject import Subject
from tokstat.loading.sentencepiece import _parse
from tokstat.words.lexicon import Lexicon


@pytest.fixture
def backend(bert_json: bytes) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_buffer(bert_json)


def codes(backend: tokenizers.Tokenizer, lexicon: Lexicon) -> list[str]:
    section = pipeline(Subject(wrap(backend, "made"), lexicon))
    return [finding.code for finding in section.findings]


@pytest.mark.parametrize(
    ("length", "expected"), [(128, ["TS601"]), (None, ["TS601"]), (0, [])], ids=str
)
def test_padding(
    backend: tokenizers.Tokenizer, english: Lexicon, length: int | None, expected: list[str]
) -> None:
    backend.enable_padding(length=length, pad_token="[PAD]")
    assert codes(backend, english) == expected


def test_truncation(backend: tokenizers.Tokenizer, english: Lexicon) -> None:
    backend.enable_truncation(128)
    assert codes(backend, english) == ["TS602"]


def test_what_is_stored_does_not_count(backend: tokenizers.Tokenizer) -> None:
    backend.enable_padding(length=128)
    backend.enable_truncation(1)
    tokenizer = wrap(tokenizers.Tokenizer.from_str(backend.to_str()), "made")
    assert len(tokenizer.backend.encode("one two three", add_special_tokens=False)) == 3
    assert tokenizer.stored_padding is not None
    assert tokenizer.stored_truncation is not None


def test_a_clean_file_has_no_findings(backend: tokenizers.Tokenizer, english: Lexicon) -> None:
    assert codes(backend, english) == []


def test_marks_that_compiled_rules_delete(english: Lexicon) -> None:
    """As T5's and XLM-R's files have them; those of SentencePiece models are read exactly."""
    charsmap = _parse(model_of("unigram"), "").charsmap
    letters = sorted(set("".join(_MARKED)) | {"▁"})
    vocabulary = [("<unk>", 0.0), *((letter, -1.0) for letter in letters)]
    backend = tokenizers.Tokenizer(models.Unigram(vocabulary, 0, False))
    backend.normalizer = normalizers.Precompiled(charsmap)
    assert "TS723" in codes(backend, english)
    backend.normalizer = normalizers.Sequence([normalizers.NFC(), backend.normalizer])
    assert "TS723" not in codes(backend, english)

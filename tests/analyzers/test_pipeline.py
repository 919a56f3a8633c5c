"""Stored padding and truncation are found, and count for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers
from tokenizers import models, normalizers

import tests.cases.broken_words  # noqa: F401  # it registers cases, and imports broken_flags
from tests.cases.broken import CASES
from tests.cases.drafts import Draft
from tests.cases.made import findings_of, write_case
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


def test_padding_with_another_token_than_it_names(
    backend: tokenizers.Tokenizer, english: Lexicon
) -> None:
    number = backend.token_to_id("the")
    backend.enable_padding(length=8, pad_id=number, pad_token="[PAD]")
    assert backend.encode("a").ids[-1] == number
    (found,) = pipeline(Subject(wrap(backend, "made"), english)).findings
    assert found.token_ids == (number,)
    assert f"id {number:,}, the token 'the'" in found.message


BLAMED_BEFORE = {
    "added_letters_that_tear_words": ("byte-level", "wordpiece", "unigram"),
    "byte_fallback_without_some_bytes": ("metaspace-prefix",),
    "bytes_that_vanish": ("byte-level", "byte-level-prefix"),
    "letters_that_vanish_without_an_unknown_token": ("metaspace", "continuation"),
    "suffix_that_no_token_has": ("byte-level", "metaspace"),
    "prefix_that_no_token_has": ("wordpiece", "continuation"),
}
"""Cases of other causes, with the families that they are in."""


@pytest.mark.parametrize(
    ("name", "family"), [(name, each) for name, some in BLAMED_BEFORE.items() for each in some]
)
def test_the_decoder_is_not_blamed(
    name: str, family: str, tmp_path: Path, english: Lexicon
) -> None:
    write_case(tmp_path, family, CASES[f"{name}, {family}"].edit)
    assert findings_of(tmp_path, "pipeline", english) == []


def test_a_token_that_tears_does_not_hide_a_decoder_that_is_lost(
    tmp_path: Path, english: Lexicon
) -> None:
    def edit(draft: Draft) -> None:
        draft.add_row("under")
        draft.tokenizer["decoder"] = None

    write_case(tmp_path, "wordpiece", edit)
    assert [each.code for each in findings_of(tmp_path, "pipeline", english)] == ["TS619"]


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

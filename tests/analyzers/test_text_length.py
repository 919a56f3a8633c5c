"""The length of the declaration in tokens, against the tokenizers library's own count."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.parallel_text import parallel_text


def count(tokenizer: Tokenizer, language: str) -> tuple[int, int, int]:
    """Return the tokens, words and characters of the text, counted line by line."""
    lines = parallel_text(language) or ()
    tokens = sum(
        len(tokenizer.backend.encode(line, add_special_tokens=False).ids) for line in lines
    )
    return tokens, len(" ".join(lines).split()), len("".join(lines))


def measure(tokenizer: Tokenizer, language: str) -> tokstat.Report:
    return tokstat.inspect(tokenizer, lang=language, analyzers=["text_length"])


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_counts(modernbert: Tokenizer, language: str) -> None:
    tokens, words, characters = count(modernbert, language)
    report = measure(modernbert, language)
    assert report.metric("text_fertility").value == tokens / words
    assert report.metric("text_characters_per_token").value == characters / tokens
    assert report.metric("text_unknown_ratio").value == 0


def test_no_fertility_where_words_have_no_spaces(bert: Tokenizer) -> None:
    report = measure(bert, "zh")
    assert report.metric("text_fertility").value is None
    tokens, _, characters = count(bert, "zh")
    assert report.metric("text_characters_per_token").value == characters / tokens
    assert (report.metric("text_unknown_ratio").value or 0) > 0.1


def test_several_languages_are_counted_together(modernbert: Tokenizer) -> None:
    german, chinese = count(modernbert, "de"), count(modernbert, "zh")
    report = measure(modernbert, "de,zh")
    assert report.metric("text_fertility").value == german[0] / german[1]
    assert report.metric("text_characters_per_token").value == (german[2] + chinese[2]) / (
        german[0] + chinese[0]
    )
    table = report.section("text_length").table("languages")
    assert table.columns["tokens"] == (german[0], chinese[0])
    assert table.columns["words"] == (german[1], None)


def test_skipped_for_a_lexicon_without_the_text(bert: Tokenizer, tmp_path: Path) -> None:
    words = tmp_path / "mine.tsv"
    words.write_text("tiger\t5\n")
    report = tokstat.inspect(bert, lexicon=words, analyzers=["text_length"])
    assert report.section("text_length").skipped

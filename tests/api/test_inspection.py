"""A tokenizer is loaded and inspected, with the analyzers and words asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tokstat.errors import AnalyzerError, LexiconError
from tokstat.tokenizer.tokenizer import Tokenizer


def test_a_loaded_tokenizer_is_taken_as_it_is(bert: Tokenizer) -> None:
    assert tokstat.load(bert) is bert


def test_inspect_runs_the_analyzers_asked_for(bert: Tokenizer) -> None:
    report = tokstat.inspect(bert, analyzers=["casing", "composition"])
    assert [section.analyzer for section in report.sections] == ["casing", "composition"]
    with pytest.raises(AnalyzerError, match="casings"):
        tokstat.inspect(bert, analyzers=["casings"])


def test_languages_are_given_in_any_of_three_ways(bert: Tokenizer) -> None:
    both = tokstat.inspect(bert, lang="en,de", analyzers=["whole_words"])
    assert both == tokstat.inspect(bert, lang=["en", "de"], analyzers=["whole_words"])
    assert both.lexicon.languages == ("en", "de")
    one = tokstat.inspect(bert, analyzers=["whole_words"])
    assert (both.metric("whole_word_ratio").numerator or 0) > (
        one.metric("whole_word_ratio").numerator or 0
    )
    with pytest.raises(LexiconError, match="xx"):
        tokstat.inspect(bert, lang="xx")


def test_auto_takes_the_languages_of_the_scripts(modernbert: Tokenizer) -> None:
    """ModernBERT has Cyrillic, Greek and others, but none with a hundredth of its tokens."""
    report = tokstat.inspect(modernbert, lang="auto", analyzers=["fragments"])
    assert report.lexicon.languages == ("en",)


def test_a_word_list_of_ones_own_decides_what_is_known(bert: Tokenizer, tmp_path: Path) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("tiger\t10\nNickel\t5\nercul\t1\n", "utf-8")
    report = tokstat.inspect(bert, lexicon=words)
    assert report.metric("whole_word_ratio").numerator == 2
    assert report.metric("coverage_bare").denominator == 3
    assert report.metric("coverage_bare").numerator == 2

"""Every real tokenizer, inspected end to end."""

from typing import Any

import pytest

from tests.conftest import real_ones
from tests.real_tokenizers import ONE_OF_EACH_FAMILY, REGISTRY
from tests.results.test_verdict import check as check_verdict
from tokstat.api.inspection import inspect
from tokstat.results.report import Report, Section
from tokstat.tokenizer.tokenizer import Tokenizer

MODEL_AND_SCHEME = {
    "byte-level BPE": ("BPE", "byte-level"),
    "metaspace BPE": ("BPE", "metaspace"),
    "end-of-word BPE": ("BPE", "byte-level, end-of-word"),
    "WordPiece": ("WordPiece", "WordPiece"),
    "Unigram": ("Unigram", "metaspace"),
    "WordLevel": ("WordLevel", "word-level"),
}

IDS_AND_CONTENT = {
    "claude": (65_000, 64_242),
    "clip": (49_408, 48_874),
    "deepseek_v3": (128_815, 126_527),
    "dolma2": (100_278, 99_483),
    "gemma3": (262_145, 255_474),
    "gpt2": (50_257, 49_912),
    "gpt4o": (200_000, 198_436),
    "gptoss": (200_019, 198_436),
    "llama3": (128_256, 126_648),
    "minilm": (30_522, 29_523),
    "mistral": (32_000, 31_741),
    "qwen3": (151_669, 150_195),
    "tokenlearn": (276_326, 276_324),
    "wordfreq": (50_001, 50_000),
    "wordllama": (32_000, 31_741),
}
"""Rows and content tokens of each."""

LANGUAGES = {
    "claude": "en",
    "clip": "en",
    "gemma3": "en hi zh bn es ru ja fr de vi pt id ur it ta",
    "minilm": "en",
    "mistral": "en ru",
    "tokenlearn": "en ru pt zh fa bg hi id tr ar pl uk el vi hu "
    "ja de cs he nb ur sl it mk ro fi es ko nl bn",
    "wordfreq": "en",
    "wordllama": "en ru de fr es uk",
}
"""What `--lang auto` chooses."""

READS_WORDS_ALIKE = {"mistral", "wordllama", "minilm", "tokenlearn", "clip", "wordfreq"}
"""Tokenizers to which it makes no difference whether a blank stands before a word."""

UNREACHABLE = {"clip": 74, "gemma3": 4, "minilm": 337, "qwen3": 1909, "tokenlearn": 7622}
"""Unreachable tokens. The others have none."""

LINT = {"clip": {"TS619"}, "minilm": {"TS601", "TS602"}}
"""What the lint says of their files; of the others it says nothing.

CLIP's decoder leaves </w> behind, and MiniLM's file pads and cuts.
"""


def without_value(report: Report) -> set[str]:
    """Name the metrics that say nothing here: plurals are English, and words hold no numbers."""
    other = set() if report.lexicon.languages == ("en",) else {"plural_duplicates"}
    return other | ({"longest_digit_group"} if report.tokenizer.scheme == "word-level" else set())


def column(section: Section, table: str, name: str) -> list[Any]:
    return list(section.table(table).columns[name])


def check_invariants(report: Report, tokenizer: Tokenizer) -> None:
    skipped = {section.analyzer for section in report.sections if section.skipped}
    assert skipped <= (
        {"expected_wordsim", "reference_tokenizers", "files", "written_ids"}
        if report.lexicon.languages != ("en",)
        else set()
    )
    assert Report.from_json(report.to_json()) == report

    def value(name: str) -> float:
        found = report.metric(name).value
        assert found is not None
        return found

    for section in report.sections:
        for metric in section.metrics:
            if metric.name in without_value(report):
                assert metric.value is None
            elif metric.unit == "ratio":
                assert metric.numerator is not None
                assert metric.denominator is not None
                assert 0 <= metric.numerator <= metric.denominator
                assert metric.value == metric.numerator / metric.denominator
            elif metric.unit != "difference":
                assert metric.value is not None
                assert 0 <= metric.value <= len(tokenizer.vocabulary)
    ids = set(tokenizer.vocabulary.ids.tolist())
    for finding in report.findings:
        assert finding.code == "TS101" or set(finding.token_ids) <= ids

    composition = report.section("composition")
    kinds = dict(
        zip(
            column(composition, "kinds", "kind"),
            column(composition, "kinds", "tokens"),
            strict=True,
        )
    )
    content = value("content_tokens")
    assert sum(kinds.values()) == len(tokenizer.vocabulary) == report.tokenizer.vocab_size
    assert kinds["text"] == content
    assert kinds["byte"] + kinds["partial"] == value("partial_tokens")
    for table in ("scripts", "lengths"):
        assert sum(column(composition, table, "tokens")) == content
    assert sum(column(composition, "digits", "tokens")) == value("numeric_tokens")
    assert value("missing_ids") == tokenizer.vocabulary.ids[-1] + 1 - len(tokenizer.vocabulary)
    classes = report.section("whole_words").table("word_classes").columns
    counts = dict(zip(classes["word_class"], classes["tokens"], strict=True))
    assert sum(counts.values()) == content
    assert counts["not_alphabetic"] == content - value("alphabetic_tokens")
    # Whole words come first, and some are of another script: English lists know `на`.
    others = value("alphabetic_tokens") - value("in_script_tokens")
    assert 0 <= others - counts["other_script"] <= counts["whole_word"]
    assert counts["whole_word"] == report.metric("whole_word_ratio").numerator
    assert counts["fragment"] == report.metric("fragment_ratio").numerator
    assert report.metric("fragment_ratio").denominator == value("in_script_tokens")
    assert value("casing_duplicates") <= value("near_duplicates") <= value("alphabetic_tokens")
    assert value("space_duplicates") <= value("near_duplicates")
    assert value("leading_space_gap") == value("coverage_spaced") - value("coverage_bare")


def test_there_is_one_of_each_family_for_the_slow_suite() -> None:
    families = [REGISTRY[name].family for name in ONE_OF_EACH_FAMILY]
    assert sorted(families) == sorted({each.family for each in REGISTRY.values()})


@pytest.mark.parametrize("real_tokenizer", real_ones(slow=REGISTRY), indirect=True)
def test_in_english(real_tokenizer: Tokenizer) -> None:
    """All of them in the slow suite: this is the one inspection of most."""
    name = real_tokenizer.origin.spec
    family = REGISTRY[name].family
    report = inspect(real_tokenizer)
    check_invariants(report, real_tokenizer)
    identity = report.tokenizer
    assert (identity.model_type, identity.scheme) == MODEL_AND_SCHEME[family]
    assert (identity.vocab_size, report.metric("content_tokens").value) == IDS_AND_CONTENT[name]

    codes = {finding.code for finding in report.findings}
    gap = report.metric("leading_space_gap").value
    assert gap is not None
    if name in READS_WORDS_ALIKE:
        assert abs(gap) < 0.01
        assert "TS501" not in codes
    else:
        assert gap > 0.25
        assert "TS501" in codes
    assert {code for code in codes if code.startswith("TS6")} == LINT.get(name, set())
    falls_back = family in ("byte-level BPE", "metaspace BPE", "end-of-word BPE")
    assert ("TS103" in codes) == (not falls_back)
    assert ("TS101" in codes) == (name == "gpt4o")
    assert report.metric("unreachable_tokens").value == UNREACHABLE.get(name, 0)
    assert report.metric("not_found_tokens").value == 0
    check_verdict(report.verdict, report.findings)


@pytest.mark.parametrize(
    "real_tokenizer", real_ones(slow={*ONE_OF_EACH_FAMILY} - {"tokenlearn"}), indirect=True
)
def test_in_its_own_languages(real_tokenizer: Tokenizer) -> None:
    """With a list for each of its scripts, a multilingual vocabulary is judged in all of them.

    Word lists of thirty languages take long: tokenlearn's are for the exhaustive suite.
    """
    name = real_tokenizer.origin.spec
    report = inspect(real_tokenizer, lang="auto")
    check_invariants(report, real_tokenizer)
    if name in LANGUAGES:
        assert report.lexicon.languages == tuple(LANGUAGES[name].split())
    in_english = inspect(real_tokenizer, analyzers=["whole_words", "fragments"])
    for metric in ("in_script_tokens", "whole_word_ratio"):
        own, english = report.metric(metric), in_english.metric(metric)
        assert (own.numerator or own.value or 0) >= (english.numerator or english.value or 0)

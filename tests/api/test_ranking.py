"""The reference tokenizers ranked for a language, and others beside them."""

from __future__ import annotations

import pytest

import tokstat
from tokstat.api.ranking import LOWEST_FIRST, rank_definitions
from tokstat.errors import LexiconError, ReportError
from tokstat.results.reference_languages import LANGUAGE_SCORES, language_scores
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize("by", LANGUAGE_SCORES)
@pytest.mark.parametrize("lang", ["de", "german", "pt-BR", "zh"])
def test_the_best_is_first_and_equal_ones_share_a_rank(lang: str, by: str) -> None:
    table = tokstat.rank(lang, by=by)
    assert set(table.columns["tokenizer"]) == language_scores("en").keys()
    pairs = list(zip(table.columns["rank"], table.columns[by], strict=True))
    known = [(rank, value) for rank, value in pairs if value is not None]
    assert [rank for rank, _ in pairs[len(known) :]] == [None] * (len(pairs) - len(known))
    values = [value for _, value in known]
    assert values == sorted(values, reverse=by not in LOWEST_FIRST)
    assert [rank for rank, _ in known] == [values.index(value) + 1 for value in values]


def test_a_tokenizer_beside_the_references(bert: Tokenizer) -> None:
    """BERT is a reference: measured now, it has the scores and the rank of the packaged one."""
    table = tokstat.rank("de", [bert])
    assert len(table) == len(language_scores("de")) + 1
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows()]
    packaged, own = (
        next(row for row in rows if row["tokenizer"] == name)
        for name in ("google-bert/bert-base-uncased", bert.origin.spec)
    )
    assert {**own, "tokenizer": ""} == {**packaged, "tokenizer": ""}


def test_definitions_of_all_columns() -> None:
    assert tuple(rank_definitions()) == LANGUAGE_SCORES
    assert all(each.definition for each in rank_definitions().values())


def test_languages_and_scores_that_are_none() -> None:
    with pytest.raises(LexiconError):
        tokstat.rank("thai")
    with pytest.raises(ReportError, match="text_fertility"):
        tokstat.rank("de", by="fertility")


def test_the_title_names_the_best() -> None:
    table = tokstat.rank("de", by="text_fertility")
    assert table.title.endswith(": " + ", ".join(table.columns["tokenizer"][:3]))


def test_a_language_without_scores_is_refused_without_advice_that_does_not_work() -> None:
    for name in ("th", "xx"):
        with pytest.raises(LexiconError) as caught:
            tokstat.rank(name)
        assert "--lexicon" not in caught.value.hint

"""A comparison of 2 to 20 tokenizers, by one lexicon, and its failures."""

from __future__ import annotations

from pathlib import Path

import pytest

import tokstat
from tests.analyzers.test_redundancy import made
from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.errors import ComparisonError, SourceNotFoundError, TokstatError
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize("count", [0, 1, 21])
def test_too_few_and_too_many_are_refused(count: int, bert: Tokenizer) -> None:
    with pytest.raises(ComparisonError, match=rf"got {count}\b"):
        tokstat.compare(*[bert] * count)


def test_twenty_can_be_compared() -> None:
    small = [wrap(make(), name) for name, make in SMALL.items()]
    comparison = tokstat.compare(*small, *small, analyzers=["composition"])
    assert len(comparison.labels) == len(set(comparison.labels)) == 20
    assert comparison.surfaces.exclusive == (0,) * 20
    assert all(comparison.surfaces.jaccard(n, n + 10) == 1 for n in range(10))


def test_every_failure_names_its_spec(tmp_path: Path, bert: Tokenizer) -> None:
    with pytest.raises(SourceNotFoundError, match="nowhere"):
        tokstat.compare(bert, tmp_path / "nowhere" / "tokenizer.json")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(TokstatError) as caught:
        tokstat.compare(bert, broken)
    assert str(caught.value).count(str(broken)) == 1
    with pytest.raises(TokstatError, match="xx"):
        tokstat.compare(bert, bert, lang="xx")


def test_all_are_judged_by_the_lexicon_of_the_first(bert: Tokenizer) -> None:
    russian = made("слово", "дом")
    comparison = tokstat.compare(russian, bert, lang="auto", analyzers=["whole_words"])
    assert comparison.lexicon.languages == ("ru",)
    english = tokstat.compare(bert, russian, lang="auto", analyzers=["whole_words"])
    assert "en" in english.lexicon.languages
    assert "ru" not in english.lexicon.languages
    assert english.words[1].words == 0

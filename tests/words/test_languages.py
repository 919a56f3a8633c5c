"""Tests of finding the languages of a vocabulary."""

import numpy as np
import pytest
import wordfreq

from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.languages import INDEX, LanguageWords, language_words

WORDPIECE = Scheme("WordPiece", continuation="##")


def words_of(tokens: list[str]) -> LanguageWords:
    ids = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    return language_words(Vocabulary.of(StoredTokens.from_ids(ids, {}), WORDPIECE))


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "tr", "el", "ru", "uk", "hi", "ja"])
def test_the_words_of_a_language_find_it(language: str) -> None:
    words = [*wordfreq.top_n_list(language, 800), *wordfreq.top_n_list("en", 800)]
    found = [each.language for each in words_of(words).found(0.05)]
    assert set(found) == {language, "en"}


def test_several_languages_of_one_script() -> None:
    words = [word for code in ("de", "fr", "tr") for word in wordfreq.top_n_list(code, 500)]
    assert {each.language for each in words_of(words).found(0.05)} == {"de", "fr", "tr"}


@pytest.mark.parametrize("name", ["modernbert", "bert"])
def test_english_vocabularies_are_english_only(name: str, request: pytest.FixtureRequest) -> None:
    tokenizer: Tokenizer = request.getfixturevalue(name)
    assert [each.language for each in language_words(tokenizer.vocabulary).found()] == ["en"]


def test_words_beside_those_of_the_languages_named() -> None:
    words = words_of(["ağaç", "daudz", "##onde", "xqzv", "the"])
    assert words.words_beside(["en"]).tolist() == [True, True, True, False, False]
    assert words.words_beside(["en", "tr"]).tolist() == [False, True, True, False, False]


def test_no_words_have_no_language() -> None:
    assert words_of(["##1", "2"]).found() == ()


def test_the_index_is_compact() -> None:
    assert INDEX.stat().st_size < 2_500_000


def test_a_vocabulary_is_looked_up_once(modernbert: Tokenizer) -> None:
    assert language_words(modernbert.vocabulary) is language_words(modernbert.vocabulary)


def test_languages_explain_chosen_tokens() -> None:
    words = words_of([*wordfreq.top_n_list("de", 500), *wordfreq.top_n_list("tr", 500)])
    everything = np.ones(words.alphabetic, np.bool_)
    largest = [each.language for each in words.explaining(everything, ["tr", "en"])][:1]
    assert largest == ["de"]
    counts = [each.tokens for each in words.explaining(everything, [])]
    assert counts == sorted(counts, reverse=True)
    assert words.explaining(~everything, []) == ()


def test_one_word_does_not_show_a_language() -> None:
    words = words_of(["ağaç", "##onde", "the"])
    everything = np.ones(words.alphabetic, np.bool_)
    assert words.explaining(everything, ["en"]) == ()

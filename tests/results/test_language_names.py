"""Names of languages by their codes."""

import wordfreq

from tokstat.results.language_names import language_name


def test_every_language_with_a_word_list_has_a_name() -> None:
    names = [language_name(code) for code in wordfreq.available_languages()]
    assert None not in names
    assert language_name("de") == "German"


def test_an_unknown_code_has_none() -> None:
    assert language_name("x-own") is None

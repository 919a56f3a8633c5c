"""Tests of how scripts write words."""

from tokstat.words.scripts import ONE_CHARACTER_WORDS, UNSPACED


def test_scripts_of_one_character_words_write_no_spaces() -> None:
    assert ONE_CHARACTER_WORDS < UNSPACED
    assert "Thai" in UNSPACED
    assert not {"Latin", "Hangul"} & UNSPACED

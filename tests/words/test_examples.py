"""Tests of the words that examples leave out."""

from tokstat.words.examples import is_vulgar, vulgar_words


def test_vulgar_words_of_several_languages() -> None:
    assert is_vulgar("Fuck")
    assert is_vulgar("scheiße")
    assert not is_vulgar("tiger")
    assert len(vulgar_words()) > 1_000

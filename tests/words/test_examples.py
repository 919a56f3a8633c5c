"""Tests of the words that examples leave out."""

from tokstat.words.examples import holds_vulgar, is_vulgar, vulgar_words


def test_vulgar_words_of_several_languages() -> None:
    assert is_vulgar("Fuck")
    assert is_vulgar("scheiße")
    assert is_vulgar("Scheisse")
    assert not is_vulgar("tiger")
    assert len(vulgar_words()) > 1_000


def test_vulgar_words_within_words() -> None:
    assert holds_vulgar("Motherfuckers")
    assert not is_vulgar("Motherfuckerss")
    assert not holds_vulgar("acknowledgements")

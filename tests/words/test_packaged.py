"""Tests of what was learned ahead of time."""

from tokstat.words.lexicon import wordfreq_languages
from tokstat.words.packaged import FOLDER, learned_words


def test_every_language_has_a_file() -> None:
    files = {path.name.removesuffix(".json.gz") for path in FOLDER.glob("*.json.gz")}
    assert files == set(wordfreq_languages())


def test_what_was_learned_about_english() -> None:
    learned = learned_words("en")
    assert learned is not None
    assert "ness" in learned.affixes.suffixes
    assert "thur" in learned.seldom_alone.inside
    assert learned.cased["london"] == "London"
    assert "the" not in learned.cased


def test_a_language_without_a_list() -> None:
    assert learned_words("tlh") is None

"""Packaged scores of the reference tokenizers in every language, and that they are plausible."""

from __future__ import annotations

import wordfreq

from tokstat.results.reference_languages import (
    LANGUAGE_SCORES,
    language_scores,
    reference_languages,
)
from tokstat.results.references import reference_tokenizers
from tokstat.words.parallel_text import WITHOUT_SPACES

NAMES = {entry.name for entry in reference_tokenizers()}


def test_every_language_of_wordfreq_has_the_same_tokenizers_and_scores() -> None:
    assert set(reference_languages()) == set(wordfreq.available_languages())
    for language in reference_languages():
        scores = language_scores(language)
        assert scores.keys() == language_scores("en").keys() <= NAMES
        for own in scores.values():
            assert tuple(own) == LANGUAGE_SCORES
            assert (own["text_fertility"] is None) == (language in WITHOUT_SPACES)
            assert 0 <= (own["text_unknown_ratio"] or 0) <= 1
            assert 0 < (own["text_characters_per_token"] or 0) < 20


def test_no_scores_in_another_language() -> None:
    assert language_scores("th") == {}


def test_english_scores_agree_with_those_of_the_english_file() -> None:
    """Both are of one measurement, kept in two files."""
    scores = language_scores("en")
    for entry in reference_tokenizers():
        if entry.name not in scores:
            continue
        for name in ("coverage_bare", "coverage_spaced"):
            assert scores[entry.name][name] == round(entry.scores[name] or 0, 4)

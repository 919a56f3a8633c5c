"""The packaged declaration: one text for each language of wordfreq, of about the same length."""

from __future__ import annotations

import pytest
import wordfreq

from tokstat.words.parallel_text import WITHOUT_SPACES, parallel_text


@pytest.mark.parametrize("language", sorted(wordfreq.available_languages()))
def test_every_language_has_all_articles(language: str) -> None:
    lines = parallel_text(language)
    assert lines is not None
    assert 85 <= len(lines) <= 100
    assert all(line == " ".join(line.split()) != "" for line in lines)
    words = sum(len(line.split()) for line in lines)
    assert (words < 100) == (language in WITHOUT_SPACES)


def test_a_language_without_the_text() -> None:
    assert parallel_text("th") is None
    assert parallel_text("words.tsv") is None

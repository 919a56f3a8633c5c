"""Tokens of one repeated character, counted again."""

from __future__ import annotations

from collections import Counter

import pytest

from tokstat.analyzers.repeated_characters import repeated_characters
from tokstat.analyzers.subject import Subject
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def test_counts_agree_with_a_plain_recount(tokenizer: Tokenizer, english: Lexicon) -> None:
    section = repeated_characters(Subject(tokenizer, english))
    if section.skipped:
        pytest.skip(section.skipped)
    texts = [
        token.text
        for token in tokenizer.vocabulary
        if token.kind == "text"
        and token.text
        and len(token.text) >= 3
        and len(set(token.text)) == 1
        and not token.text.isspace()
        and not token.text.isdecimal()
    ]
    assert section.metric("repeated_character_tokens").value == len(texts)
    assert section.metric("longest_repetition").value == max(map(len, texts), default=0)
    counts = Counter(text[0] for text in texts)
    rows = list(section.table("characters").rows())
    assert len(rows) == min(20, len(counts))
    for character, tokens, longest in rows:
        if len(character) == 1:  # not written as an escape
            assert tokens == counts[character]
            assert longest == max(len(text) for text in texts if text[0] == character)


def test_rulers_of_the_packaged_modernbert(modernbert: Tokenizer, english: Lexicon) -> None:
    section = repeated_characters(Subject(modernbert, english))
    assert next(section.table("characters").rows()) == ("-", 94, 256)

"""Shadowed tokens, counted once more token by token."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import AddedToken

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.analyzers.added_tokens import added_tokens
from tokstat.analyzers.subject import Subject
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def shadowed(tokenizer: Tokenizer) -> set[int]:
    """Look for every added token in the whole surface of every content token."""
    scheme = tokenizer.scheme
    added = [
        (scheme.text_of_added(token.content).encode(), token.single_word)
        for token in tokenizer.backend.get_added_tokens_decoder().values()
    ]
    # Gemma has 6,415: those that are in no token at all need not be tried on each.
    content = b"\0".join(
        tokenizer.vocabulary.surface(row)
        for row, token in enumerate(tokenizer.vocabulary)
        if token.kind == "text"
    )
    added = [(text, alone) for text, alone in added if text in content]
    found = set()
    for row, token in enumerate(tokenizer.vocabulary):
        surface = tokenizer.vocabulary.surface(row)
        if token.kind == "text" and any(
            text in (surface, surface.removeprefix(b" ")) if alone else text in surface
            for text, alone in added
        ):
            found.add(token.id)
    return found


def found(tokenizer: Tokenizer, lexicon: Lexicon) -> set[int]:
    section = added_tokens(Subject(tokenizer, lexicon))
    ids = {token for finding in section.findings for token in finding.token_ids}
    assert section.metric("shadowed_tokens").value == len(ids)
    return ids


ADDED = ["the", "e", " of", " o", "<b>", "th", "in", "ing "]


@pytest.mark.parametrize("single_word", [False, True])
@pytest.mark.parametrize("name", SMALL)
def test_small(name: str, single_word: bool, english: Lexicon) -> None:
    backend: tokenizers.Tokenizer = SMALL[name]()
    backend.add_tokens([AddedToken(text, single_word=single_word) for text in ADDED])
    tokenizer = wrap(backend, name)
    expected = shadowed(tokenizer)
    assert expected or name == "word-level"
    assert found(tokenizer, english) == expected


def test_modernbert(modernbert: Tokenizer, english: Lexicon) -> None:
    """Its 23 runs of blanks as added tokens shadow all that the vocabulary has itself."""
    ids = found(modernbert, english)
    assert ids == shadowed(modernbert)
    assert len(ids) == 221


def test_tokenizers(tokenizer: Tokenizer, english: Lexicon) -> None:
    assert found(tokenizer, english) == shadowed(tokenizer)

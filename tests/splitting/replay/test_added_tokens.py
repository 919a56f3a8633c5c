"""Added tokens, found as the library finds them, with flags drawn at random."""

from __future__ import annotations

import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, models, normalizers, pre_tokenizers

from tests.conftest import wrap
from tokstat.splitting.replay.added_tokens import AddedTokens
from tokstat.splitting.steps import replay

ALPHABET = "abAB \t\u00a0\u001c_1é\u0301\u200dⓐ²"

ADDED = st.builds(
    AddedToken,
    st.text("abAB é", min_size=1, max_size=3),
    single_word=st.booleans(),
    lstrip=st.booleans(),
    rstrip=st.booleans(),
    normalized=st.booleans(),
    special=st.booleans(),
)


def of_characters(added: list[AddedToken]) -> tokenizers.Tokenizer:
    """A tokenizer whose model has one token for each character."""
    characters = sorted({*ALPHABET, *ALPHABET.lower(), "e"})
    vocabulary = {character: number for number, character in enumerate(["?", *characters])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    backend.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase()])
    backend.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
    for token in added:
        if token.special:
            backend.add_special_tokens([token])
        else:
            backend.add_tokens([token])
    # As from a file, in which added tokens stand in the order of their ids.
    return tokenizers.Tokenizer.from_str(backend.to_str())


@given(
    st.lists(ADDED, max_size=4, unique_by=lambda each: each.content.lower()),
    st.text(ALPHABET, max_size=16),
    st.booleans(),
)
def test_they_are_found_as_the_library_finds_them(
    added: list[AddedToken], text: str, passes_over_special: bool
) -> None:
    backend = of_characters(added)
    backend.encode_special_tokens = passes_over_special
    assert replay(wrap(backend, "added"), text).not_replayed is None


def test_the_longest_of_the_leftmost_wins() -> None:
    found = AddedTokens.of(of_characters([AddedToken("a"), AddedToken("ab"), AddedToken("ba")]))
    matches = [*found.normalized.matches("bab a")]
    assert [(each.token.content, each.start, each.end) for each in matches] == [
        ("ba", 0, 2),
        ("a", 4, 5),
    ]


def test_white_space_beside_them_is_taken_along() -> None:
    token = AddedToken("a", lstrip=True, rstrip=True, normalized=False)
    found = AddedTokens.of(of_characters([token]))
    matches = [*found.as_they_are.matches("b \u00a0a\t \x1cb")]
    assert [(each.start, each.end) for each in matches] == [(1, 6)]


def test_one_can_be_left_out() -> None:
    found = AddedTokens.of(of_characters([AddedToken("a"), AddedToken("b", normalized=False)]))
    assert found.without("a").normalized.tokens == ()
    assert [token.content for token in found.without("a").as_they_are.tokens] == ["b"]

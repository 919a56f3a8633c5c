"""Tokenizers built from ranks, against tiktoken."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import tiktoken
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loading.agreement import TEXTS, differences, ids_of
from tests.samples import sample
from tokstat.loading.encodings import ENCODINGS
from tokstat.loading.ranks import build_from_ranks, to_oniguruma

PATTERNS = {encoding.pattern: encoding.name for encoding in ENCODINGS.values()}


def in_tiktoken(
    ranks: Mapping[bytes, int], pattern: str, special: Mapping[str, int]
) -> tiktoken.Encoding:
    return tiktoken.Encoding(
        "test", pat_str=pattern, mergeable_ranks=dict(ranks), special_tokens=dict(special)
    )


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.get)
def test_encodes_as_tiktoken(pattern: str, ranks: dict[bytes, int]) -> None:
    special = {"<|endoftext|>": len(ranks) + 7}
    reference = in_tiktoken(ranks, pattern, special)
    backend = build_from_ranks(ranks, pattern, special, "test")
    texts = [*sample(), "a<|endoftext|>b", " <|endoftext|> "]
    assert differences(backend, lambda t: reference.encode(t, allowed_special="all"), texts) == []


@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base", "r50k_base"])
def test_encodes_any_text_as_tiktoken(name: str, ranks: dict[bytes, int], text: str) -> None:
    reference, backend = _pair(name, ranks)
    assert ids_of(backend, text) == reference.encode(text, disallowed_special=())


_PAIRS: dict[str, tuple[tiktoken.Encoding, tokenizers.Tokenizer]] = {}


def _pair(name: str, ranks: dict[bytes, int]) -> tuple[tiktoken.Encoding, tokenizers.Tokenizer]:
    if name not in _PAIRS:
        pattern = ENCODINGS[name].pattern
        _PAIRS[name] = in_tiktoken(ranks, pattern, {}), build_from_ranks(ranks, pattern, {}, "")
    return _PAIRS[name]


@given(runs=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6)), max_size=30))
@settings(max_examples=300, deadline=None)
def test_joins_as_tiktoken_does_in_runs(runs: list[tuple[str, int]]) -> None:
    """Repetitions are where several cuts of one token, and several tokens, compete."""
    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [b"aa", b"ab", b"bb", b"aaa", b"aab", b"abb", b"aaaa", b"abab", b"aabb", b"aaaaaa"]
    ranks = {token: rank for rank, token in enumerate(tokens)}
    text = "".join(letter * count for letter, count in runs)
    backend = build_from_ranks(ranks, r"\w+", {}, "test")
    assert ids_of(backend, text) == in_tiktoken(ranks, r"\w+", {}).encode(text)


def test_text_that_the_pattern_skips_is_lost(ranks: dict[bytes, int]) -> None:
    """As in tiktoken, which looks for matches and passes over the rest."""
    backend = build_from_ranks(ranks, r"[a-z]+", {}, "test")
    reference = in_tiktoken(ranks, r"[a-z]+", {})
    assert ids_of(backend, "one, two!") == reference.encode("one, two!")
    assert backend.decode(ids_of(backend, "one, two!")) == "onetwo"


@pytest.mark.parametrize(
    ("pattern", "rewritten"),
    [
        (r"\s++$|a", r"\s++\z|a"),
        (r"^a[$^]\$", r"\Aa[$^]\$"),
        (r"\p{N}{1,3}+|b", r"\p{N}{1,3}|b"),
        (r"\p{L}++x", r"\p{L}++x"),
        (r"[\]$]+$", r"[\]$]+\z"),
    ],
)
def test_patterns_mean_the_same_to_oniguruma(pattern: str, rewritten: str) -> None:
    assert to_oniguruma(pattern) == rewritten


def test_a_pattern_that_would_mean_another_is_refused() -> None:
    with pytest.raises(ValueError, match="branch"):
        to_oniguruma(r"\p{N}{1,3}+x")

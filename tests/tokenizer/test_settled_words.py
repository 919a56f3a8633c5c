"""Tests of what is known of words in text against encoding them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, models, normalizers, pre_tokenizers

from tests.conftest import load_known, wrap
from tests.small_tokenizers import SMALL
from tokstat.reachability.searches import Searches
from tokstat.tokenizer.settled_words import (
    SettledWords,
    ascii_normalizer,
    drops_spaces,
    separates_words,
    spells_ascii,
)
from tokstat.tokenizer.single_words import NormalizedWords, bare_words, spaced_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import load_lexicon

WORDS = load_lexicon().word_lists[0].top(1500)
ODD = [
    "naïve",
    "café",
    "Straße",
    "don't",
    "e-mail",
    "中文",
    "İstanbul",
    "\u0301a",
    "ﬁn",
    "q\u200dq",
]
MIXED = [*WORDS[:700], *ODD, *map(str.capitalize, WORDS[:300]), *ODD, *WORDS[700:]]


def settled_words(tokenizer: Tokenizer) -> SettledWords | None:
    searches = Searches(tokenizer)
    searches.start()
    return searches.settled_words()


@cache
def known_settled_words(name: str) -> SettledWords | None:
    return settled_words(load_known(name))


def require_same(tokenizer: Tokenizer, settled: SettledWords | None, words: list[str]) -> None:
    found, encoded = spaced_words(tokenizer, words, settled), spaced_words(tokenizer, words)
    assert [mask.tolist() for mask in found] == [mask.tolist() for mask in encoded]
    if drops_spaces(tokenizer):
        normal = NormalizedWords.of(tokenizer, words)
        alone = bare_words(tokenizer, normal, settled)
        assert alone.tolist() == bare_words(tokenizer, normal).tolist()


@pytest.mark.parametrize("name", sorted(SMALL))
def test_settled_words_are_as_encoded_ones(name: str) -> None:
    tokenizer = load_known(name)
    settled = settled_words(tokenizer)
    assert (settled is not None) == separates_words(tokenizer)
    require_same(tokenizer, settled, MIXED)


@pytest.mark.parametrize(("name", "least"), [("bert", 0.7), ("modernbert", 0.85)])
def test_most_frequent_words_are_settled(name: str, least: float) -> None:
    settled = known_settled_words(name)
    assert settled is not None
    known, single = settled.masks(WORDS)
    assert known.mean() > least
    assert single.mean() > least * 0.8
    require_same(load_known(name), settled, MIXED)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1) | st.sampled_from(MIXED),
        max_size=300,
    )
)
def test_any_words_are_as_encoded_ones(words: list[str]) -> None:
    for name in ("bert", "modernbert"):
        require_same(load_known(name), known_settled_words(name), words)


def test_nothing_is_settled_without_a_search() -> None:
    assert Searches(load_known("bert")).settled_words() is None


def test_words_that_hold_an_added_token_are_encoded() -> None:
    backend = SMALL["wordpiece"]()
    backend.add_tokens([AddedToken("The", normalized=False, lstrip=True)])
    tokenizer = wrap(backend, "with the")
    settled = settled_words(tokenizer)
    assert settled is not None
    assert not settled.masks(WORDS)[0].any()
    require_same(tokenizer, settled, MIXED)


def _with(change: Callable[[tokenizers.Tokenizer], object]) -> Tokenizer:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, "[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    change(backend)
    return wrap(backend, "changed")


def _set(**parts: object) -> Callable[[tokenizers.Tokenizer], object]:
    def change(backend: tokenizers.Tokenizer) -> None:
        for name, part in parts.items():
            setattr(backend, name, part)

    return change


SEPARATING = {
    "white space": _set(),
    "GPT-2": _set(pre_tokenizer=pre_tokenizers.ByteLevel()),
    "pattern": _set(pre_tokenizer=pre_tokenizers.Split(Regex(r" ?\S+|\s+"), "isolated")),
    "digits first": _set(
        pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(), pre_tokenizers.WhitespaceSplit()]
        )
    ),
    "lower case": _set(normalizer=normalizers.BertNormalizer()),
}
JOINING = {
    "none": _set(pre_tokenizer=None),
    "one pattern": _set(pre_tokenizer=pre_tokenizers.Split(Regex(r"\S+ \S+|\s+"), "isolated")),
    "kept spaces": _set(pre_tokenizer=pre_tokenizers.Split(Regex(r"\s+"), "merged_with_next")),
    "no pattern": _set(pre_tokenizer=pre_tokenizers.ByteLevel(use_regex=False)),
    "replaced": _set(normalizer=normalizers.Replace("a b", "c")),
    "added words": lambda backend: backend.add_tokens(["new york"]),
    "dropout": _set(model=models.BPE({"a": 0}, [], dropout=0.1)),
}


@pytest.mark.parametrize("change", SEPARATING.values(), ids=SEPARATING)
def test_words_are_separated(change: Callable[[tokenizers.Tokenizer], object]) -> None:
    assert separates_words(_with(change))


@pytest.mark.parametrize("change", JOINING.values(), ids=JOINING)
def test_words_may_be_joined(change: Callable[[tokenizers.Tokenizer], object]) -> None:
    assert not separates_words(_with(change))


def test_only_spaces_that_no_piece_keeps_are_dropped() -> None:
    assert drops_spaces(load_known("bert"))
    assert not drops_spaces(load_known("modernbert"))


def test_bytes_spell_ascii() -> None:
    assert spells_ascii(load_known("modernbert"))
    assert not spells_ascii(load_known("bert"))


@pytest.mark.parametrize(
    "normalizer",
    [
        normalizers.NFKC(),
        normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()]),
        normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()]),
        normalizers.BertNormalizer(lowercase=True),
        normalizers.BertNormalizer(lowercase=False, strip_accents=True),
    ],
    ids=["NFKC", "accents", "lower case", "BERT", "cased BERT"],
)
def test_what_normalizers_do_to_ascii(normalizer: normalizers.Normalizer) -> None:
    text = "".join(map(chr, range(ord("!"), ord("~") + 1)))
    function = ascii_normalizer(_with(_set(normalizer=normalizer)).backend)
    assert function is not None
    assert function(text) == normalizer.normalize_str(text)


def test_other_normalizers_are_not_known() -> None:
    normalizer = normalizers.Replace("a", "b")
    assert ascii_normalizer(_with(_set(normalizer=normalizer)).backend) is None

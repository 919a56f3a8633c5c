"""Reachability against brute force: every string over a small alphabet, and many texts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
import tokenizers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL, training_text
from tokstat.lexicon import Lexicon
from tokstat.reachability import STATES, Reachability, find_reachability
from tokstat.round_trip import generated_texts
from tokstat.subject import Subject
from tokstat.tokenizer import Tokenizer

ALPHABET = "abB1. "
LONGEST = 5

GPT_2 = r"'s|'t| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
GPT_4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}]*[\p{Ll}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}]+|\p{N}|[^\s\p{L}\p{N}]+|\s+"
)


def strings(alphabet: str, longest: int) -> list[str]:
    return [
        "".join(letters)
        for length in range(1, longest + 1)
        for letters in product(alphabet, repeat=length)
    ]


EVERY_STRING = strings(ALPHABET, LONGEST)


def ids_met(backend: tokenizers.Tokenizer, texts: Sequence[str]) -> set[int]:
    encodings = backend.encode_batch_fast(list(texts), add_special_tokens=False)
    return {token for encoding in encodings for token in encoding.ids}


def ids_in(found: Reachability, tokenizer: Tokenizer, state: str) -> set[int]:
    rows = np.flatnonzero(found.states == STATES.index(state))
    return set(tokenizer.vocabulary.ids[rows].tolist())


def shown(tokenizer: Tokenizer, ids: set[int]) -> list[str]:
    return sorted(tokenizer.vocabulary[token].token for token in ids)


# Tiny tokenizers, drawn at random, of every family and with any pipeline.

WORDS = st.text("abB1.", min_size=1, max_size=3)


@st.composite
def bpe(draw: st.DrawFn, first: str = "", last: str = "") -> models.BPE:
    """Draw merges of merges, in any order, and tokens that none of them makes."""
    begin = [*"abB1.▁"]
    inside = [first + letter for letter in begin] if first else begin
    symbols = {*begin, *inside}
    if last:
        symbols |= {symbol + last for symbol in symbols}
    merges: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(0, 8))):
        left = draw(st.sampled_from(sorted(symbols)))
        right = draw(st.sampled_from(sorted(symbols)))
        joined = left + right.removeprefix(first)
        fits = not (last and left.endswith(last)) and (not first or right.startswith(first))
        if fits and len(joined) <= 3 + len(first) + len(last) and (left, right) not in merges:
            merges.append((left, right))
            symbols.add(joined)
    symbols |= set(draw(st.lists(WORDS, max_size=3)))
    vocab = {token: index for index, token in enumerate(["<unk>", *sorted(symbols)])}
    options = {"continuing_subword_prefix": first, "end_of_word_suffix": last}
    if draw(st.booleans()):
        options["unk_token"] = "<unk>"
    return models.BPE(
        vocab,
        draw(st.permutations(merges)),
        ignore_merges=draw(st.booleans()) and not first and not last,
        **{name: value for name, value in options.items() if value},
    )


@st.composite
def wordpiece(draw: st.DrawFn) -> models.WordPiece:
    tokens = draw(st.sets(st.builds(str.__add__, st.sampled_from(["", "##"]), WORDS), max_size=12))
    vocab = {token: index for index, token in enumerate(["[UNK]", *sorted(tokens)])}
    longest = draw(st.sampled_from([2, 100]))
    return models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=longest)


@st.composite
def unigram(draw: st.DrawFn) -> models.Unigram:
    pieces = draw(st.lists(st.text("abB1.▁", min_size=1, max_size=3), max_size=12, unique=True))
    scores = st.integers(-9, -1).map(float)
    return models.Unigram([("<unk>", 0.0), *((piece, draw(scores)) for piece in pieces)], 0, False)


@st.composite
def word_level(draw: st.DrawFn) -> models.WordLevel:
    words = draw(st.sets(WORDS, max_size=10))
    vocab = {word: index for index, word in enumerate(["[UNK]", *sorted(words)])}
    return models.WordLevel(vocab, unk_token="[UNK]")


NORMALIZERS = st.sampled_from(
    [
        None,
        None,
        normalizers.Lowercase(),
        normalizers.NFKC(),
        normalizers.BertNormalizer(),
        normalizers.Replace(" ", "▁"),
        normalizers.Replace("b", ""),
        normalizers.Replace(Regex(r"\d"), "b"),
        normalizers.Sequence([normalizers.Lowercase(), normalizers.Replace("a", "B")]),
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        normalizers.Strip(),
    ]
)
PRE_TOKENIZERS = st.sampled_from(
    [
        None,
        pre_tokenizers.Whitespace(),
        pre_tokenizers.WhitespaceSplit(),
        pre_tokenizers.BertPreTokenizer(),
        pre_tokenizers.Metaspace(prepend_scheme="never"),
        pre_tokenizers.Metaspace(prepend_scheme="always"),
        pre_tokenizers.Punctuation(),
        pre_tokenizers.Split(Regex(GPT_2), "isolated"),
        pre_tokenizers.Split(Regex(GPT_4O), "removed", invert=True),
        pre_tokenizers.Split("a", "merged_with_next"),
        pre_tokenizers.Split(Regex("(?<=b)a"), "isolated"),
        pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(True)]),
    ]
)
ADDED = st.lists(
    st.builds(
        AddedToken,
        st.text("abB1. ", min_size=1, max_size=2).filter(str.strip),
        single_word=st.booleans(),
        normalized=st.booleans(),
    ),
    max_size=2,
)


@st.composite
def pipelines(draw: st.DrawFn) -> Tokenizer:
    """Draw a tokenizer: any model behind any normalizer and pre-tokenizer."""
    model = draw(
        bpe() | bpe(first="##") | bpe(last="</w>") | wordpiece() | unigram() | word_level()
    )
    backend = tokenizers.Tokenizer(model)
    marked = getattr(model, "end_of_word_suffix", None) or getattr(
        model, "continuing_subword_prefix", None
    )
    if (normalizer := draw(NORMALIZERS)) is not None:
        backend.normalizer = normalizer
    if (pre_tokenizer := draw(PRE_TOKENIZERS)) is not None:
        backend.pre_tokenizer = pre_tokenizer
    assume(not (marked and "▁" in f"{backend.normalizer}{backend.pre_tokenizer}"))
    backend.add_tokens(draw(ADDED))
    return wrap(backend, "drawn")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pipelines())
def test_every_string_over_a_small_alphabet(tokenizer: Tokenizer) -> None:
    found = find_reachability(tokenizer)
    met = ids_met(tokenizer.backend, EVERY_STRING)
    unreachable = ids_in(found, tokenizer, "unreachable")
    assert not met & unreachable, shown(tokenizer, met & unreachable)
    content = set(tokenizer.vocabulary.ids[tokenizer.vocabulary.content].tolist())
    missed = met & content - ids_in(found, tokenizer, "reachable")
    assert not missed, shown(tokenizer, missed)
    for row in found.rows("reachable").tolist():
        witness = found.witness(row)
        assert witness is not None
        ids = tokenizer.backend.encode(witness, add_special_tokens=False).ids
        assert tokenizer.vocabulary.ids[row] in ids

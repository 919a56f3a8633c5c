"""Texts that produce a token."""

from __future__ import annotations

import tokenizers
from tokenizers import models, normalizers

from tests.conftest import wrap
from tests.reachability.conftest import (
    knowing,
)
from tokstat.analyzers.subject import Subject
from tokstat.reachability.search import find_reachability
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def test_a_continuation_is_found_within_a_word(bert: Tokenizer, english: Lexicon) -> None:
    subject = Subject(bert, english)
    row = bert.vocabulary.tokens.index("##icles")
    assert subject.witness(row) == "cuticles"
    assert subject.witness(bert.vocabulary.tokens.index("vehicles")) == "vehicles"
    assert subject.witness(bert.vocabulary.tokens.index("##!")) is None


def test_a_source_is_found_behind_the_normalizer() -> None:
    backend = knowing("TEL")
    backend.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.NFKC()])
    found = find_reachability(wrap(backend, "made"))
    assert found.witness(1) == "℡"


def test_the_byte_of_a_character_with_its_own_token() -> None:
    """`<0x61>` is never called unreachable, though nothing falls back to it."""
    names = [f"<0x{byte:02X}>" for byte in range(256)]
    vocab = {token: index for index, token in enumerate(["<unk>", *names, "a"])}
    model = models.BPE(vocab, [], unk_token="<unk>", byte_fallback=True)
    backend = tokenizers.Tokenizer(model)
    backend.normalizer = normalizers.Replace(" ", "▁")
    tokenizer = wrap(backend, "made")
    found = find_reachability(tokenizer)
    partial = {tokenizer.vocabulary.tokens[row] for row in found.rows("partial").tolist()}
    never = {f"<0x{byte:02X}>" for byte in (0xC0, 0xC1, *range(0xF5, 0x100))}
    assert "<0x61>" in partial
    assert never <= partial
    assert len(partial) < 20

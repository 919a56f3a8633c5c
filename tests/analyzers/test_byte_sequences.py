"""Well-formed, partial and ill-formed bytes of tokens add up."""

from __future__ import annotations

from collections import Counter

import tokenizers
from tokenizers import models, pre_tokenizers

from tests.analyzers.conftest import column
from tests.conftest import wrap
from tokstat.analyzers.byte_sequences import byte_sequences
from tokstat.analyzers.subject import Subject
from tokstat.text.utf8 import form_of
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def test_bytes_add_up(tokenizer: Tokenizer, english: Lexicon) -> None:
    section = byte_sequences(Subject(tokenizer, english))
    vocabulary = tokenizer.vocabulary
    assert sum(column(section, "forms", "tokens")) == len(vocabulary)
    counts = Counter(form_of(vocabulary.surface(row)) for row in range(len(vocabulary)))
    forms = dict(
        zip(column(section, "forms", "form"), column(section, "forms", "tokens"), strict=True)
    )
    assert forms["well-formed"] == counts["well-formed"]
    assert forms["partial"] == counts["partial"]
    single = {
        vocabulary.surface(row) for row in range(len(vocabulary)) if vocabulary.ranks[row] >= 0
    }
    single = {surface for surface in single if len(surface) == 1}
    assert section.metric("bytes_with_token").value == len(single)
    assert sum(column(section, "bytes", "bytes")) == 256
    ratio = section.metric("round_trip_ratio").value
    assert ratio is not None
    assert (len(section.table("round_trip_losses")) > 0) == (ratio < 1)
    causes = set(column(section, "round_trip_losses", "component"))
    reported = "TS712" in {finding.code for finding in section.findings}
    assert reported == bool(causes - {"normalizer: NFC"})


def test_ill_formed_sequences_are_found(english: Lexicon) -> None:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    # E2 41, a lead byte before a letter; ED A0, a surrogate; E2 96, the beginning of a character.
    extra = ["âA", "íł", "âĸ"]
    vocab = {token: index for index, token in enumerate([*alphabet, *extra])}
    merges = [("â", "A"), ("í", "ł"), ("â", "ĸ")]
    backend = tokenizers.Tokenizer(models.BPE(vocab, merges))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    section = byte_sequences(Subject(wrap(backend, "made"), english))
    assert section.metric("ill_formed_tokens").value == 2
    (finding,) = [each for each in section.findings if each.code == "TS711"]
    assert finding.token_ids == (256, 257)
    assert section.metric("bytes_with_token").value == 256

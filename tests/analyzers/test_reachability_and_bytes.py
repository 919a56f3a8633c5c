"""What the two analyzers report, and that it adds up."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import tokenizers
from tokenizers import models, pre_tokenizers

from tests.conftest import wrap
from tokstat.analyzers.byte_sequences import byte_sequences
from tokstat.analyzers.reachability import reachability
from tokstat.analyzers.subject import Subject
from tokstat.api.tokens import select_tokens
from tokstat.errors import ReportError
from tokstat.results.report import Section
from tokstat.text.utf8 import form_of
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def column(section: Section, table: str, name: str) -> list[Any]:
    return list(section.table(table).columns[name])


def test_reachability_adds_up(tokenizer: Tokenizer, english: Lexicon) -> None:
    section = reachability(Subject(tokenizer, english))
    states = dict(
        zip(column(section, "states", "state"), column(section, "states", "tokens"), strict=True)
    )
    assert sum(states.values()) == len(tokenizer.vocabulary)
    unreachable = section.metric("unreachable_tokens").value
    assert unreachable == states["unreachable"] == len(section.table("unreachable"))
    assert unreachable == sum(column(section, "causes", "tokens"))
    assert section.metric("not_found_tokens").value == states["not found"]
    assert section.metric("unseen_partial_tokens").value == states["partial"]
    codes = {finding.code: finding for finding in section.findings}
    assert ("TS701" in codes) == (unreachable > 0)
    assert ("TS702" in codes) == (states["not found"] > 0)
    if unreachable:
        assert list(codes["TS701"].token_ids) == column(section, "unreachable", "id")
        causes = Counter(column(section, "unreachable", "cause"))
        assert set(causes) == set(column(section, "causes", "cause"))


def test_the_table_says_what_comes_instead(bert: Tokenizer, english: Lexicon) -> None:
    section = reachability(Subject(bert, english))
    rows = {row[0]: row[1:] for row in section.table("unreachable").rows()}
    number = bert.backend.token_to_id("...")
    token, cause, component, instead = rows[number]
    assert (cause, component) == ("pre-tokenizer", "pre-tokenizer: BertPreTokenizer")
    assert (token, instead) == ("·...", "·.|·.|·.")
    assert len(section.table("carried")) > 4


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


def test_no_content_tokens(english: Lexicon) -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    backend.add_special_tokens(["[UNK]"])
    subject = Subject(wrap(backend, "made"), english)
    assert reachability(subject).skipped
    assert byte_sequences(subject).skipped is None


def test_tokens_by_reachability(bert: Tokenizer) -> None:
    table = select_tokens(bert, reachability="unreachable")
    assert len(table) == 337
    assert set(table.columns["cause"]) == {"normalizer", "pre-tokenizer"}
    assert set(table.columns["witness"]) == {None}
    by_finding = select_tokens(bert, finding="TS701")
    assert by_finding.columns == table.columns
    icles = select_tokens(bert, reachability="reachable", contains="icles")
    tokens = dict(zip(icles.columns["token"], icles.columns["witness"], strict=True))
    assert tokens["##icles"] == "cuticles"
    assert "witness" not in select_tokens(bert, contains="icles").columns


def test_an_unknown_state(bert: Tokenizer) -> None:
    with pytest.raises(ReportError):
        select_tokens(bert, reachability="lost")


def test_a_finding_that_is_not_there(modernbert: Tokenizer) -> None:
    with pytest.raises(ReportError):
        select_tokens(modernbert, finding="TS702")

"""States, causes and findings of unreachable tokens add up."""

from __future__ import annotations

from collections import Counter

import tokenizers
from tokenizers import models

from tests.analyzers.conftest import column
from tests.conftest import wrap
from tokstat.analyzers.byte_sequences import byte_sequences
from tokstat.analyzers.reachability import reachability
from tokstat.analyzers.subject import Subject
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


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


def test_no_content_tokens(english: Lexicon) -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    backend.add_special_tokens(["[UNK]"])
    subject = Subject(wrap(backend, "made"), english)
    assert reachability(subject).skipped
    assert byte_sequences(subject).skipped is None


def test_what_to_do_follows_the_causes(english: Lexicon) -> None:
    """Where a pre-tokenizer is the cause, no merge is missing and no added token in the way."""
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1, "a b": 2}, "[UNK]"))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    (finding,) = reachability(Subject(wrap(backend, "words"), english)).findings
    assert finding.code == "TS701"
    assert "merges" not in finding.hint
    assert "single_word" not in finding.hint

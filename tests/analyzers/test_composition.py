"""What the composition analyzer counts and finds, on vocabularies made for it."""

from __future__ import annotations

import tokenizers
from tokenizers import AddedToken, models

from tests.conftest import wrap
from tokstat.analyzers.composition import composition
from tokstat.analyzers.subject import Subject
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def composed(vocab: dict[str, int], lexicon: Lexicon, *added: AddedToken) -> Section:
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    backend.add_tokens(list(added))
    return composition(Subject(wrap(backend, "made"), lexicon))


def codes(section: Section) -> list[str]:
    return [finding.code for finding in section.findings]


def test_kinds_partition_the_vocabulary(modernbert: Tokenizer, english: Lexicon) -> None:
    table = composition(Subject(modernbert, english)).table("kinds")
    counts = dict(zip(table.columns["kind"], table.columns["tokens"], strict=True))
    assert counts == {
        "special": 7,
        "placeholder": 83,
        "added": 26,
        "byte": 115,
        "partial": 369,
        "text": 49_768,
    }
    assert sum(counts.values()) == len(modernbert.vocabulary)


def test_lengths_and_scripts_count_every_content_token(bert: Tokenizer, english: Lexicon) -> None:
    section = composition(Subject(bert, english))
    content = section.metric("content_tokens").value
    assert sum(section.table("lengths").columns["tokens"]) == content
    assert sum(section.table("scripts").columns["tokens"]) == content
    digits = section.table("digits").columns["tokens"]
    assert sum(digits) == section.metric("numeric_tokens").value == 937


def test_missing_ids_are_found_with_their_numbers(english: Lexicon) -> None:
    section = composed({"[UNK]": 0, "one": 1, "two": 5}, english)
    (finding,) = [found for found in section.findings if found.code == "TS101"]
    assert finding.token_ids == (2, 3, 4)
    assert section.metric("missing_ids").value == 3


def test_a_shared_id_is_an_error(english: Lexicon) -> None:
    section = composed({"[UNK]": 0, "one": 1, "uno": 1}, english)
    (finding,) = [found for found in section.findings if found.code == "TS104"]
    assert (finding.severity, finding.token_ids) == ("error", (1,))


def test_tokens_of_the_same_text_are_found(english: Lexicon) -> None:
    vocab = {"[UNK]": 0, "▁one": 1, " one": 2, "two": 3}
    backend = tokenizers.Tokenizer(models.Unigram([(token, 0.0) for token in vocab], 0))
    backend.decoder = tokenizers.decoders.Metaspace()
    section = composition(Subject(wrap(backend, "made"), english))
    (finding,) = [found for found in section.findings if found.code == "TS102"]
    assert finding.token_ids == (1, 2)


def test_bytes_that_utf8_never_has_are_not_missed(
    modernbert: Tokenizer, bert: Tokenizer, english: Lexicon
) -> None:
    assert "TS103" not in codes(composition(Subject(modernbert, english)))
    assert "TS103" in codes(composition(Subject(bert, english)))


def test_a_clean_vocabulary_has_no_findings(modernbert: Tokenizer, english: Lexicon) -> None:
    assert codes(composition(Subject(modernbert, english))) == []

"""How numbers are split, against encoding every one of them."""

from __future__ import annotations

import itertools

import pytest
import tokenizers
from tokenizers import Regex, decoders, models, pre_tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.analyzers.digits import digits
from tokstat.analyzers.subject import Subject
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon

ALL = {
    n: ["".join(each) for each in itertools.product("0123456789", repeat=n)] for n in range(1, 5)
}


def counts(section: Section) -> dict[str, tuple[int, ...]]:
    columns = section.table("numbers").columns
    return {name: columns[name] for name in ("bare", "spaced")}


def policy(section: Section) -> tuple[str, str, str]:
    (row,) = section.table("policy").rows()
    return row


def one_token(tokenizer: Tokenizer, numbers: list[str], before: str) -> int:
    """Encode numbers behind a text, and count those that one known token covers, and no other."""
    encodings = tokenizer.backend.encode_batch([before + number for number in numbers])
    found = 0
    for encoding in encodings:
        pieces = [
            token
            for token, (_, end), special in zip(
                encoding.ids, encoding.offsets, encoding.special_tokens_mask, strict=True
            )
            if end > max(len(before) - 1, 0) and not special
        ]
        found += len(pieces) == 1 and pieces[0] != tokenizer.unknown_id
    return found


def check(tokenizer: Tokenizer, english: Lexicon) -> None:
    section = digits(Subject(tokenizer, english))
    for convention, before in (("bare", ""), ("spaced", "the ")):
        found = tuple(one_token(tokenizer, numbers, before) for numbers in ALL.values())
        assert counts(section)[convention] == found
        metric = section.metric(f"one_token_numbers_{convention}")
        assert (metric.numerator, metric.denominator) == (sum(found), 11_110)


@pytest.mark.parametrize("name", SMALL)
def test_counts_agree_with_encoding_every_number(name: str, english: Lexicon) -> None:
    check(wrap(SMALL[name](), name), english)


def test_counts_of_the_packaged_pair(
    modernbert: Tokenizer, bert: Tokenizer, english: Lexicon
) -> None:
    check(modernbert, english)
    check(bert, english)


def test_counts_of_real_tokenizers(real_tokenizer: Tokenizer, english: Lexicon) -> None:
    check(real_tokenizer, english)


def grouping(pattern: str, longest: int) -> Tokenizer:
    """Build a byte-level tokenizer of all numbers up to a length, which a pattern splits."""
    numbers = [number for length in range(2, longest + 1) for number in ALL[length]]
    tokens = [*pre_tokenizers.ByteLevel.alphabet(), *numbers]
    vocab = {token: index for index, token in enumerate(tokens)}
    backend = tokenizers.Tokenizer(models.BPE(vocab, [], ignore_merges=True))
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    return wrap(backend, "grouping")


@pytest.mark.parametrize(
    ("pattern", "longest", "expected", "codes"),
    [
        (r"\d", 1, ("single digits", "", "1|2|3|4|5|6|7"), []),
        (r"\d{1,3}", 3, ("groups of up to 3", "left to right", "123|456|7"), ["TS902"]),
        (
            r"\d{1,3}(?=(?:\d{3})*(?!\d))",
            3,
            ("groups of up to 3", "right to left", "1|234|567"),
            [],
        ),
        (r"\d{1,2}", 2, ("groups of up to 2", "left to right", "12|34|56|7"), ["TS902"]),
    ],
)
def test_policies(
    pattern: str,
    longest: int,
    expected: tuple[str, str, str],
    codes: list[str],
    english: Lexicon,
) -> None:
    section = digits(Subject(grouping(pattern, longest), english))
    name, direction, examples = policy(section)
    assert (name, direction, examples.split()[-1]) == expected
    assert [finding.code for finding in section.findings] == codes
    assert section.metric("longest_digit_group").value == longest
    assert counts(section)["bare"] == tuple(10**n if n <= longest else 0 for n in range(1, 5))
    assert counts(section)["spaced"] == (0, 0, 0, 0)


def test_numbers_learned_as_words_are(modernbert: Tokenizer, english: Lexicon) -> None:
    section = digits(Subject(modernbert, english))
    assert policy(section)[:2] == ("no fixed groups", "")
    assert [finding.code for finding in section.findings] == ["TS905"]


def test_unknown_numbers_are_a_warning(english: Lexicon) -> None:
    section = digits(Subject(wrap(SMALL["word-level"](), "word-level"), english))
    assert [(found.code, found.severity) for found in section.findings] == [("TS901", "warning")]
    assert section.metric("longest_digit_group").value is None
    assert "[unknown]" in policy(section)[2]


@pytest.mark.parametrize("known", ["", "1"], ids=["no digit", "one digit"])
def test_digits_that_bpe_passes_over_cannot_be_spelled(known: str, english: Lexicon) -> None:
    vocab = {token: index for index, token in enumerate(["t", "h", "e", *known])}
    section = digits(Subject(wrap(tokenizers.Tokenizer(models.BPE(vocab, [])), "few"), english))
    assert policy(section)[0] == "unknown"
    assert [each.code for each in section.findings] == ["TS901"]
    assert section.metric("longest_digit_group").value is None

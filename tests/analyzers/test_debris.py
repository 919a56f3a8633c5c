"""Marks of addresses, markup and code, one token after the other."""

from __future__ import annotations

import re

import pytest

from tests.analyzers.test_redundancy import made
from tokstat.analyzers.debris import PATTERNS, debris
from tokstat.analyzers.subject import Subject
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def counts(section: Section) -> dict[str, int]:
    columns = section.table("classes").columns
    return dict(zip(columns["of"], columns["tokens"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://", "address"),
        ("www.", "address"),
        (".html", "address"),
        ("</div>", "markup"),
        ("&nbsp;", "markup"),
        ("\\begin", "markup"),
        ("getElementById", "identifier"),
        ("_id", "identifier"),
        ("my_name", "identifier"),
        ("();", "operator"),
        ("=>", "operator"),
        ("!=", "operator"),
    ],
)
def test_marks(text: str, expected: str, english: Lexicon) -> None:
    found = counts(debris(Subject(made("word", text), english)))
    assert {name for name, tokens in found.items() if tokens} == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "YouTube",
        "McKxq",
        "word",
        "don't",
        "e-mail",
        "...",
        "====",
        "//////",
        ").",
        "3.5",
        "a/b",
        "&",
    ],
)
def test_what_has_no_mark(text: str, english: Lexicon) -> None:
    section = debris(Subject(made("word", text), english))
    assert section.metric("debris_ratio").numerator == 0
    assert section.findings == ()


def test_counts_agree_with_matching_every_token(tokenizer: Tokenizer, english: Lexicon) -> None:
    section = debris(Subject(tokenizer, english))
    if section.skipped:
        pytest.skip(section.skipped)
    zipf = english.word_lists[0].zipf
    found = dict.fromkeys(PATTERNS, 0)
    for token in tokenizer.vocabulary:
        text = token.text or ""
        letters = all(character.isalpha() for character in text)
        if (
            token.kind != "text"
            or (len(text) >= 3 and len(set(text)) == 1)
            or (letters and (text == text.lower() or zipf.get(text.lower(), 0) >= 2))
        ):
            continue
        for name, pattern in PATTERNS.items():
            if re.search(pattern, text):
                found[name] += 1
                break
    assert counts(section) == found
    assert section.metric("debris_ratio").numerator == sum(found.values())


def test_many_are_found_with_their_ids(english: Lexicon) -> None:
    tokenizer = made(*(f"word{'abcdefghijklmnopqr'[n]}" for n in range(18)), "();", "getItX")
    (finding,) = debris(Subject(tokenizer, english)).findings
    assert finding.code == "TS904"
    assert [tokenizer.vocabulary[token].text for token in finding.token_ids] == ["();", "getItX"]

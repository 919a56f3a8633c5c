"""What a split pattern may match across, against the regex module; and what it refuses to read."""

from __future__ import annotations

import pytest
import regex

from tokstat.tokenizer.split_patterns import Kind, UnknownPatternError, parse_pattern, spans_white

SAMPLES: dict[Kind, str] = {
    "space": " ",
    "newline": "\n",
    "tab": "\t",
    "return": "\r",
    "letter": "abα漢",
    "number": "7²",
    "punctuation": ".!",
    "other": "'_+\u0301",
}

PATTERNS = {
    "gpt2": (r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
    "cl100k": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "words": r"\w+|[^\w\s]+",
    "digits": r"\d{2}|\D+",
    "solid": r"\S+|\s",
    "letters of some kind": r"[\p{Lu}\p{Lt}]+|\P{L}|\p{Ll}*",
    "punctuation": r"\p{Po}+|\p{Pd}|\p{Nd}{,2}|\p{Mn}",
    "ranges": r"[a-zA-Z0-9]+|[!-/]|[\t-\r]+",
    "possessive": r"\p{L}++|\p{N}{1,3}+|\s*",
    "a set in a set": r"[a[bc]]+|[^x\]]",
    "controls": r"\n+|\r\n|\t| {2}",
    "any property": r"\p{Greek}+|a",
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_a_match_over_a_place_is_foreseen(pattern: str) -> None:
    """Whatever a real match spans, between two characters of any kinds, the automaton spans."""
    parsed = parse_pattern(pattern)
    engine = regex.compile(pattern.replace("\\p{Greek}", r"\p{Script=Greek}"), regex.V1)
    spanned = 0
    for before, firsts in SAMPLES.items():
        for after, seconds in SAMPLES.items():
            texts = [f"{x}{one}{two}{y}" for one in firsts for two in seconds for x, y in EDGES]
            met = any(
                match.start() <= 1 and match.end() >= 3
                for text in texts
                for match in engine.finditer(text, overlapped=True)
            )
            assert parsed.spans([before], after) or not met, (before, after)
            spanned += met
    assert spanned


EDGES = [("a", "b"), (" ", " "), ("1", "2"), (".", ".")]


def test_what_is_taken_whole() -> None:
    gpt2 = parse_pattern(PATTERNS["gpt2"])
    assert gpt2.looks_ahead
    assert gpt2.takes_all_white
    assert gpt2.takes_all("letter")
    assert not gpt2.runs_of_lines_come_first()
    assert parse_pattern(PATTERNS["cl100k"]).runs_of_lines_come_first()
    words = parse_pattern(PATTERNS["words"])
    assert not words.looks_ahead
    assert not words.takes_all_white
    assert not spans_white(words, "space")
    assert spans_white(gpt2, "space") is False
    assert not parse_pattern(r"\p{Pc}|\p{Greek}").takes_all("letter", "number", "punctuation")


@pytest.mark.parametrize(
    "pattern",
    [
        *("a)", "(a", "(?=a)", "(?<!a)b", "(?>a)", "a(?!b)", r"\s+(?!\S)", r"a|\s+(?!\S)|b"),
        *("^a", "a$", "*a", "a{x}", "a{1", "a{1,y}", "[a", "[a&&b]", "[[:alpha:]]", "a\\"),
        *(r"\bword", r"\1", r"\p", r"\p{L", r"\pL", "[a-", r"[\q]", "+", "{2}"),
    ],
)
def test_what_cannot_be_reasoned_about_is_refused(pattern: str) -> None:
    with pytest.raises(UnknownPatternError):
        parse_pattern(pattern)

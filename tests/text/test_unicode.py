"""Tests of what characters are, against the `regex` package's own tables."""

import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tokstat.text.unicode import NO_SCRIPT, script_of, text_properties

SAMPLES = ["ひらがなと漢字", "naïve", "e\u0301", "Ａａ", "ʼn", "ªº", "12", "\ud800", "a\ud800"]

texts = st.lists(
    st.text()
    | st.text(st.characters(categories=["L", "M"]), max_size=5)
    | st.text(st.characters(categories=["Nd"]), max_size=5)
    | st.text(" \t\n\u00a0\u3000", max_size=5)
    | st.sampled_from(SAMPLES)
)


def is_assigned(character: str) -> bool:
    """Leave out what one Unicode version knows and another may not."""
    return unicodedata.category(character) not in ("Cn", "Co")


def script_by_regex(text: str) -> str:
    """Join the names of the scripts that single characters of a text are in."""
    names = {script_of(character) for character in text} - {NO_SCRIPT}
    for character in text:
        name = script_of(character)
        if name == NO_SCRIPT:
            assert regex.fullmatch(r"[\p{sc=Common}\p{sc=Inherited}\p{sc=Unknown}]", character)
        else:
            assert regex.fullmatch(rf"\p{{sc={name}}}", character)
    return "+".join(sorted(names)) or NO_SCRIPT


@given(texts)
def test_properties_are_those_of_regex(texts: list[str]) -> None:
    texts = ["".join(filter(is_assigned, text)) for text in texts]
    found = text_properties(texts)
    assert found.lengths.tolist() == list(map(len, texts))
    for row, text in enumerate(texts):
        assert found.alphabetic[row] == bool(regex.fullmatch(r"[\p{L}\p{M}]+", text))
        assert found.numeric[row] == bool(regex.fullmatch(r"\p{Nd}+", text))
        assert found.blank[row] == text.isspace()
        assert found.firsts[row] == (ord(text[0]) if text else 0)
        assert found.lasts[row] == (ord(text[-1]) if text else 0)
        assert found.uniform[row] == (len(set(text)) == 1)
        assert found.script_names[found.script_codes[row]] == script_by_regex(text)


def test_every_character_has_the_properties_that_regex_knows() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    characters = list(filter(is_assigned, characters))
    everything = "".join(characters)
    found = text_properties(characters)
    alphabetic = set(regex.findall(r"[\p{L}\p{M}]", everything))
    assert {c for c, yes in zip(characters, found.alphabetic, strict=True) if yes} == alphabetic
    numeric = set(regex.findall(r"\p{Nd}", everything))
    assert {c for c, yes in zip(characters, found.numeric, strict=True) if yes} == numeric
    blank = set(regex.findall(r"[\p{White_Space}\x1c-\x1f]", everything))
    assert {c for c, yes in zip(characters, found.blank, strict=True) if yes} == blank
    by_script: dict[str, set[str]] = {name: set() for name in found.script_names}
    for character, code in zip(characters, found.script_codes.tolist(), strict=True):
        by_script[found.script_names[code]].add(character)
    for name, members in by_script.items():
        pattern = r"[\p{sc=Common}\p{sc=Inherited}]" if name == NO_SCRIPT else rf"\p{{sc={name}}}"
        assert members == set(regex.findall(pattern, everything)), name


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", "Common"),
        ("12!", "Common"),
        ("\u0301", "Common"),
        ("a1", "Latin"),
        ("e\u0301", "Latin"),
        ("µ", "Common"),
        ("μ", "Greek"),
        ("ª", "Latin"),
        ("привет", "Cyrillic"),
        ("漢字", "Han"),
        ("々", "Han"),
        ("ー", "Common"),
        ("カー", "Katakana"),
        ("ひらがなと漢字", "Han+Hiragana"),
        ("漢字とa", "Han+Hiragana+Latin"),
        ("ꯃ", "Meetei_Mayek"),
    ],
)
def test_script_of_a_text(text: str, script: str) -> None:
    found = text_properties([text])
    assert found.script_names[found.script_codes[0]].replace(" ", "_") == script


def test_no_texts_have_no_properties() -> None:
    found = text_properties([])
    assert len(found.lengths) == len(found.alphabetic) == len(found.script_codes) == 0

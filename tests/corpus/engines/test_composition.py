"""Characters that composition may touch are found, whatever the version of Unicode."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import numpy as np
import pytest
from tokenizers import normalizers

from tokstat.corpus.engines.composition import (
    CharacterSearch,
    may_be_unknown,
    may_compose,
    may_compose_by_version,
)

EVERY_SEVENTH = [chr(code) for code in range(0x300, 0x110000, 7) if not 0xD800 <= code < 0xE000]


def test_other_characters_compose_alike_in_all_versions() -> None:
    assigned = [chr(code) for code in range(0xA0, 0x30000) if not 0xD800 <= code < 0xE000]
    plain = [character for character in assigned if not may_compose_by_version(character)]
    assert len(plain) > 100_000
    moved = [
        each for each in plain if unicodedata.combining(each) or unicodedata.decomposition(each)
    ]
    draw = random.Random(0)
    mixed = "".join(draw.choices(moved, k=100_000) + draw.choices(plain, k=100_000))
    for text in ("x".join(plain), "".join(plain[::-1]), mixed):
        assert normalizers.NFC().normalize_str(text) == unicodedata.normalize("NFC", text)


def test_texts_of_other_characters_are_composed() -> None:
    plain = [each for each in EVERY_SEVENTH if not may_compose(each)]
    assert len(plain) > 30_000
    random.Random(1).shuffle(plain)
    assert unicodedata.is_normalized("NFC", "".join(plain))
    assert normalizers.NFC().normalize_str("".join(plain)) == "".join(plain)


@pytest.mark.parametrize(
    "test",
    [may_compose, may_compose_by_version, may_be_unknown],
    ids=["any", "by version", "unknown"],
)
def test_the_first_two_bytes_find_all(test: object) -> None:
    text = "".join(f"a{each}" for each in EVERY_SEVENTH)
    expected = [place for place, each in enumerate(text) if each >= "\u0300" and test(each)]  # type: ignore[operator]
    data = np.frombuffer(text.encode(), np.uint8)
    search = CharacterSearch(test)  # type: ignore[arg-type]
    for _ in range(2):  # by the characters, and by what is known of them
        characters = np.cumsum(data & 0xC0 != 0x80) - 1
        assert characters[search.find(data)].tolist() == expected


@pytest.mark.parametrize(
    "test",
    [may_compose, may_compose_by_version, may_be_unknown],
    ids=["any", "by version", "unknown"],
)
def test_a_text_is_what_one_of_its_characters_is(test: Callable[[str], bool]) -> None:
    for start in range(0, len(EVERY_SEVENTH), 50):
        text = "".join(EVERY_SEVENTH[start : start + 50])
        assert test(text) == any(map(test, text))
    assert not test("")

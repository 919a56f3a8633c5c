"""The printable form of a text is safe and legible on one line."""

from __future__ import annotations

import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tokstat.text.visible import VISIBLE_SPACE, visible

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
"""Categories that show nothing, or what no font can know."""


def assert_is_visible(shown: str) -> None:
    assert shown.isprintable()
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in shown} & UNSEEN
    assert not regex.search(r"[\p{White_Space}\p{Bidi_Control}]", shown)


@given(
    st.text() | st.text(st.characters()) | st.text("\u202e\u2066\u200b\ufeff\x1b\r\n\t ax\u0301")
)
def test_visible_text_is_safe(text: str) -> None:
    shown = visible(text)
    assert_is_visible(shown)
    assert len(shown) >= len(text)
    assert not unicodedata.category(shown[:1] or " ").startswith("M")


def test_every_character_is_visible() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert_is_visible(visible(everything))
    # Some that Unicode calls printable show nothing; alone, they must.
    ignorable = regex.compile(r"[\p{Default_Ignorable_Code_Point}\u2800]")
    for character in ignorable.findall(everything):
        assert ignorable.sub("", visible(character))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("tiger", "tiger"),
        (" tiger", "·tiger"),
        ("\t\n", "\\t\\n"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202egnirts", "\\u202egnirts"),
        ("a\u200bb", "a\\u200bb"),
        ("\ufeff", "\\ufeff"),
        ("\u00a0", "\\xa0"),
        ("\ud800", "\\ud800"),
        ("\u0301", "◌\u0301"),
        ("e\u0301", "e\u0301"),
        ("\u3164", "\\u3164"),
        ("\u2800", "\\u2800"),
        ("\U000e0041", "\\U000e0041"),
        ("naïve 漢字 🙂", f"naïve{VISIBLE_SPACE}漢字{VISIBLE_SPACE}🙂"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown

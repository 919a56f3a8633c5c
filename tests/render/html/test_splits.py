"""Splits as HTML: escaped, coloured by classes of the style sheet."""

from __future__ import annotations

from tests.conftest import load_known
from tokstat.render.html.splits import render_splits_fragment, render_splits_html
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import split_text


def splits(text: str) -> TextSplits:
    names = ("modernbert", "bert")
    return TextSplits((AlignedText(text, tuple(split_text(load_known(n), text) for n in names)),))


def test_a_token_is_a_span_with_its_id() -> None:
    fragment = render_splits_fragment(splits("tiger"))
    assert fragment.count('class="split split-0"') == 2
    assert "id 8047, text, characters 1 to 5" in fragment
    assert fragment.isascii()


def test_texts_are_escaped() -> None:
    page = render_splits_html(splits("<img src=x onerror=alert(1)>\u202e"))
    assert "<img" not in page
    assert "\u202e" not in page
    assert page == render_splits_html(splits("<img src=x onerror=alert(1)>\u202e"))


def test_tokens_run_in_the_direction_of_the_text() -> None:
    assert 'dir="rtl"' in render_splits_fragment(splits("… الكلب 42 dog"))
    assert 'dir="rtl"' not in render_splits_fragment(splits("42 dog, الكلب"))
